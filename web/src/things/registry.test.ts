import { IconBuildingBank } from '@tabler/icons-react';
import { expect, test } from 'vitest';
import { knowPages, knowThings, pageOf, thingIn, thingOf } from './registry.ts';

knowThings([
  {
    kind: 'loan',
    label: 'Loan',
    plural: 'Loans',
    icon: IconBuildingBank,
    readNames: async (ids) => new Map(ids.map((id) => [id, `called ${id}`])),
  },
]);

test('an id has the name that the section of its things reads', async () => {
  expect(await thingOf('loan_1')?.nameOf('loan_1')).toBe('called loan_1');
});

test('what is no thing’s id has none', () => {
  for (const other of ['ord_1', 'loan', 'loan:1', '', 7, null, undefined]) expect(thingOf(other)).toBeUndefined();
});

test('an order is about the first thing that its fields name, by the name that was told', () => {
  expect(thingIn({ amount: '5', loan_id: 'loan_1' }, { loan_1: 'Solar roof' })).toEqual({
    id: 'loan_1',
    name: 'Solar roof',
  });
  expect(thingIn({ loan_id: 'loan_1' }, {})).toEqual({ id: 'loan_1', name: undefined });
  expect(thingIn({ amount: '5', to_user: 'usr_1' }, { usr_1: 'Bob' })).toBeUndefined();
});

knowPages([
  { path: '/console/keys/$keyId', audience: ['operator'], shows: 'key' },
  { path: '/keys/$keyId', audience: ['investor', 'operator'], shows: 'key' },
  { path: '/keys', audience: ['investor'] },
]);

test('an id leads to the first page of its kind that the person sees', () => {
  expect(pageOf('key_1', 'operator')).toBe('/console/keys/key_1');
  expect(pageOf('key_1', 'investor')).toBe('/keys/key_1');
});

test('what no page shows, or none to this person, leads nowhere', () => {
  expect(pageOf('key_1', 'service')).toBeUndefined();
  expect(pageOf('key_1', undefined)).toBeUndefined();
  expect(pageOf('dl_1', 'operator')).toBeUndefined();
  expect(pageOf('no id', 'operator')).toBeUndefined();
});
