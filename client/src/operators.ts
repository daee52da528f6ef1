import type {
  ApiKey,
  AuditEntryView,
  AuditQuery,
  LedgerAccountsQuery,
  LedgerAccountView,
  PageQuery,
  ResetLink,
  SearchResultView,
  TrialBalanceView,
  UserDetailView,
  UserEntryView,
  UsersQuery,
  WirePage,
} from '@millrace/contract';
import type { Call, CallOptions, Transport } from './http.ts';
import { itemsOf } from './pages.ts';

/** What operators ask and do. */
export interface OperatorCalls {
  readonly users: {
    /** Newest first. A page with a search may hold less than `limit` and have more behind it. */
    list(query?: UsersQuery, options?: CallOptions): Promise<WirePage<UserEntryView>>;
    all(query?: UsersQuery, options?: CallOptions): AsyncGenerator<UserEntryView>;
    get(id: string, options?: CallOptions): Promise<UserDetailView>;
    /** Sessions, keys and open connections end at once. Again is no error. */
    disable(id: string, options?: CallOptions): Promise<UserDetailView>;
    enable(id: string, options?: CallOptions): Promise<UserDetailView>;
    /** Shown this once; behind the server's address. */
    createResetLink(id: string, options?: CallOptions): Promise<ResetLink>;
    apiKeys(id: string, query?: PageQuery, options?: CallOptions): Promise<WirePage<ApiKey>>;
    deleteApiKey(id: string, keyId: string, options?: CallOptions): Promise<void>;
  };
  readonly ledger: {
    /** At most 10 s old. Of one asset, or of all. */
    trialBalance(query?: { asset?: string }, options?: CallOptions): Promise<TrialBalanceView>;
    accounts(query?: LedgerAccountsQuery, options?: CallOptions): Promise<WirePage<LedgerAccountView>>;
    allAccounts(query?: LedgerAccountsQuery, options?: CallOptions): AsyncGenerator<LedgerAccountView>;
    /** Its statement: `accounts.transfers`. */
    account(id: string, options?: CallOptions): Promise<LedgerAccountView>;
  };
  /** Who did what, newest first. */
  auditLog(query?: AuditQuery, options?: CallOptions): Promise<WirePage<AuditEntryView>>;
  /** At most 20: ids of any kind, users by address or name, loans by purpose. */
  search(text: string, options?: CallOptions): Promise<SearchResultView[]>;
}

export function createOperatorCalls(transport: Transport): OperatorCalls {
  const call = async <T>(request: Call, options?: CallOptions): Promise<T> =>
    (await transport.send<T>(request, options)).body;
  const get = <T>(path: string, query: Call['query'], options?: CallOptions): Promise<T> =>
    call<T>({ method: 'GET', path, query }, options);
  const userPath = (id: string): string => `/v1/users/${encodeURIComponent(id)}`;
  // To do it twice changes nothing more than to do it once.
  const change = (id: string, name: 'disable' | 'enable', options?: CallOptions): Promise<UserDetailView> =>
    call({ method: 'POST', path: `${userPath(id)}/${name}`, idempotent: true }, options);

  const users: OperatorCalls['users'] = {
    list: (query = {}, options) => get('/v1/users', query, options),
    all: (query = {}, options) => itemsOf((at) => users.list({ ...query, ...at }, options)),
    get: (id, options) => get(userPath(id), {}, options),
    disable: (id, options) => change(id, 'disable', options),
    enable: (id, options) => change(id, 'enable', options),
    createResetLink: (id, options) => call({ method: 'POST', path: `${userPath(id)}/reset-link` }, options),
    apiKeys: (id, query = {}, options) => get(`${userPath(id)}/api-keys`, query, options),
    deleteApiKey: (id, keyId, options) =>
      call({ method: 'DELETE', path: `${userPath(id)}/api-keys/${encodeURIComponent(keyId)}` }, options),
  };
  const ledger: OperatorCalls['ledger'] = {
    trialBalance: (query = {}, options) => get('/v1/ledger/trial-balance', query, options),
    accounts: (query = {}, options) => get('/v1/ledger/accounts', query, options),
    allAccounts: (query = {}, options) => itemsOf((at) => ledger.accounts({ ...query, ...at }, options)),
    account: (id, options) => get(`/v1/ledger/accounts/${encodeURIComponent(id)}`, {}, options),
  };
  return {
    users,
    ledger,
    auditLog: (query = {}, options) => get('/v1/audit-log', query, options),
    search: async (text, options) => (await get<{ data: SearchResultView[] }>('/v1/search', { q: text }, options)).data,
  };
}
