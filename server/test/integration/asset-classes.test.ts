import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { orderOf, startTestCore, type TestCore } from '../support/core.ts';
import { expectSound, openLoan } from '../support/ledger.ts';

let core: TestCore;
let user: Caller;
beforeAll(async () => {
  core = await startTestCore();
  user = await core.user();
});
afterAll(() => core.stop());

/** As a desk in its transaction, or an operator, adds one while servers run. */
const addAsset = (code: string, scale: number, assetClass: string) =>
  core.pool.query('insert into assets (code, scale, name, class) values ($1, $2, $1, $3)', [code, scale, assetClass]);

const verdict = async (kind: string, params: Record<string, unknown>): Promise<string> => {
  const { status, reason } = orderOf(await core.core.intake.submit(user, { kind, params }));
  return reason ?? status;
};

test('a currency that is added while the server runs is there from then on', async () => {
  expect(await verdict('deposit', { asset: 'CHF', amount: '5.00' })).toBe('unknown_asset');
  await addAsset('CHF', 2, 'currency');
  const preview = await core.core.intake.preview(user, { kind: 'deposit', params: { asset: 'CHF', amount: '5.00' } });
  expect(preview).toMatchObject({ ok: true, value: { status: 'completed' } });
  expect(await verdict('deposit', { asset: 'CHF', amount: '5.00' })).toBe('completed');
  expect(await verdict('withdraw', { asset: 'CHF', amount: '5.00' })).toBe('pending');
});

test('only currencies come in from outside and go there', async () => {
  await addAsset('AAPL', 0, 'instrument');
  expect(await verdict('deposit', { asset: 'AAPL', amount: '1' })).toBe('not_a_currency');
  expect(await verdict('withdraw', { asset: 'AAPL', amount: '1' })).toBe('not_a_currency');
  const bonus = { user_id: `usr_${user.userId}`, asset: 'AAPL', amount: '1' };
  expect(orderOf(await core.core.intake.submitInternal('grant_bonus', 'in shares', bonus))).toMatchObject({
    status: 'rejected',
    reason: 'not_a_currency',
  });
});

test('the notes of a loan are an asset of their own class, which no order moves: who has some is told why', async () => {
  const loan = await openLoan(core, await core.user({ money: '0' }), '25.00');
  expect(await verdict('fund_loan', { loan_id: loan, amount: '25.00' })).toBe('completed');
  const { rows } = await core.pool.query<{ code: string; class: string }>(
    "select code, class from assets where class = 'note'",
  );
  expect(rows).toMatchObject([{ class: 'note' }]);
  const note = rows[0]!.code;
  const other = await core.user({ money: '0' });
  const to_user = `usr_${other.userId}`;
  expect(await verdict('deposit', { asset: note, amount: '1.00' })).toBe('not_a_currency');
  expect(await verdict('withdraw', { asset: note, amount: '1.00' })).toBe('not_a_currency');
  expect(await verdict('transfer', { asset: note, amount: '1.00', to_user })).toBe('not_a_currency');
  const payment = { merchant: to_user, item: 'Tea', quantity: 1, price: '1.00', asset: note };
  expect(await verdict('pay', payment)).toBe('not_a_currency');
  const preview = await core.core.intake.preview(user, { kind: 'deposit', params: { asset: note, amount: '1.00' } });
  expect(preview).toMatchObject({ ok: true, value: { status: 'rejected', reason: 'not_a_currency' } });
  await expectSound(core.pool);
});
