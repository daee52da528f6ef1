import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderOf } from '../support/core.ts';
import { cashOf, expectSound, openLoan } from '../support/ledger.ts';
import { DAY_MS, type LendingWorld, startLendingWorld } from '../support/lending-world.ts';

let here: LendingWorld;
beforeAll(async () => {
  here = await startLendingWorld();
});
afterAll(() => here.stop());

describe('a loan that an operator closes for funding', () => {
  const close = async (loan: string) => {
    const operator = await here.user({ role: 'operator', money: '0' });
    const params = { loan_id: loan, reason: 'Opened with the wrong rate' };
    return orderOf(await here.core.intake.submit(operator, { kind: 'close_loan', params }));
  };

  test('gives every investor the money back, and says why', async () => {
    here.setDate('2041-01-01');
    const [borrower, anna, ben] = [await here.user({ money: '0' }), await here.user(), await here.user()];
    const loan = await openLoan(here, borrower, '500.00');
    await here.fund(anna, loan, '120.50');
    await here.fund(ben, loan, '80.00');
    expect(await close(loan)).toMatchObject({ status: 'completed', result: { loan_id: loan, refunded: '200.50' } });
    expect([await cashOf(here.pool, anna), await cashOf(here.pool, ben)]).toEqual(['1000.00', '1000.00']);
    expect(await here.detail(anna, loan)).toMatchObject({
      status: 'closed',
      schedule: [],
      own_share: { invested: '120.50', notes: '0.00', principal_repaid: '0.00' },
    });
    expect(await here.eventsOf(loan)).toEqual({
      investment_refunded: 2,
      loan_closed: 1,
      loan_created: 1,
      loan_progress: 2,
    });
    const { rows } = await here.pool.query("select data from events where subject = $1 and type = 'loan_closed'", [
      loan,
    ]);
    expect(rows).toEqual([{ data: { loan_id: loan, refunded: '200.50', reason: 'Opened with the wrong rate' } }]);
    expect(await here.fund(ben, loan, '1.00')).toBe('loan_closed');
    expect(await close(loan)).toMatchObject({ status: 'rejected', reason: 'loan_closed' });
    here.clock.advance(31 * DAY_MS);
    expect(await here.runScheduler(loan)).toBe(0);
    await expectSound(here.pool);
  });
});
