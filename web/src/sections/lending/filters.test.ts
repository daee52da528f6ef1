import { describe, expect, test } from 'vitest';
import { quickAmounts } from './amounts.ts';
import { hasFilters, queryOf, readFilters } from './filters.ts';

describe('the marketplace’s address', () => {
  test('without parameters means what can be funded, newest first', () => {
    const filters = readFilters({});
    expect(queryOf(filters)).toEqual({ status: 'open' });
    expect(hasFilters(filters)).toBe(false);
  });

  test('means the same after a reload, whether its values look like numbers or not', () => {
    const filters = readFilters({ status: 'any', grade: 'C', term: 36, rate: 0.1, sort: 'rate', search: 2024 });
    expect(queryOf(filters)).toEqual({ grade: 'C', term_max: 36, rate_min: '0.1', sort: 'rate', search: '2024' });
    expect(hasFilters(filters)).toBe(true);
  });

  test('is not believed where it says what does not exist', () => {
    expect(
      queryOf(readFilters({ status: 'gone', grade: 'Z', term: 7, rate: 'x', sort: 'luck', search: ['a'] })),
    ).toEqual({
      status: 'open',
    });
  });
});

test('quick amounts fit into what is open, in the loan’s places', () => {
  expect(quickAmounts('600.00')).toEqual(['50.00', '100.00', '500.00']);
  expect(quickAmounts('50.00')).toEqual([]);
  expect(quickAmounts('2000')).toEqual(['50', '100', '500', '1000']);
});
