import type { OrderKindName, OrdersQuery, WireOrder, WirePage } from '@millrace/contract';
import { type InfiniteData, infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { keys } from '../../live/index.ts';
import { textIn, wordIn } from '../../navigation/index.ts';
import { client } from '../../session/index.ts';
import { ORDER_KINDS, ORDER_STATUSES } from './words.ts';

/** Orders of one page: two screens. */
const ORDERS_PAGE = 30;

export type OrderPages = InfiniteData<WirePage<WireOrder>, string | null>;

/** What the list shows, as its address says it. */
export interface OrderFilters {
  kind: OrderKindName | undefined;
  status: WireOrder['status'] | undefined;
  /** Operators: somebody else's. */
  user: string | undefined;
}

export function readFilters(raw: Record<string, unknown>): OrderFilters {
  return {
    kind: wordIn(raw, 'kind', ORDER_KINDS),
    status: wordIn(raw, 'status', ORDER_STATUSES),
    user: textIn(raw, 'user'),
  };
}

export function queryOf({ kind, status, user }: OrderFilters): OrdersQuery {
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(status === undefined ? {} : { status }),
    ...(user === undefined ? {} : { user_id: user }),
  };
}

export const ordersQuery = (filters: OrdersQuery) =>
  infiniteQueryOptions({
    queryKey: keys.orders(filters),
    queryFn: ({ pageParam, signal }) =>
      client.orders.list(
        { ...filters, limit: ORDERS_PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ has_more, next_cursor }) => (has_more ? next_cursor : undefined),
    placeholderData: keepPreviousData,
  });

export const explanationQuery = (id: string) =>
  queryOptions({ queryKey: keys.orderExplanation(id), queryFn: ({ signal }) => client.orders.explain(id, { signal }) });
