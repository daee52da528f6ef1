import { partialMatchKey } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { loanKeys } from './keys.ts';

test('a key without filters means all lists of loans, and no single loan', () => {
  expect(partialMatchKey(loanKeys.loans({ status: 'open' }), loanKeys.loans())).toBe(true);
  expect(partialMatchKey(loanKeys.loan('loan_1'), loanKeys.loans())).toBe(false);
});

test('what belongs to one loan is found by that loan’s key', () => {
  expect(partialMatchKey(loanKeys.fundings('loan_1'), loanKeys.loan('loan_1'))).toBe(true);
  expect(partialMatchKey(loanKeys.fundings('loan_2'), loanKeys.loan('loan_1'))).toBe(false);
});
