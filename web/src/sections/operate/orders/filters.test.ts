import { expect, test } from 'vitest';
import { isWrong, queryOf, readFilters } from './filters.ts';

const USER = 'usr_01900000-0000-7000-8000-000000000001';

test('without a filter everybody’s orders are asked for, and with a user only theirs', () => {
  expect(queryOf(readFilters({}))).toEqual({ everybody: true });
  expect(queryOf(readFilters({ user_id: USER, status: 'failed' }))).toEqual({ user_id: USER, status: 'failed' });
});

test('what an address says and nobody understands is as if it were not there', () => {
  expect(queryOf(readFilters({ status: 'lost', kind: 7, from: 'yesterday' }))).toEqual({
    everybody: true,
  });
});

test('what is no id of a user is wrong, rather than everybody', () => {
  expect(isWrong(readFilters({ user_id: 'usr_x' }))).toBe(true);
  expect(isWrong(readFilters({ user_id: USER }))).toBe(false);
  expect(isWrong(readFilters({}))).toBe(false);
});

test('the last day is included', () => {
  const { from, to } = queryOf(readFilters({ from: '2026-11-20', to: '2026-11-21' }));
  expect(Date.parse(String(to)) - Date.parse(String(from))).toBe(2 * 86_400_000);
});
