import type {
  AuditQuery,
  LedgerAccountsQuery,
  MerchantsQuery,
  OrdersQuery,
  TransfersQuery,
  UsersQuery,
  WirePage,
} from '@millrace/contract';
import { readEmail } from '@millrace/contract/email';
import { infiniteQueryOptions, keepPreviousData, type QueryKey, queryOptions } from '@tanstack/react-query';
import { atCursor, firstPage, keys, nextPage } from '../../live/index.ts';
import { client } from '../../session/index.ts';
import { eachAtOnce } from './each-at-once.ts';

/** Rows of one page of a list: two screens. */
const LIST_PAGE = 25;
/** A user's own orders on the user's page; the list of orders has the rest. */
const RECENT_ORDERS = 10;
/** Borrowers that a choice offers; one who is not among them is found by another letter. */
const BORROWERS_SHOWN = 20;
/** Lookups at once: quick, and no burden for a server that has orders to decide. */
const LOOKUPS_MAX = 4;
/** No channel keeps what operators see fresh, since it is everybody's: it is read when a page is opened. */
const ON_VISIT = { staleTime: 0 } as const;

type PageOf<Item> = (
  part: { limit: number; cursor?: string },
  more: { signal: AbortSignal },
) => Promise<WirePage<Item>>;

function listQuery<Item>(queryKey: QueryKey, read: PageOf<Item>) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => read({ limit: LIST_PAGE, ...atCursor(pageParam) }, { signal }),
    initialPageParam: firstPage,
    getNextPageParam: nextPage,
    // Another filter replaces the rows when they are there: the page does not jump in between.
    placeholderData: keepPreviousData,
    ...ON_VISIT,
  });
}

export const ordersQuery = (filters: OrdersQuery) =>
  listQuery(keys.operate('orders', filters), (part, more) => client.orders.list({ ...filters, ...part }, more));

export const recentOrdersQuery = (userId: string) =>
  queryOptions({
    queryKey: keys.operate('orders', 'recent', userId),
    queryFn: async ({ signal }) =>
      (await client.orders.list({ user_id: userId, limit: RECENT_ORDERS }, { signal })).data,
    ...ON_VISIT,
  });

export const usersQuery = (filters: UsersQuery) =>
  listQuery(keys.operate('users', filters), (part, more) => client.users.list({ ...filters, ...part }, more));

export const merchantsQuery = (filters: MerchantsQuery) =>
  listQuery(keys.operate('merchants', filters), (part, more) => client.merchants.list({ ...filters, ...part }, more));

/** Users who may be meant as borrowers: the newest, or those whom the text fits. */
export const borrowerCandidatesQuery = (search: string) =>
  queryOptions({
    queryKey: keys.operate('users', 'borrowers', search),
    queryFn: async ({ signal }) =>
      (await client.users.list({ limit: BORROWERS_SHOWN, ...(search === '' ? {} : { search }) }, { signal })).data,
    ...ON_VISIT,
  });

/** The one user with the address; null: there is none. Who was found once is not looked for again. */
const borrowerQuery = (email: string) =>
  queryOptions({
    queryKey: keys.operate('borrower', email),
    queryFn: async ({ signal }): Promise<string | null> => {
      const { data } = await client.users.list({ search: email, limit: BORROWERS_SHOWN }, { signal });
      return data.find((user) => readEmail(user.email)?.key === email)?.id ?? null;
    },
    staleTime: ({ state }) => (state.data === null ? 0 : Number.POSITIVE_INFINITY),
  });

/** The ids of those who have these addresses, in lower case. */
export const borrowersQuery = (emails: readonly string[]) =>
  queryOptions({
    queryKey: keys.operate('borrowers', emails),
    queryFn: async ({ client: cache, signal }): Promise<ReadonlyMap<string, string | null>> => {
      const found = new Map<string, string | null>();
      await eachAtOnce(emails, LOOKUPS_MAX, async (email) => {
        signal.throwIfAborted();
        found.set(email, await cache.fetchQuery(borrowerQuery(email)));
      });
      return found;
    },
    ...ON_VISIT,
  });

export const userQuery = (id: string) =>
  queryOptions({
    queryKey: keys.operate('user', id),
    queryFn: ({ signal }) => client.users.get(id, { signal }),
    ...ON_VISIT,
  });

export const auditQuery = (filters: AuditQuery) =>
  listQuery(keys.operate('audit', filters), (part, more) => client.auditLog({ ...filters, ...part }, more));

export const userKeysQuery = (id: string) =>
  listQuery(keys.operate('user', id, 'keys'), (part, more) => client.users.apiKeys(id, part, more));

export const deadLettersQuery = listQuery(keys.operate('dead-letters'), (part, more) =>
  client.deadLetters.list(part, more),
);

export const trialBalanceQuery = (asset?: string) =>
  queryOptions({
    queryKey: keys.operate('trial-balance', asset ?? 'all'),
    queryFn: ({ signal }) => client.ledger.trialBalance(asset === undefined ? {} : { asset }, { signal }),
    ...ON_VISIT,
  });

export const ledgerAccountsQuery = (filters: LedgerAccountsQuery) =>
  listQuery(keys.operate('accounts', filters), (part, more) => client.ledger.accounts({ ...filters, ...part }, more));

export const ledgerAccountQuery = (id: string) =>
  queryOptions({
    queryKey: keys.operate('account', id),
    queryFn: ({ signal }) => client.ledger.account(id, { signal }),
    ...ON_VISIT,
  });

export const accountLinesQuery = (id: string, filters: Pick<TransfersQuery, 'reason' | 'direction'>) =>
  listQuery(keys.operate('account', id, 'lines', filters), (part, more) =>
    client.accounts.transfers(id, { ...filters, ...part }, more),
  );

/** null: this server has checked nothing since it was started. */
export const verificationQuery = queryOptions({
  queryKey: keys.operate('verification'),
  queryFn: ({ signal }) => client.verifications.latest({ signal }),
  ...ON_VISIT,
});

export const searchQuery = (text: string) =>
  queryOptions({
    queryKey: keys.operate('search', text),
    queryFn: ({ signal }) => client.search(text, { signal }),
    ...ON_VISIT,
  });
