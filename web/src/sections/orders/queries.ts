import type { OrderKindName, OrdersQuery, WireOrder } from '@millrace/contract';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { keys, type Pages } from '../../live/index.ts';
import { wordIn } from '../../navigation/index.ts';
import { client } from '../../session/index.ts';
import { ORDER_KINDS, ORDER_STATUSES } from '../../wording/index.ts';

/** Orders of one page: two screens. */
const ORDERS_PAGE = 30;

export type OrderPages = Pages<WireOrder>;

/** What the list shows, as its address says it. */
export interface OrderFilters {
  kind: OrderKindName | undefined;
  status: WireOrder['status'] | undefined;
}

export function readFilters(raw: Record<string, unknown>): OrderFilters {
  return {
    kind: wordIn(raw, 'kind', ORDER_KINDS),
    status: wordIn(raw, 'status', ORDER_STATUSES),
  };
}

export function queryOf({ kind, status }: OrderFilters): OrdersQuery {
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(status === undefined ? {} : { status }),
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
