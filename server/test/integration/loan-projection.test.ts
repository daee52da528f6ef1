import type { LoanProjectionView } from '@millrace/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { openLoan } from '../support/ledger.ts';
import { DAY_MS, type LendingWorld, startLendingWorld, uuidOf } from '../support/lending-world.ts';

let here: LendingWorld;
beforeAll(async () => {
  here = await startLendingWorld();
});
afterAll(() => here.stop());

const cents = (text: string): bigint => BigInt(text.replace('.', ''));

async function project(caller: Caller, loan: string, amount: string): Promise<LoanProjectionView> {
  const answer = await here.core.ask('projectLoan', caller, { params: { id: loan }, query: { amount } });
  if (!answer.ok) throw new Error(answer.problem.detail);
  return answer.value;
}

/** What the investor was told of each instalment, and collects the whole loan first. */
async function received(caller: Caller, loan: string): Promise<{ principal: string; interest: string }[]> {
  const { schedule } = await here.detail(caller, loan);
  for (const { due_date } of schedule) {
    here.setDate(due_date);
    await here.runScheduler(loan);
  }
  const { rows } = await here.pool.query<{ data: { asset: string; principal: string; interest: string } }>(
    "select data from events where type = 'repayment_received' and subject = $1 and user_id = $2 order by seq",
    [loan, caller.userId],
  );
  expect(new Set(rows.map(({ data: { asset } }) => asset))).toEqual(new Set(['USD']));
  return rows.map(({ data: { principal, interest } }) => ({ principal, interest }));
}

test.each([
  { others: ['123.45', '0.01', '333.33'], own: '543.21', before: undefined },
  { others: ['333.33', '333.33'], own: '333.34', before: undefined },
  { others: ['700.00'], own: '100.00', before: '200.00' },
])(
  'what completes a loan brings to the cent what was projected: $own beside $others',
  async ({ others, own, before }) => {
    here.setDate('2027-01-31');
    const [borrower, anna] = [await here.user({ money: '2000.00' }), await here.user()];
    const loan = await openLoan(here, borrower, '1000.00');
    if (before !== undefined) await here.fund(anna, loan, before);
    for (const amount of others) await here.fund(await here.user(), loan, amount);
    const projection = await project(anna, loan, own);
    expect(projection).toMatchObject({ exact: true, amount: own, invested_before: before ?? '0.00' });
    expect(await here.fund(anna, loan, own)).toBe('completed');
    const { schedule } = await here.detail(anna, loan);
    expect(projection.payments.map(({ number, due_date }) => ({ number, due_date }))).toEqual(
      schedule.map(({ number, due_date }) => ({ number, due_date })),
    );
    expect(
      projection.payments.map(({ principal, interest, fee }) => [cents(principal), cents(interest) - cents(fee)]),
    ).toEqual((await received(anna, loan)).map(({ principal, interest }) => [cents(principal), cents(interest)]));
  },
);

test('its sums agree, and its flows are those of an XIRR', async () => {
  here.setDate('2028-01-31');
  const [borrower, anna] = [await here.user(), await here.user()];
  const loan = await openLoan(here, borrower, '1000.00');
  await here.fund(anna, loan, '50.00');
  const { payments, interest, fees, total, xirr_flows, exact } = await project(anna, loan, '100.00');
  const sum = (name: 'principal' | 'interest' | 'fee' | 'total'): bigint =>
    payments.reduce((all, payment) => all + cents(payment[name]), 0n);
  expect(exact).toBe(false);
  expect(sum('principal')).toBe(15_000n);
  expect([sum('interest'), sum('fee'), sum('total')]).toEqual([cents(interest), cents(fees), cents(total)]);
  expect(cents(total)).toBe(15_000n + cents(interest) - cents(fees));
  expect(xirr_flows[0]).toEqual({ date: '2028-01-31', amount: '-150.00' });
  expect(xirr_flows.slice(1)).toEqual(payments.map(({ due_date, total: amount }) => ({ date: due_date, amount })));
});

test('what cannot be invested is not projected', async () => {
  const [borrower, anna] = [await here.user(), await here.user()];
  const loan = await openLoan(here, borrower, '100.00');
  const codeOf = async (amount: string): Promise<string | undefined> => {
    const answer = await here.core.ask('projectLoan', anna, { params: { id: loan }, query: { amount } });
    return !answer.ok ? answer.problem.code : undefined;
  };
  for (const amount of ['0', '100.01', '0.001']) expect(await codeOf(amount)).toBe('invalid_amount');
  expect(await codeOf('100.00')).toBeUndefined();
  here.clock.advance(31 * DAY_MS);
  expect(await codeOf('100.00')).toBe('loan_not_open');
  const unknown = { params: { id: `loan_${anna.userId}` }, query: { amount: '1' } };
  expect(await here.core.ask('projectLoan', anna, unknown)).toMatchObject({ problem: { code: 'not_found' } });
});

test('is to the cent for as many parts as take a few milliseconds, and takes all others together beyond', async () => {
  here.setDate('2028-06-30');
  const [borrower, anna] = [await here.user(), await here.user()];
  const loan = await openLoan(here, borrower, '1000.00');
  const exactWith = async (investors: number): Promise<boolean> => {
    await here.pool.query('update loans set investor_count = $2 where id = $1', [uuidOf(loan), investors]);
    return (await project(anna, loan, '1000.00')).exact;
  };
  // Of twelve instalments: 416 parts each are fewer than 5,000, 417 are more.
  expect(await exactWith(414)).toBe(true);
  expect(await exactWith(415)).toBe(false);
});
