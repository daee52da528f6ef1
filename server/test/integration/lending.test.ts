import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderOf } from '../support/core.ts';
import type { DueCommand } from '../../src/desks/module.ts';
import { cashOf, dueNow, expectSound, openLoan } from '../support/ledger.ts';
import { DAY_MS, type LendingWorld, startLendingWorld } from '../support/lending-world.ts';

const cents = (text: string): bigint => BigInt(text.replace('.', ''));

let here: LendingWorld;
beforeAll(async () => {
  here = await startLendingWorld();
});
afterAll(() => here.stop());

describe('a loan that is not funded in time', () => {
  test('gives every investor the money back once the deadline has passed, not before', async () => {
    const [borrower, anna, ben] = [await here.user({ money: '0' }), await here.user(), await here.user()];
    const loan = await openLoan(here, borrower, '500.00');
    expect(await here.fund(anna, loan, '120.50')).toBe('completed');
    expect(await here.fund(ben, loan, '80.00')).toBe('completed');
    expect(await here.fund(anna, loan, '9.50')).toBe('completed');
    here.clock.advance(30 * DAY_MS - 1);
    expect(await here.runScheduler(loan)).toBe(0);
    expect(await cashOf(here.pool, anna)).toBe('870.00');
    here.clock.advance(1);
    expect(await here.fund(ben, loan, '1.00')).toBe('loan_closed');
    expect(await here.runScheduler(loan)).toBe(1);
    expect([await cashOf(here.pool, anna), await cashOf(here.pool, ben)]).toEqual(['1000.00', '1000.00']);
    expect(await here.detail(anna, loan)).toMatchObject({
      status: 'expired',
      funded: '210.00',
      projected: false,
      schedule: [],
      own_share: { invested: '130.00', share: '0.2600', notes: '0.00', principal_repaid: '0.00' },
    });
    expect(await here.eventsOf(loan)).toEqual({
      investment_refunded: 2,
      loan_created: 1,
      loan_expired: 1,
      loan_progress: 3,
    });
    expect(await here.runScheduler(loan)).toBe(0);
    await expectSound(here.pool);
  });

  test('has an empty end where nobody had invested', async () => {
    const loan = await openLoan(here, await here.user({ money: '0' }), '500.00');
    here.clock.advance(31 * DAY_MS);
    expect(await here.runScheduler(loan)).toBe(1);
    expect(await here.eventsOf(loan)).toEqual({ loan_created: 1, loan_expired: 1 });
  });
});

