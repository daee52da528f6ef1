import { afterAll, beforeAll, expect, test } from 'vitest';
import { TRANSFER_REASONS } from '@millrace/contract';
import type { Caller } from '../../src/intake/intake.ts';
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

async function lines(filter: object): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await here.core.reporting.accounts.statement(anna, here.core.accountIds(cashKey(anna.userId, 'USD')), {
      limit: 5,
      ...filter,
      cursor,
    });
    if (!page?.ok) throw new Error(page?.problem.detail);
    found.push(...page.value.data.map(({ direction, reason, amount }) => `${direction} ${reason} ${amount}`));
    cursor = page.value.next_cursor;
  }
  return found;
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
