import type { LoanFundingView } from '@millrace/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCOPES, type Scope } from '@millrace/contract';
import type { Caller } from '../../src/core/caller.ts';
import { openLoan } from '../support/ledger.ts';
import { DAY_MS, type LendingWorld, startLendingWorld } from '../support/lending-world.ts';

let here: LendingWorld;
beforeAll(async () => {
  here = await startLendingWorld();
});
afterAll(() => here.stop());

async function pageOf(caller: Caller, loan: string, options: { limit?: number; cursor?: string } = {}) {
  const page = await here.core.ask('listLoanFundings', caller, {
    params: { id: loan },
    query: { limit: 50, ...options },
  });
  if (!page.ok) throw new Error(page.problem.detail);
  return page.value;
}

/** Whole pages of two. */
async function allOf(caller: Caller, loan: string): Promise<LoanFundingView[]> {
  const all: LoanFundingView[] = [];
  let next: string | null | undefined;
  while (next !== null) {
    const page = await pageOf(caller, loan, { limit: 2, ...(next !== undefined && { cursor: next }) });
    if (page.has_more) expect(page.data).toHaveLength(2);
    all.push(...page.data);
    next = page.next_cursor;
  }
  return all;
}

const short = ({ amount, investor }: LoanFundingView): string => `${investor} ${amount}`;

test('each investment is listed newest first, others under a number that stays theirs', async () => {
  const [borrower, anna, ben] = [await here.user(), await here.user(), await here.user()];
  const loan = await openLoan(here, borrower, '100.00');
  for (const [user, amount] of [
    [ben, '10.00'],
    [anna, '20.00'],
    [ben, '30.00'],
    [anna, '40.00'],
  ] as const) {
    here.clock.advance(1_000);
    await here.fund(user, loan, amount);
  }
  const asAnna = await pageOf(anna, loan);
  expect(asAnna.data.map(short)).toEqual(['you 40.00', 'Investor 1 30.00', 'you 20.00', 'Investor 1 10.00']);
  expect(asAnna.data.map(({ own, alias }) => [own, alias])).toEqual([
    [true, 'Investor 2'],
    [false, 'Investor 1'],
    [true, 'Investor 2'],
    [false, 'Investor 1'],
  ]);
  expect((await here.detail(anna, loan)).own_share?.alias).toBe('Investor 2');
  // The last investment completed the loan; its payout is no investment, nor does it shorten a page.
  expect((await here.detail(anna, loan)).status).toBe('repaying');
  expect((await pageOf(borrower, loan)).data.map(({ alias }) => alias)).toEqual(asAnna.data.map(({ alias }) => alias));
  expect(await allOf(anna, loan)).toEqual(asAnna.data);
});

test('who they are is shown to operators alone, and not to a key of theirs that reads only orders', async () => {
  const [borrower, anna] = [await here.user(), await here.user()];
  const operator = await here.user({ role: 'operator', money: '0' });
  const loan = await openLoan(here, borrower, '100.00');
  await here.fund(anna, loan, '10.00');
  expect((await pageOf(operator, loan)).data).toMatchObject([
    { user_id: `usr_${anna.userId}`, investor: 'Investor 1' },
  ]);
  const key: Caller = { ...operator, scopes: new Set<Scope>(['orders:read']) };
  for (const caller of [anna, borrower, key]) {
    const { data } = await pageOf(caller, loan);
    expect(JSON.stringify(data)).not.toContain('usr_');
  }
  expect(operator.scopes.size).toBe(Object.keys(SCOPES).length);
});

test('the events tell of the same investments as the list', async () => {
  const borrower = await here.user();
  const users = await Promise.all(Array.from({ length: 5 }, () => here.user()));
  const loan = await openLoan(here, borrower, '100.00');
  await Promise.all([...users, ...users].map((user, i) => here.fund(user, loan, `${i + 1}.00`)));
  const { rows } = await here.pool.query<{ data: { fundings: LoanFundingView[] } }>(
    "select data from events where type = 'loan_progress' and subject = $1 order by seq",
    [loan],
  );
  const told = rows.flatMap(({ data }) => data.fundings);
  const listed = (await pageOf(borrower, loan)).data.map(({ at, amount, alias }) => ({ at, amount, alias }));
  expect(told.toReversed()).toEqual(listed);
});

test('of a loan that expired the investments are listed, not the refunds', async () => {
  const [borrower, anna, ben] = [await here.user(), await here.user(), await here.user()];
  const loan = await openLoan(here, borrower, '100.00');
  for (const user of [anna, ben, anna]) await here.fund(user, loan, '10.00');
  here.clock.advance(31 * DAY_MS);
  await here.runScheduler(loan);
  expect((await here.detail(anna, loan)).status).toBe('expired');
  expect((await allOf(ben, loan)).map(short)).toEqual(['Investor 1 10.00', 'you 10.00', 'Investor 1 10.00']);
});

test('a loan that does not exist has none, and a cursor of another loan is refused', async () => {
  const [borrower, anna] = [await here.user(), await here.user()];
  const [loan, other] = [await openLoan(here, borrower, '100.00'), await openLoan(here, borrower, '100.00')];
  for (let i = 0; i < 3; i += 1) await here.fund(anna, loan, '1.00');
  const { next_cursor } = await pageOf(anna, loan, { limit: 1 });
  const fundings = (id: string, query: { limit: number; cursor?: string }) =>
    here.core.ask('listLoanFundings', anna, { params: { id }, query });
  for (const cursor of [next_cursor!, 'x'])
    expect(await fundings(other, { limit: 1, cursor })).toMatchObject({
      problem: { code: 'invalid_cursor' },
    });
  expect(await fundings(`loan_${anna.userId}`, { limit: 1 })).toMatchObject({ problem: { code: 'not_found' } });
});
