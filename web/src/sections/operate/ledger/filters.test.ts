import { expect, test } from 'vitest';
import { faultsOf, queryOf, readFilters } from './filters.ts';

test('an address says which accounts are meant', () => {
  const owner = 'loan_01900000-0000-7000-8000-000000000001';
  expect(queryOf(readFilters({ owner, purpose: 'escrow' }))).toEqual({ owner, purpose: 'escrow' });
  expect(queryOf(readFilters({ owner: 'installation', asset: 'USD', sort: 'balance' }))).toEqual({
    owner: 'installation',
    asset: 'USD',
    sort: 'balance',
  });
});

test('the greatest balances are asked for of one asset only, and nonsense is left out', () => {
  expect(queryOf(readFilters({ sort: 'balance', purpose: 'fun' }))).toEqual({});
});

test('what names no owner and no asset is said to be wrong', () => {
  expect(Object.keys(faultsOf(readFilters({ owner: 'me', asset: '?' })))).toEqual(['asset', 'owner']);
  expect(faultsOf(readFilters({ owner: 'installation', asset: 'USD' }))).toEqual({});
  expect(faultsOf(readFilters({}))).toEqual({});
});
