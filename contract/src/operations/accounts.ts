import {
  AccountPage,
  AccountParams,
  BalancesQuery,
  ListTransfers,
  PeriodBalances,
  TransferPage,
} from '../schemas/accounts.ts';
import { ListPlain } from '../schemas/lists.ts';
import { EVERYBODY } from '../roles.ts';
import type { Operation } from './operation.ts';

const read = { scope: 'orders:read', roles: EVERYBODY } as const;

export const ACCOUNT_OPERATIONS = [
  {
    operationId: 'listAccounts',
    method: 'GET',
    path: '/v1/accounts',
    tag: 'accounts',
    summary: 'List your own balances',
    description: 'By purpose and asset: one for each currency, and one for each loan that the caller has invested in.',
    access: read,
    query: ListPlain,
    responses: { 200: { description: 'A page of accounts.', schema: AccountPage } },
    errors: ['invalid_cursor'],
  },
  {
    operationId: 'listTransfers',
    method: 'GET',
    path: '/v1/accounts/{id}/transfers',
    tag: 'accounts',
    summary: 'Read an account’s statement',
    description: 'Newest first. `from` is included, `to` is not.',
    access: read,
    params: AccountParams,
    query: ListTransfers,
    responses: { 200: { description: 'Lines of the statement.', schema: TransferPage } },
    errors: ['invalid_cursor'],
  },
  {
    operationId: 'getPeriodBalances',
    method: 'GET',
    path: '/v1/accounts/{id}/balances',
    tag: 'accounts',
    summary: 'Read an account’s balance before and after a period',
    description: '`from` is included, `to` is not. The lines between are those of the statement of the same period.',
    access: read,
    params: AccountParams,
    query: BalancesQuery,
    responses: { 200: { description: 'The opening and the closing balance.', schema: PeriodBalances } },
    errors: [],
  },
] as const satisfies readonly Operation[];
