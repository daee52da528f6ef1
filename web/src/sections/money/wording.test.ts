import { TRANSFER_REASONS } from '@millrace/contract';
import { expect, test } from 'vitest';
import { hasOrderPage, REASON_CHOICES, wordsOfMove } from './wording.ts';

test('every reason of the ledger can be filtered by, and has words for both sides', () => {
  const reasons = Object.keys(TRANSFER_REASONS).sort();
  expect(REASON_CHOICES.map(({ value }) => value).sort()).toEqual(reasons);
  for (const { value } of REASON_CHOICES) {
    expect(wordsOfMove(value, 'credit')).not.toBe('');
    expect(wordsOfMove(value, 'debit')).not.toBe('');
  }
});

test('only lines of an own order lead to its page', () => {
  expect(hasOrderPage({ reason: 'transfer', direction: 'debit' })).toBe(true);
  expect(hasOrderPage({ reason: 'withdrawal', direction: 'debit' })).toBe(true);
  expect(hasOrderPage({ reason: 'transfer', direction: 'credit' })).toBe(false);
  expect(hasOrderPage({ reason: 'repayment_interest', direction: 'credit' })).toBe(false);
});
