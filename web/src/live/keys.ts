/**
 * The keys of the query cache that several sections share; what only one reads has its keys there. What an event changes is found by
 * its key. A key without filters is the beginning of those with, so that `orders()` means every list of orders.
 */
export const keys = {
  me: () => ['me'] as const,
  installation: () => ['installation'] as const,
  /** What a thing is called: it never changes. */
  thingName: (id: string) => ['thing-name', id] as const,
  orders: (filters?: object) => withFilters('orders', filters),
  order: (id: string) => ['order', id] as const,
  orderExplanation: (id: string) => ['order', id, 'explanation'] as const,
  accounts: () => ['accounts'] as const,
  /** The accounts that hold money to spend: part of what `accounts()` names. */
  cash: () => ['accounts', 'cash'] as const,
  /** Everything that the caller has an account for: part of what `accounts()` names. */
  allAccounts: () => ['accounts', 'all'] as const,
  portfolio: () => ['portfolio'] as const,
  /** Part of what `portfolio()` names. */
  holdings: (filters?: object) =>
    filters === undefined ? (['portfolio', 'holdings'] as const) : (['portfolio', 'holdings', filters] as const),
  /** What an order would do now. */
  preview: (order?: object) => (order === undefined ? (['preview'] as const) : (['preview', order] as const)),
  /** Who can be paid. */
  merchants: (search: string) => ['merchants', search] as const,
  pendingWithdrawals: () => ['pending-withdrawals'] as const,
  transfers: (accountId?: string, filters?: object) =>
    accountId === undefined ? (['transfers'] as const) : (['transfers', accountId, filters ?? {}] as const),
  /** Part of what `transfers()` names. */
  periodBalances: (accountId: string, period: object) => ['transfers', accountId, 'balances', period] as const,
  notifications: () => ['notifications'] as const,
  apiKeys: () => ['api-keys'] as const,
  sessions: () => ['sessions'] as const,
  /** Everything that only operators see: `operate('users', filters)`. */
  operate: (...parts: readonly (string | object)[]) => ['operate', ...parts] as const,
} as const;

function withFilters<Noun extends string>(noun: Noun, filters: object | undefined) {
  return filters === undefined ? ([noun] as const) : ([noun, filters] as const);
}
