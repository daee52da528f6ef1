import { expect, test } from 'vitest';
import { amountText, deadlineText, idText, rateText, wholeNumber } from './option-values.ts';

const LOAN = 'loan_0192abcd-0000-7000-8000-00000000beef';

test.each([
  [rateText, '0.0725', '0.0725'],
  [rateText, '7.25%', '0.0725'],
  [amountText, '12500.00', '12500.00'],
  [amountText, '1.234,50', '1234.50'],
  [wholeNumber(1, 480), ' 36 ', 36],
  [idText('loan'), ` https://money.example/loans/${LOAN.toUpperCase()}?x\n`, LOAN],
  [deadlineText, '2027-01-31T18:00:00+01:00', '2027-01-31T17:00:00.000Z'],
  [deadlineText, '2027-01-31', '2027-01-31T00:00:00.000Z'],
] as const)('%o reads %s', (read, text, value) => {
  expect((read as (text: string) => unknown)(text)).toBe(value);
});

test.each([
  [rateText, '7.25', 'Write 7.25% or 0.0725.'],
  [amountText, '0,500', 'Write 0.50 or 500.'],
  [amountText, '1e3', 'Write the number with all its digits.'],
  [amountText, '1.000', 'Write 1.00 or 1000.'],
  [amountText, '-5', 'is negative'],
  [amountText, '0', 'above zero'],
  [deadlineText, '2027-02-30', 'February 2027 has 28 days, and no day 30.'],
  [deadlineText, '03/04/2027', '2027-03-04 or 2027-04-03'],
  [deadlineText, '0', 'from 1 to 36525 days'],
  [wholeNumber(1, 480), '1.5', 'is not whole'],
  [idText('usr'), LOAN, 'the id of a loan'],
  [idText('loan'), 'loan_0192', 'in full'],
] as const)('%o refuses %s, and says what would be right', (read, text, words) => {
  expect(() => (read as (text: string) => unknown)(text)).toThrow(words);
});
