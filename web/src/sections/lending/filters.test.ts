import type { LoanView } from '@millrace/contract';
import { describe, expect, test } from 'vitest';
import { quickAmounts } from './amounts.ts';
import { hasFilters, isWanted, queryOf, readFilters } from './filters.ts';

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

const LOAN = { id: 'loan_0192abcd-0000-7000-8000-00000000beef', purpose: 'Solar für das Café' } as LoanView;
test.each([
  ['cafe', true],
  ['FU\u0308R', true],
  [' das  cafe ', true],
  ['ｓｏｌａｒ', true],
  [LOAN.id.toUpperCase(), true],
  [`https://money.example/loans/${LOAN.id}?x`, true],
  ['loan_0192abcd', true],
  ['0192', true],
  ['019', false],
  [LOAN.id.replace('beef', 'cafe'), false],
  ['boat', false],
])('a new loan belongs to the search of %j: %s', (search, isFound) => {
  expect(isWanted(LOAN, { search })).toBe(isFound);
});

test('quick amounts fit into what is open, in the loan’s places', () => {
  expect(quickAmounts('600.00')).toEqual(['50.00', '100.00', '500.00']);
  expect(quickAmounts('50.00')).toEqual([]);
  expect(quickAmounts('2000')).toEqual(['50', '100', '500', '1000']);
});