describe('a loan that is funded', () => {
  test('pays out, collects twelve months, gives all principal and interest less the fee back, and is repaid', async () => {
    here.setDate('2026-10-31');
    const borrower = await here.user({ money: '200.00' });
    const investors = [await here.user(), await here.user(), await here.user()] as const;
    const [anna, ben, cleo] = investors;
    const feesBefore = await here.feesKept();
    const loan = await openLoan(here, borrower, '1000.00');
    expect((await here.detail(anna, loan)).schedule[0]).toMatchObject({
      number: 1,
      due_date: '2026-11-30',
      payment: '88.85',
      status: 'scheduled',
    });
    await here.fund(anna, loan, '333.33');
    await here.fund(ben, loan, '333.33');
    await here.fund(cleo, loan, '333.34');
    expect(await cashOf(here.pool, borrower)).toBe('1200.00');
    expect(await here.detail(cleo, loan)).toMatchObject({
      status: 'repaying',
      progress: '1.0000',
      investors: 3,
      projected: false,
    });

    for (let month = 1; month <= 12; month += 1) {
      const { schedule } = await here.detail(borrower, loan);
      here.setDate(schedule[month - 1]!.due_date);
      expect(await here.runScheduler(loan)).toBe(1);
      expect(await here.runScheduler(loan)).toBe(0);
      await expectSound(here.pool);
    }

    const done = await here.detail(anna, loan);
    expect(done).toMatchObject({
      status: 'repaid',
      own_share: { invested: '333.33', notes: '0.00', principal_repaid: '333.33' },
    });
    expect(done.schedule.every(({ status, paid_at }) => status === 'paid' && paid_at !== null)).toBe(true);
    expect(done.schedule.map(({ due_date }) => due_date).slice(0, 5)).toEqual([
      '2026-11-30',
      '2026-12-31',
      '2027-01-31',
      '2027-02-28',
      '2027-03-31',
    ]);
    const interest = done.schedule.reduce((sum, part) => sum + cents(part.interest), 0n);
    const gained = await Promise.all(investors.map(async (user) => cents(await cashOf(here.pool, user)) - 100_000n));
    const fees = (await here.feesKept()) - feesBefore;
    expect(interest).toBe(6_619n);
    expect(gained.reduce((a, b) => a + b, 0n) + fees).toBe(interest);
    // A hundredth of each 88.85, but of the last payment no more than its interest of 0.88.
    expect(fees).toBe(11n * 89n + 88n);
    expect(await cashOf(here.pool, borrower)).toBe('133.81');
    expect(await here.eventsOf(loan)).toEqual({
      installment_paid: 12,
      loan_created: 1,
      loan_disbursed: 1,
      loan_funded: 1,
      loan_progress: 3,
      loan_repaid: 1,
      notes_issued: 3,
      repayment_received: 36,
    });
  });

  test('collects one after another what a scheduler that slept for months has missed', async () => {
    here.setDate('2028-01-15');
    const [borrower, anna] = [await here.user(), await here.user({ money: '1200.00' })];
    const loan = await openLoan(here, borrower, '1200.00');
    await here.fund(anna, loan, '1200.00');
    here.setDate('2028-04-15');
    expect(await here.runScheduler(loan)).toBe(3);
    const { status, schedule } = await here.detail(borrower, loan);
    expect([status, schedule.filter((part) => part.status === 'paid').length]).toEqual(['repaying', 3]);
    expect((await here.eventsOf(loan))['loan_late']).toBeUndefined();
  });

  test('is late after a failed collection, tried once a day, current when the borrower has caught up', async () => {
    here.setDate('2029-01-15');
    const [borrower, anna] = [await here.user({ money: '0' }), await here.user()];
    const loan = await openLoan(here, borrower, '1000.00');
    await here.fund(anna, loan, '1000.00');
    await here.spendAll(borrower);
    here.setDate('2029-02-15');
    expect(await here.runScheduler(loan)).toBe(1);
    expect(await here.runScheduler(loan)).toBe(0);
    const late = await here.detail(anna, loan);
    expect([late.status, late.schedule[0]?.status, late.schedule[1]?.status]).toEqual(['late', 'late', 'scheduled']);
    here.setDate('2029-02-16');
    expect(await here.runScheduler(loan)).toBe(1);
    expect((await here.eventsOf(loan))['loan_late']).toBe(1);

    const repay = { kind: 'repay_loan', params: { loan_id: loan } };
    expect(orderOf(await here.core.intake.submit(borrower, repay))).toMatchObject({
      status: 'rejected',
      reason: 'insufficient_funds',
    });
    expect(orderOf(await here.core.intake.submit(anna, repay))).toMatchObject({
      status: 'rejected',
      reason: 'not_borrower',
    });
    await here.deposit(borrower, '100.00');
    expect(orderOf(await here.core.intake.submit(borrower, repay))).toMatchObject({
      status: 'completed',
      result: { number: 1, amount: '88.85' },
    });
    expect((await here.detail(anna, loan)).status).toBe('repaying');
    expect((await here.eventsOf(loan))['loan_current']).toBe(1);
    await expectSound(here.pool);
  });

  test('defaults ninety days after an instalment was first asked for, and pays back what it can from then on', async () => {
    here.setDate('2031-01-01');
    const [borrower, anna] = [await here.user({ money: '0' }), await here.user()];
    const loan = await openLoan(here, borrower, '1000.00');
    await here.fund(anna, loan, '1000.00');
    await here.deposit(borrower, '88.85');
    await here.core.intake.submit(borrower, { kind: 'repay_loan', params: { loan_id: loan } });
    await here.spendAll(borrower);
    here.setDate('2031-03-01');
    await here.runScheduler(loan);
    const due = Date.parse('2031-03-01T12:00:00Z');
    here.clock.set(due + 89 * DAY_MS);
    await here.runScheduler(loan);
    expect((await here.detail(anna, loan)).status).toBe('late');
    here.clock.set(due + 90 * DAY_MS);
    await here.runScheduler(loan);
    const { status, own_share } = await here.detail(anna, loan);
    expect([status, own_share]).toEqual([
      'defaulted',
      { alias: 'Investor 1', invested: '1000.00', share: '1.0000', notes: '921.15', principal_repaid: '78.85' },
    ]);
    expect((await here.eventsOf(loan))['loan_defaulted']).toBe(1);
    // Asked again a week later, not every day; what is there is taken and distributed.
    here.clock.advance(6 * DAY_MS);
    await here.deposit(borrower, '88.85');
    expect(await here.runScheduler(loan)).toBe(0);
    const before = cents(await cashOf(here.pool, anna));
    here.clock.advance(DAY_MS);
    await here.runScheduler(loan);
    expect(await here.detail(anna, loan)).toMatchObject({ status: 'defaulted', own_share: { notes: '841.51' } });
    expect(cents(await cashOf(here.pool, anna)) - before).toBe(8_796n);
    expect(await here.eventsOf(loan)).toMatchObject({ installment_paid: 2, loan_defaulted: 1, loan_late: 1 });
    // With all arrears paid it is a loan like any other, and in the end it is repaid.
    await here.deposit(borrower, '300.00');
    here.clock.advance(7 * DAY_MS);
    await here.runScheduler(loan);
    expect((await here.detail(anna, loan)).status).toBe('repaying');
    expect((await here.eventsOf(loan))['loan_current']).toBe(1);
    await here.deposit(borrower, '1000.00');
    here.clock.advance(400 * DAY_MS);
    await here.runScheduler(loan);
    expect(await here.detail(anna, loan)).toMatchObject({ status: 'repaid', own_share: { notes: '0.00' } });
    await expectSound(here.pool);
  });

  test('nobody is given up who was not asked: after a long sleep of the scheduler collection comes before default', async () => {
    here.setDate('2033-01-01');
    const [borrower, anna] = [await here.user({ money: '0' }), await here.user()];
    const loan = await openLoan(here, borrower, '1000.00');
    await here.fund(anna, loan, '1000.00');
    await here.spendAll(borrower);
    here.setDate('2033-02-01');
    expect(await here.runScheduler(loan)).toBe(1);
    here.setDate('2033-08-01');
    await here.deposit(borrower, '88.85');
    await here.core.intake.submit(borrower, { kind: 'repay_loan', params: { loan_id: loan } });
    expect((await here.detail(anna, loan)).status).toBe('late');
    const dueKinds = async (): Promise<string[]> => {
      const due = await dueNow(here.core);
      return due.flatMap(({ kind, params }) => (params['loan_id'] === loan ? [kind] : []));
    };
    expect(await dueKinds()).toEqual(['collect_installment']);
    // Another that is past its deadline: what is due comes page by page, in the same order, each of them once.
    await openLoan(here, borrower, '500.00');
    await openLoan(here, borrower, '600.00');
    here.setDate('2033-11-01');
    const all = await dueNow(here.core);
    expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(['expire_loan', 'collect_installment']));
    const paged: DueCommand[] = [];
    for (;;) {
      const page = await dueNow(here.core, { limit: 1, after: paged.at(-1)?.place });
      if (page.length === 0) break;
      paged.push(...page);
    }
    expect(paged).toEqual(all);
    // Asked for the second instalment for the first time today: the ninety days begin now.
    expect(await here.runScheduler(loan)).toBe(1);
    expect((await here.detail(anna, loan)).status).toBe('late');
    expect(await dueKinds()).toEqual([]);
  });

  test('a borrower who is asked late has as long to pay as one who is asked in time', async () => {
    here.setDate('2036-01-01');
    const [borrower, anna] = [await here.user({ money: '0' }), await here.user()];
    const loan = await openLoan(here, borrower, '1000.00');
    await here.fund(anna, loan, '1000.00');
    await here.spendAll(borrower);
    // The server was off for 400 days.
    here.clock.advance(400 * DAY_MS);
    expect(await here.runScheduler(loan)).toBe(1);
    expect((await here.detail(anna, loan)).status).toBe('late');
    here.clock.advance(89 * DAY_MS);
    await here.runScheduler(loan);
    expect((await here.detail(anna, loan)).status).toBe('late');
    here.clock.advance(DAY_MS);
    await here.runScheduler(loan);
    expect((await here.detail(anna, loan)).status).toBe('defaulted');
    await expectSound(here.pool);
  });

  test('an operator pays an instalment of a loan in default with what was recovered', async () => {
    here.setDate('2039-01-01');
    const [borrower, anna, ben] = [await here.user({ money: '0' }), await here.user(), await here.user()];
    const operator = await here.user({ role: 'operator', money: '100.00' });
    const loan = await openLoan(here, borrower, '1000.00');
    await here.fund(anna, loan, '333.33');
    await here.fund(ben, loan, '666.67');
    await here.spendAll(borrower);
    const recover = async () =>
      orderOf(await here.core.intake.submit(operator, { kind: 'recover_loan', params: { loan_id: loan } }));
    expect(await recover()).toMatchObject({ status: 'rejected', reason: 'loan_not_defaulted' });
    here.setDate('2039-02-01');
    await here.runScheduler(loan);
    here.setDate('2039-05-02');
    await here.runScheduler(loan);
    const before = [cents(await cashOf(here.pool, anna)), cents(await cashOf(here.pool, ben))] as const;
    expect(await recover()).toMatchObject({ status: 'completed', result: { number: 1, amount: '88.85' } });
    expect(await cashOf(here.pool, operator)).toBe('11.15');
    // 88.85 less the fee of 0.89, by a third and two thirds.
    expect(cents(await cashOf(here.pool, anna)) - before[0]).toBe(2_932n);
    expect(cents(await cashOf(here.pool, ben)) - before[1]).toBe(5_864n);
    expect(await recover()).toMatchObject({ status: 'rejected', reason: 'insufficient_funds' });
    expect((await here.detail(anna, loan)).status).toBe('defaulted');
    await expectSound(here.pool);
  });
});
