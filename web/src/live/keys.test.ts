import { partialMatchKey } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { keys } from './keys.ts';

test('a key without filters means all lists of its noun, and no other noun', () => {
  expect(partialMatchKey(keys.orders({ status: 'open' }), keys.orders())).toBe(true);
  expect(partialMatchKey(keys.order('ord_1'), keys.orders())).toBe(false);
  expect(partialMatchKey(keys.transfers('acc_1', { from: 'x' }), keys.transfers())).toBe(true);
  expect(partialMatchKey(keys.operate('users', { q: 'a' }), keys.operate('users'))).toBe(true);
});

test('what belongs to one thing is found by that thing’s key', () => {
  expect(partialMatchKey(keys.orderExplanation('ord_1'), keys.order('ord_1'))).toBe(true);
  expect(partialMatchKey(keys.orderExplanation('ord_2'), keys.order('ord_1'))).toBe(false);
});
