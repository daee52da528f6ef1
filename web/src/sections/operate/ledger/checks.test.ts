import { expect, test } from 'vitest';
import { meaningOf } from './checks.ts';

test('a check is said in a sentence, also one that this page does not know', () => {
  expect(meaningOf('assets_sum_to_zero')).toBe('Every asset sums to zero over all accounts.');
  expect(meaningOf('user_orders_are_complete')).toBe('The list of user orders lacks nothing.');
  expect(meaningOf('moon_is_round')).toBe('Moon is round.');
});
