import { AccountList, AccountParams, ListTransfers, TransferPage } from '../schemas/accounts.ts';
import { EVERYBODY, type Operation } from './operation.ts';

const read = { scope: 'orders:read', roles: EVERYBODY } as const;

export const ACCOUNT_OPERATIONS = [
  {
    operationId: 'listAccounts',
    method: 'GET',
    path: '/v1/accounts',
    tag: 'accounts',
    summary: 'List own balances',
    access: read,
    responses: { 200: { description: 'Every account of the caller.', schema: AccountList } },
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
] as const satisfies readonly Operation[];
