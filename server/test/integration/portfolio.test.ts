import type { HoldingView, PortfolioView } from '@millrace/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { cashOf as cashKey } from '../../src/ledger/index.ts';
import { expectSound, openLoan } from '../support/ledger.ts';
import { type LendingWorld, startLendingWorld, uuidOf } from '../support/lending-world.ts';
import { PORTFOLIO_TRUTH } from '../support/portfolio-truth.ts';

let here: LendingWorld;
beforeAll(async () => {
  here = await startLendingWorld();
});
afterAll(() => here.stop());

const cents = (text: string): bigint => BigInt(text.replace('.', ''));
const sumOf = (texts: readonly string[]): bigint => texts.reduce((sum, text) => sum + cents(text), 0n);

async function portfolioOf(user: Caller): Promise<PortfolioView> {
  const answer = await here.core.ask('getPortfolio', user);
  if (!answer.ok) throw new Error(answer.problem.detail);
  return answer.value;
}

async function holdingsOf(user: Caller, options: object = {}): Promise<HoldingView[]> {
  const answer = await here.core.ask('listHoldings', user, { query: { limit: 200, ...options } });
  if (!answer.ok) throw new Error(answer.problem.detail);
  return answer.value.data;
}

/** The portfolio agrees with accounts and transfers, the holdings with the portfolio. */
async function expectReconciled(user: Caller, brought: bigint): Promise<PortfolioView> {
  const [portfolio, holdings] = [await portfolioOf(user), await holdingsOf(user)];
  const { rows } = await here.pool.query(PORTFOLIO_TRUTH, [
    user.userId,
    here.core.accountIds(cashKey(user.userId, 'USD')),
  ]);
  const { expected, ...truth } = rows[0];
  const names = Object.keys(truth) as (keyof PortfolioView)[];
  expect(Object.fromEntries(names.map((name) => [name, String(cents(portfolio[name] as string))]))).toEqual(
    Object.fromEntries(names.map((name) => [name, String(truth[name])])),
  );
  expect(sumOf(portfolio.expected.map(({ principal }) => principal))).toBe(BigInt(expected));
  const { cash, funded, refunded, principal_repaid, interest_received, outstanding, invested, committed } = portfolio;
  const back = sumOf([refunded, principal_repaid, interest_received]);
  expect(cents(cash)).toBe(brought - cents(funded) + back);
  expect(cents(outstanding)).toBe(sumOf([invested, committed]));
  const { performing, late, defaulted, value } = portfolio;
  expect(sumOf([performing, late, defaulted])).toBe(cents(invested));
  expect(cents(value)).toBe(sumOf([cash, performing, late, committed]));
  expect(cents(funded)).toBe(sumOf([outstanding, principal_repaid, refunded]));
  expect(sumOf(portfolio.cash_flows.map(({ amount }) => amount))).toBe(back - cents(funded));
  expect(holdings).toHaveLength(portfolio.holdings_count);
  for (const name of ['outstanding', 'principal_repaid', 'refunded', 'interest_received'] as const)
    expect(sumOf(holdings.map((holding) => holding[name]))).toBe(cents(portfolio[name]));
  expect(sumOf(holdings.map(({ expected_total }) => expected_total))).toBe(
    sumOf(portfolio.expected.map(({ total }) => total)),
  );
  for (const { principal, interest, fee, total } of portfolio.expected)
    expect(cents(total)).toBe(cents(principal) + cents(interest) - cents(fee));
  return portfolio;
}

async function collect(loan: string, number: number): Promise<void> {
  const { schedule } = await here.detail(await here.user({ money: '0' }), loan);
  here.setDate(schedule[number - 1]!.due_date);
  await here.runScheduler(loan);
}

