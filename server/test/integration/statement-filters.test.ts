import { afterAll, beforeAll, expect, test } from 'vitest';
import { TRANSFER_REASONS, type WireTransfer } from '@millrace/contract';
import type { Caller } from '../../src/core/caller.ts';

import { cashOf as cashKey } from '../../src/ledger/index.ts';
import { openLoan } from '../support/ledger.ts';
import { type LendingWorld, startLendingWorld } from '../support/lending-world.ts';

let here: LendingWorld;
let anna: Caller;
beforeAll(async () => {
  here = await startLendingWorld();
  const borrower = await here.user();
  anna = await here.user({ money: '500.00' });
  const [loan, open] = [await openLoan(here, borrower, '120.00'), await openLoan(here, borrower, '100.00')];
  await here.fund(anna, loan, '120.00');
  await here.fund(anna, open, '30.00');
  await here.deposit(anna, '7.00');
  const { schedule } = await here.detail(anna, loan);
  for (const { due_date } of schedule) {
    here.setDate(due_date);
    await here.runScheduler(loan);
  }
  await here.runScheduler(open);
});
afterAll(() => here.stop());

/** Every line of the filter, newest first. */
async function read(filter: object): Promise<WireTransfer[]> {
  const found: WireTransfer[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await here.core.reporting.accounts.statement(anna, here.core.accountIds(cashKey(anna.userId, 'USD')), {
      limit: 4,
      ...filter,
      cursor,
    });
    if (!page?.ok) throw new Error(page?.problem.detail);
    found.push(...page.value.data);
    cursor = page.value.next_cursor;
  }
  return found;
}

async function lines(filter: object): Promise<string[]> {
  return (await read({ limit: 5, ...filter })).map(
    ({ direction, reason, amount }) => `${direction} ${reason} ${amount}`,
  );
}

test('a statement can be asked for one reason, or one direction, or both', async () => {
  const all = await lines({});
  // Of the last instalment's interest, ten cents, the fee of eleven leaves nothing.
  expect(all).toHaveLength(2 + 2 + 12 + 11 + 1);
  expect(await lines({ reason: 'loan_funding' })).toEqual(['debit loan_funding 30.00', 'debit loan_funding 120.00']);
  expect(await lines({ direction: 'debit' })).toEqual(await lines({ reason: 'loan_funding' }));
  expect(await lines({ direction: 'credit' })).toEqual(all.filter((line) => line.startsWith('credit')));
  expect(await lines({ reason: 'repayment_interest' })).toHaveLength(11);
  expect(await lines({ reason: 'investment_refund', direction: 'credit' })).toEqual(['credit investment_refund 30.00']);
  expect(await lines({ reason: 'deposit', direction: 'debit' })).toEqual([]);
});

test('a cursor without the balance that it keeps is none: nothing is summed from a place that was made up', async () => {
  const id = here.core.accountIds(cashKey(anna.userId, 'USD'));
  const first = await here.core.reporting.accounts.statement(anna, id, { limit: 5 });
  if (!first?.ok) throw new Error('no statement');
  const key = Buffer.from(first.value.next_cursor ?? '', 'base64url').toString();
  expect(key).toMatch(/,\d+$/);
  const cursor = Buffer.from(key.replace(/,\d+$/, '')).toString('base64url');
  const made = await here.core.reporting.accounts.statement(anna, id, { limit: 5, cursor });
  expect(made).toMatchObject({ ok: false, problem: { code: 'invalid_cursor' } });
});

test('each line has the balance after it, whatever a filter leaves out and however the pages fall', async () => {
  const all = await read({});
  // 500 + 7 brought in, 120 + 30 lent, 30 of it refunded: the rest came back in instalments.
  const expected = new Map<string, string>();
  let cents = 0;
  for (const { id, direction, amount } of all.toReversed()) {
    cents += Math.round(Number(amount) * 100) * (direction === 'debit' ? -1 : 1);
    expected.set(id, (cents / 100).toFixed(2));
  }
  expect(all.at(-1)).toMatchObject({ amount: '500.00', balance: '500.00' });
  expect(all.at(-2)).toMatchObject({ reason: 'loan_funding', amount: '120.00', balance: '380.00' });
  const account = await here.core.reporting.accounts.list(anna, { limit: 10 });
  if (!account.ok) throw new Error('no accounts');
  expect(account.value.data.find(({ purpose }) => purpose === 'cash')?.balance).toBe(all[0]?.balance);
  const middle = all[10]!.at;
  for (const filter of [
    {},
    { reason: 'repayment_interest' },
    { direction: 'debit' },
    { to: middle },
    { from: middle, reason: 'repayment_principal' },
    { reason: 'loan_funding', to: middle },
  ]) {
    const lines = await read(filter);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.map(({ id, balance }) => ({ filter, id, balance }))).toEqual(
      lines.map(({ id }) => ({ filter, id, balance: expected.get(id) })),
    );
  }
});

test('a period opens with the balance before it and closes with the one after it', async () => {
  const account = here.core.accountIds(cashKey(anna.userId, 'USD'));
  const all = await read({});
  const balances = async (period: { from?: string; to?: string }) => {
    const answer = await here.core.reporting.accounts.balances(anna, account, period);
    return answer?.ok && answer.value;
  };
  expect(await balances({})).toEqual({ asset: 'USD', opening: '0.00', closing: all[0]?.balance });
  expect(await balances({ to: '2020-01-01T00:00:00Z' })).toMatchObject({ opening: '0.00', closing: '0.00' });
  expect(await balances({ from: '2090-01-01T00:00:00Z' })).toMatchObject({
    opening: all[0]?.balance,
    closing: all[0]?.balance,
  });
  for (const [newest, oldest] of [
    [3, 9],
    [0, 20],
  ] as const) {
    const period = { from: all[oldest]!.at, to: new Date(Date.parse(all[newest]!.at) + 1).toISOString() };
    const lines = await read(period);
    const before = all[all.findIndex(({ id }) => id === lines.at(-1)?.id) + 1];
    expect(await balances(period)).toMatchObject({ opening: before?.balance, closing: lines[0]?.balance });
  }
  const stranger = await here.user();
  expect(await here.core.reporting.accounts.balances(stranger, account, {})).toBeUndefined();
});

test('a line that is about a loan names it, whichever way the money went', async () => {
  const answer = await here.core.reporting.accounts.statement(anna, here.core.accountIds(cashKey(anna.userId, 'USD')), {
    limit: 200,
  });
  if (!answer?.ok) throw new Error('no statement');
  const named = answer.value.data.map(({ reason, loan }) => `${reason} ${loan ? typeof loan.purpose : 'none'}`);
  expect([...new Set(named)].sort()).toEqual([
    'deposit none',
    'investment_refund string',
    'loan_funding string',
    'repayment_interest string',
    'repayment_principal string',
  ]);
  const { id, purpose } = answer.value.data.find(({ reason }) => reason === 'repayment_principal')?.loan ?? {};
  expect(await here.detail(anna, id ?? '')).toMatchObject({ purpose });
});

test('every reason of the ledger is in the registry', async () => {
  const { rows } = await here.pool.query<{ reason: string }>('select distinct reason from transfers');
  expect(Object.keys(TRANSFER_REASONS)).toEqual(expect.arrayContaining(rows.map(({ reason }) => reason)));
});
