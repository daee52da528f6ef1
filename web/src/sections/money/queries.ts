import type {
  HoldingsQuery,
  HoldingView,
  MerchantView,
  TransfersQuery,
  WireAccount,
  WireOrder,
  WirePage,
  WireTransfer,
} from '@millrace/contract';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { atCursor, firstPage, keys, nextPage } from '../../live/index.ts';
import { client } from '../../session/index.ts';

const LIST_PAGE = 50;
/** The longest page that the server gives. */
const WHOLE_PAGE = 200;
/** Accounts of one person that a choice offers: one for each loan ever invested in. Beyond, the oldest loans' are left out. */
const ACCOUNTS_MAX = 1_000;
/** Withdrawals wait for seconds, so that the newest hundreds of orders hold all that is pending. */
const PENDING_PAGES_MAX = 5;
const RECENT_LINES = 10;
/** Merchants that a choice offers; one that is not among them is found by another letter. */
const MERCHANTS_SHOWN = 50;

export const accountsQuery = queryOptions({
  queryKey: keys.allAccounts(),
  queryFn: async ({ signal }): Promise<WireAccount[]> => {
    const accounts: WireAccount[] = [];
    for await (const account of client.accounts.all({ limit: WHOLE_PAGE }, { signal })) {
      if (accounts.push(account) >= ACCOUNTS_MAX) break;
    }
    return accounts;
  },
});

export const portfolioQuery = queryOptions({
  queryKey: keys.portfolio(),
  queryFn: ({ signal }) => client.portfolio.get({}, { signal }),
});

export const holdingsQuery = (query: Pick<HoldingsQuery, 'sort' | 'status'>) =>
  infiniteQueryOptions({
    queryKey: keys.holdings(query),
    queryFn: ({ pageParam, signal }): Promise<WirePage<HoldingView>> =>
      client.portfolio.holdings({ ...query, limit: LIST_PAGE, ...atCursor(pageParam) }, { signal }),
    initialPageParam: firstPage,
    getNextPageParam: nextPage,
    placeholderData: keepPreviousData,
  });

export type LinesQuery = Pick<TransfersQuery, 'from' | 'to' | 'reason' | 'direction'>;

export const linesQuery = (accountId: string, query: LinesQuery) =>
  infiniteQueryOptions({
    queryKey: keys.transfers(accountId, query),
    queryFn: ({ pageParam, signal }): Promise<WirePage<WireTransfer>> =>
      client.accounts.transfers(accountId, { ...query, limit: LIST_PAGE, ...atCursor(pageParam) }, { signal }),
    initialPageParam: firstPage,
    getNextPageParam: nextPage,
    placeholderData: keepPreviousData,
  });

/** The part of a query that balances depend on. */
export function periodIn({ from, to }: LinesQuery): Pick<LinesQuery, 'from' | 'to'> {
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

export const balancesQuery = (accountId: string, query: LinesQuery) => {
  const period = periodIn(query);
  return queryOptions({
    queryKey: keys.periodBalances(accountId, period),
    queryFn: ({ signal }) => client.accounts.balances(accountId, period, { signal }),
    placeholderData: keepPreviousData,
  });
};

/** The address that `linesQuery` reads first. */
export function linesPath(accountId: string, query: LinesQuery): string {
  const search = new URLSearchParams({ ...query, limit: String(LIST_PAGE) });
  return `/v1/accounts/${accountId}/transfers?${search.toString()}`;
}

export const recentLinesQuery = (accountId: string) =>
  queryOptions({
    queryKey: keys.transfers(accountId, { recent: RECENT_LINES }),
    queryFn: async ({ signal }): Promise<WireTransfer[]> =>
      (await client.accounts.transfers(accountId, { limit: RECENT_LINES }, { signal })).data,
  });

export const pendingWithdrawalsQuery = queryOptions({
  queryKey: keys.pendingWithdrawals(),
  queryFn: async ({ signal }): Promise<WireOrder[]> => {
    const found: WireOrder[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < PENDING_PAGES_MAX; page += 1) {
      const query = { kind: 'withdraw', status: 'pending', limit: WHOLE_PAGE, ...atCursor(cursor) } as const;
      const { data, has_more, next_cursor }: WirePage<WireOrder> = await client.orders.list(query, { signal });
      found.push(...data);
      if (!has_more) break;
      cursor = next_cursor;
    }
    return found;
  },
});

/** Merchants whose name or handle has this in it. */
export const merchantsQuery = (search: string) =>
  queryOptions({
    queryKey: keys.merchants(search),
    queryFn: async ({ signal }): Promise<MerchantView[]> =>
      (await client.merchants.list({ limit: MERCHANTS_SHOWN, ...(search === '' ? {} : { search }) }, { signal })).data,
    // No event tells of an operator's registration.
    staleTime: 0,
  });
