import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatId, uuidv7 } from '../../src/core/ids.ts';
import type { Command } from '../../src/desks/desk.ts';
import { createIntake } from '../../src/intake/create-intake.ts';
import type { Intake } from '../../src/intake/intake.ts';
import type { Outcome } from '../../src/pipeline/batch.ts';
import type { Preview } from '../../src/pipeline/preview.ts';
import { openLoan } from '../support/ledger.ts';
import { startTestCore, type TestCore } from '../support/core.ts';

let core: TestCore;
let intake: Intake;
/** What the pipeline has answered. */
const answered: (Outcome | Preview)[] = [];
const keep = <Value extends Outcome | Preview>(value: Value): Value => {
  answered.push(value);
  return value;
};

beforeAll(async () => {
  core = await startTestCore();
  const { pipeline, clock, installation } = core.core;
  intake = createIntake({
    pipeline: {
      submit(command: Command) {
        const taken = pipeline.submit(command);
        return typeof taken === 'string' ? taken : taken.then(keep);
      },
      refusals: pipeline.refusals,
      preview: async (command) => keep(await pipeline.preview(command)),
    },
    pool: core.pool,
    clock,
    shardCount: 1,
    deriveId: installation.deriveId,
  });
});
afterAll(() => core.stop());

test('whatever the pipeline answers is plain data: what a copy in another thread says is the same', async () => {
  const user = await core.user();
  const operator = await core.user({ role: 'operator' });
  const loan = await openLoan(core, operator, '100.00');
  const order = (kind: string, params: Record<string, unknown>, id = formatId('order', uuidv7())) =>
    intake.submit(user, { kind, params, id });
  const id = formatId('order', uuidv7());
  await order('deposit', { asset: 'USD', amount: '500.00' }, id);
  // The same again, the same id for something else, something that is refused, and something that is rejected.
  await order('deposit', { asset: 'USD', amount: '500.00' }, id);
  await order('deposit', { asset: 'USD', amount: '1.00' }, id);
  await order('deposit', { asset: 'USD', amount: '0.001' });
  await order('transfer', { to_user: formatId('user', uuidv7()), asset: 'USD', amount: '1.00' });
  await order('withdraw', { asset: 'USD', amount: '20.00' });
  await order('pay', { merchant: 'shop', item: 'Tea', quantity: 1, price: '1.00' });
  await order('fund_loan', { loan_id: loan, amount: '50.00' });
  await intake.preview(user, { kind: 'fund_loan', params: { loan_id: loan, amount: '50.00' } });
  await intake.preview(user, { kind: 'withdraw', params: { asset: 'USD', amount: '0.001' } });
  await order('fund_loan', { loan_id: loan, amount: '50.00' });
  await intake.submitInternal('send_withdrawal', 'nothing', { order_id: formatId('order', uuidv7()) });
  expect(new Set(answered.map((one) => ('type' in one ? one.type : 'preview')))).toEqual(
    new Set(['order', 'problem', 'preview']),
  );
  for (const one of answered) {
    // A function would throw here, and an instance of a class would come back as another object.
    const copy = structuredClone(one);
    expect(copy).toStrictEqual(one);
    if ('postings' in one) expect(Object.getPrototypeOf(one)).toBe(Object.prototype);
  }
});
