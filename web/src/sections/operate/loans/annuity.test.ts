import { expect, test } from 'vitest';
import { monthlyPayment } from './annuity.ts';

// Computed with 50 decimal digits by the formula, apart from this code.
test.each([
  ['10000.00', '0.0725', 12, 86_642n],
  ['25000.00', '0.125', 60, 56_245n],
  ['1000.00', '1.5', 3, 41_993n],
  ['1200.00', '0', 12, 10_000n],
  ['100', '0', 3, 33n],
])('%s at %s over %i months', (amount, apr, months, payment) => {
  expect(monthlyPayment(amount, apr, months)).toBe(payment);
});
