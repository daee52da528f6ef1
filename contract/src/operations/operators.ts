import { AuditPage, ListAudit } from '../schemas/audit.ts';
import { ApiKey, ResetLink } from '../schemas/auth.ts';
import { AccountParams } from '../schemas/accounts.ts';
import { page } from '../schemas/common.ts';
import {
  LedgerAccount,
  LedgerAccountPage,
  ListLedgerAccounts,
  TrialBalance,
  TrialBalanceQuery,
} from '../schemas/ledger.ts';
import { ListPlain } from '../schemas/lists.ts';
import { SearchAnswer, SearchQuery } from '../schemas/search.ts';
import { ListUsers, UserDetail, UserKeyParams, UserPage, UserParams } from '../schemas/users.ts';
import type { Operation } from './operation.ts';

const operate = { scope: 'operate', roles: ['operator'] } as const;
// Who may come in is decided by people: a key that leaks must not be able to keep everybody out.
const operateInPerson = { ...operate, sessionOnly: true } as const;

export const OPERATOR_OPERATIONS = [
  {
    operationId: 'listUsers',
    method: 'GET',
    path: '/v1/users',
    tag: 'operators',
    summary: 'List users',
    description:
      'Newest first. `search`: a part of the e-mail address or the name, or an id. A page with a filter may hold less than ' +
      '`limit` and still have more behind it.',
    access: operate,
    query: ListUsers,
    responses: { 200: { description: 'A page of users.', schema: UserPage } },
    errors: ['invalid_cursor'],
  },
  {
    operationId: 'getUser',
    method: 'GET',
    path: '/v1/users/{id}',
    tag: 'operators',
    summary: 'Read a user',
    access: operate,
    params: UserParams,
    responses: { 200: { description: 'The user, with sessions, keys and accounts.', schema: UserDetail } },
  },
  {
    operationId: 'disableUser',
    method: 'POST',
    path: '/v1/users/{id}/disable',
    tag: 'operators',
    summary: 'Disable a user',
    description:
      'By a session of a person: a key is not enough. Sessions and tickets end, password and keys are refused until the user is enabled again, and open sockets and streams are closed. The money stays where it is, and ' +
      'what the user ordered goes on. Operators cannot disable themselves, nor the user that Millrace works as.',
    access: operateInPerson,
    params: UserParams,
    responses: { 200: { description: 'The user, disabled.', schema: UserDetail } },
  },
  {
    operationId: 'enableUser',
    method: 'POST',
    path: '/v1/users/{id}/enable',
    tag: 'operators',
    summary: 'Enable a user again',
    description: 'The password and keys work again; sessions that ended stay ended.',
    access: operateInPerson,
    params: UserParams,
    responses: { 200: { description: 'The user, enabled.', schema: UserDetail } },
  },
  {
    operationId: 'createResetLink',
    method: 'POST',
    path: '/v1/users/{id}/reset-link',
    tag: 'operators',
    summary: 'Make a one-time link to a new password',
    description:
      'For a user who has forgotten it; give it to no one else. Good for 24 hours and one use; a newer link replaces it. By a ' +
      'session of a person: a key is not enough. Not for services, nor for the user that Millrace works as.',
    access: operateInPerson,
    params: UserParams,
    responses: { 201: { description: 'The link.', schema: ResetLink } },
  },
  {
    operationId: 'listUserApiKeys',
    method: 'GET',
    path: '/v1/users/{id}/api-keys',
    tag: 'operators',
    summary: 'List a user’s API keys',
    access: operate,
    params: UserParams,
    query: ListPlain,
    responses: { 200: { description: 'The keys, newest first, without their secrets.', schema: page(ApiKey) } },
    errors: ['invalid_cursor'],
  },
  {
    operationId: 'deleteUserApiKey',
    method: 'DELETE',
    path: '/v1/users/{id}/api-keys/{key_id}',
    tag: 'operators',
    summary: 'Delete a user’s API key',
    description: 'It stops working at once.',
    access: operateInPerson,
    params: UserKeyParams,
    responses: { 204: { description: 'The key is gone.' } },
  },
  {
    operationId: 'listAuditLog',
    method: 'GET',
    path: '/v1/audit-log',
    tag: 'operators',
    summary: 'Read who did what',
    description:
      'Every act of operators, and log-ins that failed, newest first. `search`: a part of an e-mail address or a name, or an ' +
      'id or address as it stands. A page with a filter may hold less than `limit` and still have more behind it.',
    access: operate,
    query: ListAudit,
    responses: { 200: { description: 'A page of the audit log.', schema: AuditPage } },
    errors: ['invalid_cursor'],
  },
  {
    operationId: 'search',
    method: 'GET',
    path: '/v1/search',
    tag: 'operators',
    summary: 'Find anything',
    description:
      'An id of any kind, with or without its prefix, or its first 8 hexadecimal digits or more; a part of a user’s e-mail ' +
      'address or name, or of a loan’s purpose. Text is searched for among the newest 100,000 users and loans.',
    access: operate,
    query: SearchQuery,
    responses: { 200: { description: 'What was found, ids first.', schema: SearchAnswer } },
  },
  {
    operationId: 'getTrialBalance',
    method: 'GET',
    path: '/v1/ledger/trial-balance',
    tag: 'operators',
    summary: 'Read the trial balance',
    description: 'Computed over all accounts at most once in 10 s.',
    access: operate,
    query: TrialBalanceQuery,
    responses: { 200: { description: 'The sums, by asset and purpose.', schema: TrialBalance } },
  },
  {
    operationId: 'listLedgerAccounts',
    method: 'GET',
    path: '/v1/ledger/accounts',
    tag: 'operators',
    summary: 'List all users’ accounts',
    description:
      'A page with a filter may hold less than `limit` and still have more behind it. `GET /v1/accounts/{id}/transfers` ' +
      'has the statement of each.',
    access: operate,
    query: ListLedgerAccounts,
    responses: { 200: { description: 'A page of accounts.', schema: LedgerAccountPage } },
    errors: ['invalid_cursor'],
  },
  {
    operationId: 'getLedgerAccount',
    method: 'GET',
    path: '/v1/ledger/accounts/{id}',
    tag: 'operators',
    summary: 'Read any account',
    access: operate,
    params: AccountParams,
    responses: { 200: { description: 'The account.', schema: LedgerAccount } },
  },
] as const satisfies readonly Operation[];
