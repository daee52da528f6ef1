import { expect, test } from 'vitest';
import { annuitySchedule } from '../../../../../server/src/desks/lending/schedule.ts';
import { hasBalloon, planOf } from './annuity.ts';

// Computed with 50 decimal digits by the formula, apart from this code.
test.each([
  ['10000.00', '0.0725', 12, 86_642n],
  ['25000.00', '0.125', 60, 56_245n],
  ['1000.00', '1.5', 3, 41_993n],
])('%s at %s over %i months is %i a month', (amount, apr, months, payment) => {
  expect(planOf(amount, apr, months).payment).toBe(payment);
});

test.each([
  ['10000.00', '0.0725', 12],
  ['1000.00', '0.07', 1],
  ['100.00', '0.36', 200],
  ['100.00', '0.36', 480],
  ['1000000.00', '1', 480],
  ['1200.00', '0', 12],
  ['100', '0', 3],
  ['0.12', '0.000001', 12],
  ['987654321.09', '0.123456', 361],
])('%s at %s over %i months is what the server plans', (amount, apr, months) => {
  const minor = BigInt(amount.replace('.', ''));
  const schedule = annuitySchedule({ amount: minor, apr, termMonths: months, startDate: '2026-01-31' });
  const payments = schedule.map(({ principal, interest }) => principal + interest);
  expect(planOf(amount, apr, months)).toEqual({
    payment: payments[0],
    last: payments.at(-1),
    interest: schedule.reduce((sum, { interest }) => sum + interest, 0n),
  });
});

test('a last payment of more than two regular ones is a balloon', () => {
  expect(hasBalloon(planOf('100.00', '0.36', 480))).toBe(true);
  expect(hasBalloon(planOf('100.00', '0.36', 12))).toBe(false);
});