describe('a portfolio', () => {
  test('agrees with the ledger to the cent through funding, payout, repayment, expiry, delay and default', async () => {
    here.setDate('2026-01-31');
    const [payer, broke] = [await here.user(), await here.user({ money: '0' })];
    const [anna, ben] = [await here.user({ money: '5000.00' }), await here.user({ money: '5000.00' })];
    const both = async (): Promise<PortfolioView> => {
      await expectReconciled(ben, 500_000n);
      return expectReconciled(anna, 500_000n);
    };
    expect(await both()).toMatchObject({
      cash: '5000.00',
      outstanding: '0.00',
      holdings_count: 0,
      expected: [],
      cash_flows: [],
    });

    const [paid, open, failing] = [
      await openLoan(here, payer, '1000.00'),
      await openLoan(here, payer, '700.00'),
      await openLoan(here, broke, '1000.00'),
    ];
    await here.fund(anna, paid, '333.33');
    await here.fund(anna, open, '150.00');
    await here.fund(anna, open, '0.01');
    expect(await both()).toMatchObject({ committed: '483.34', invested: '0.00', holdings_count: 2 });
    await here.fund(ben, paid, '666.67');
    await here.fund(ben, failing, '999.99');
    await here.fund(anna, failing, '0.01');
    const before = await both();
    expect(before).toMatchObject({ committed: '150.01', invested: '333.34', defaulted: '0.00', fees_paid: '0.00' });
    expect(before.expected.map(({ month }) => month).slice(0, 3)).toEqual(['2026-02', '2026-03', '2026-04']);
    expect(before.cash_flows).toEqual([{ date: '2026-01-31', amount: '-483.35' }]);

    await here.spendAll(broke);
    await collect(paid, 1);
    await here.runScheduler(failing);
    expect((await holdingsOf(anna, { status: 'late' })).map(({ loan_id }) => loan_id)).toEqual([failing]);
    expect(await both()).toMatchObject({ late: '0.01', defaulted: '0.00' });
    // The open loan's deadline has passed too: its stakes came back.
    here.setDate('2026-03-02');
    await here.runScheduler(open);
    const expired = await both();
    expect(expired).toMatchObject({ committed: '0.00', refunded: '150.01' });
    expect(expired.expected[0]?.month).toBe('2026-03');

    here.setDate('2026-06-15');
    for (let i = 0; i < 4; i += 1) await here.runScheduler(paid);
    const defaulted = await both();
    expect(defaulted).toMatchObject({ defaulted: '0.01', late: '0.00', invested: expect.stringMatching(/\d/) });
    expect((await holdingsOf(anna, { status: 'defaulted' }))[0]).toMatchObject({
      next_due: null,
      expected_total: '0.00',
    });

    for (let number = 5; number <= 12; number += 1) await collect(paid, number);
    const done = await both();
    // One unit is lost: it is in no value, and no rate is earned on it.
    expect(done).toMatchObject({ performing: '0.00', nominal_rate: null, value: done.cash });
    expect(done).toMatchObject({ invested: '0.01', principal_repaid: '333.33', expected: [] });
    const [holding] = await holdingsOf(anna, { status: 'repaid' });
    expect(holding).toMatchObject({ loan_id: paid, outstanding: '0.00', share: '0.3333', next_due: null });
    // What the installation kept on this loan, of which a third is on anna's notes.
    const { rows } = await here.pool.query('select sum(fee) as fee from installments where loan_id = $1', [
      uuidOf(paid),
    ]);
    expect(cents(done.fees_paid)).toBe((BigInt(rows[0].fee) * 33_333n) / 100_000n);
    await expectSound(here.pool);
  });

  test('counts what is recovered of a loan in default as it comes, and the loan as performing when it is current again', async () => {
    here.setDate('2032-01-31');
    const broke = await here.user({ money: '0' });
    const [anna, ben] = [await here.user({ money: '400.00' }), await here.user({ money: '800.00' })];
    const operator = await here.user({ role: 'operator', money: '0' });
    const loan = await openLoan(here, broke, '1200.00');
    await here.fund(anna, loan, '400.00');
    await here.fund(ben, loan, '800.00');
    await here.spendAll(broke);
    await collect(loan, 1);
    // Ninety days after it was asked for in vain.
    here.setDate('2032-05-29');
    await here.runScheduler(loan);
    const recover = async (): Promise<string | null> => {
      await here.deposit(operator, '106.62');
      const order = await here.core.intake.submit(operator, { kind: 'recover_loan', params: { loan_id: loan } });
      return order.ok ? (order.order.reason ?? order.order.status) : order.problem.code;
    };
    const both = async (): Promise<PortfolioView> => {
      await expectReconciled(ben, 80_000n);
      return expectReconciled(anna, 40_000n);
    };
    const invested = [{ date: '2032-01-31', amount: '-400.00' }];
    expect(await both()).toMatchObject({
      cash: '0.00',
      invested: '400.00',
      performing: '0.00',
      late: '0.00',
      defaulted: '400.00',
      value: '0.00',
      principal_repaid: '0.00',
      interest_received: '0.00',
      fees_paid: '0.00',
      nominal_rate: null,
      expected: [],
      cash_flows: invested,
    });

    // 106.62: 94.62 of principal and 12.00 of interest, of which the installation keeps 1.07. Anna has a third of the notes.
    here.setDate('2032-06-10');
    expect(await recover()).toBe('completed');
    const once = [...invested, { date: '2032-06-10', amount: '35.18' }];
    expect(await both()).toMatchObject({
      cash: '35.18',
      invested: '368.46',
      performing: '0.00',
      late: '0.00',
      defaulted: '368.46',
      value: '35.18',
      principal_repaid: '31.54',
      interest_received: '3.64',
      fees_paid: '0.35',
      nominal_rate: null,
      expected: [],
      cash_flows: once,
    });
    const [holding] = await holdingsOf(anna, { status: 'defaulted' });
    expect(holding).toMatchObject({ principal_repaid: '31.54', interest_received: '3.64', outstanding: '368.46' });

    // February to May are paid; the next one is due at the end of June.
    for (let number = 2; number <= 4; number += 1) expect(await recover()).toBe('completed');
    const current = await both();
    expect(current).toMatchObject({ late: '0.00', defaulted: '0.00', performing: current.invested });
    expect(current).toMatchObject({ nominal_rate: '0.120000', value: expect.not.stringMatching(/^0/) });
    expect(current.expected.map(({ month }) => month)[0]).toBe('2032-06');
    expect(current.cash_flows).toEqual([...invested, { date: '2032-06-10', amount: current.cash }]);
    await expectSound(here.pool);
  });

  test('says what its loans charge, weighted by what each of them owes', async () => {
    const [payer, anna, ben] = [await here.user(), await here.user(), await here.user()];
    const [dear, cheap] = [await openLoan(here, payer, '400.00'), await openLoan(here, payer, '400.00', '0.04')];
    await here.fund(anna, dear, '300.00');
    await here.fund(anna, cheap, '100.00');
    // What is not paid out yet charges nothing.
    expect((await portfolioOf(anna)).nominal_rate).toBeNull();
    await here.fund(ben, dear, '100.00');
    await here.fund(ben, cheap, '300.00');
    expect((await portfolioOf(anna)).nominal_rate).toBe('0.100000');
    expect((await portfolioOf(ben)).nominal_rate).toBe('0.060000');
  });

  test('expects by month what then comes in, to one unit an instalment', async () => {
    here.setDate('2027-01-31');
    const borrower = await here.user();
    const investors = await Promise.all([1, 2, 3].map(() => here.user({ money: '2000.00' })));
    const loans = [await openLoan(here, borrower, '1000.00'), await openLoan(here, borrower, '777.77')];
    for (const [loan, stakes] of [
      [loans[0]!, ['111.11', '222.22', '666.67']],
      [loans[1]!, ['700.00', '77.76', '0.01']],
    ] as const)
      for (const [i, stake] of stakes.entries()) await here.fund(investors[i]!, loan, stake);
    const anna = investors[0]!;
    const { expected } = await portfolioOf(anna);
    expect(expected.map(({ month }) => month).slice(0, 12)).toHaveLength(12);
    for (const { month, principal, total } of expected) {
      const before = await portfolioOf(anna);
      const [holding] = await holdingsOf(anna, { sort: 'next_due' });
      expect(holding?.next_due?.date.slice(0, 7)).toBe(month);
      here.setDate(holding!.next_due!.date);
      for (const loan of loans) await here.runScheduler(loan);
      const after = await portfolioOf(anna);
      const got = (name: 'principal_repaid' | 'interest_received'): bigint => cents(after[name]) - cents(before[name]);
      expect(Math.abs(Number(got('principal_repaid') - cents(principal)))).toBeLessThanOrEqual(loans.length);
      const income = got('principal_repaid') + got('interest_received');
      expect(Math.abs(Number(income - cents(total)))).toBeLessThanOrEqual(2 * loans.length);
    }
    expect((await portfolioOf(anna)).expected).toEqual([]);
  });

  test('is the caller’s alone, and knows no asset that does not exist or that is a loan’s notes', async () => {
    const stranger = await here.user({ money: '12.00' });
    expect(await portfolioOf(stranger)).toMatchObject({
      cash: '12.00',
      funded: '0.00',
      holdings_count: 0,
      cash_flows: [],
    });
    expect(await holdingsOf(stranger)).toEqual([]);
    const { rows } = await here.pool.query<{ code: string }>(
      "select code from assets where code like 'loan:%' limit 1",
    );
    for (const asset of ['NONE', rows[0]?.code as string]) {
      const problem = { code: 'invalid_request', errors: [{ pointer: '/asset' }] };
      for (const answer of [
        await here.core.ask('getPortfolio', stranger, { query: { asset } }),
        await here.core.ask('listHoldings', stranger, { query: { asset, limit: 1 } }),
      ])
        expect({ asset, ...answer }).toMatchObject({ asset, ok: false, problem });
    }
  });

  test('of a borrower who also invests holds the investments, not the borrower’s own instalments', async () => {
    here.setDate('2029-01-31');
    const [anna, ben] = [await here.user(), await here.user()];
    const [hers, his] = [await openLoan(here, anna, '300.00'), await openLoan(here, ben, '200.00')];
    await here.fund(ben, hers, '300.00');
    await here.fund(anna, his, '200.00');
    await collect(hers, 1);
    await here.runScheduler(his);
    const { rows } = await here.pool.query<{ principal: bigint }>(
      'select principal from installments where loan_id = $1 and number = 1',
      [uuidOf(his)],
    );
    const portfolio = await portfolioOf(anna);
    expect(portfolio).toMatchObject({ funded: '200.00', holdings_count: 1 });
    expect(cents(portfolio.principal_repaid)).toBe(rows[0]!.principal);
  });

  test('two who read it at the same time count nothing twice', async () => {
    const [borrower, anna] = [await here.user(), await here.user()];
    const loan = await openLoan(here, borrower, '500.00');
    for (let i = 0; i < 5; i += 1) await here.fund(anna, loan, '10.00');
    const seen = await Promise.all([1, 2, 3, 4].map(() => portfolioOf(anna)));
    expect(seen.map(({ committed }) => committed)).toEqual(['50.00', '50.00', '50.00', '50.00']);
  });
});
