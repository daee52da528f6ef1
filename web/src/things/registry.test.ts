import { IconBuildingBank } from '@tabler/icons-react';
import { expect, test } from 'vitest';
import { knowThings, thingIn, thingOf } from './registry.ts';

knowThings([
  {
    kind: 'loan',
    label: 'Loan',
    plural: 'Loans',
    icon: IconBuildingBank,
    path: (id) => `/loans/${id}`,
    readNames: async (ids) => new Map(ids.map((id) => [id, `called ${id}`])),
  },
]);

test('an id leads to the page and the name that the section of its things has', async () => {
  expect(thingOf('loan_1')?.path('loan_1')).toBe('/loans/loan_1');
  expect(await thingOf('loan_1')?.nameOf('loan_1')).toBe('called loan_1');
});

test('what is no thing’s id leads nowhere', () => {
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
