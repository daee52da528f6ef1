import type { OrderExplanationView, OrdersQuery, User, WireEventEnvelope } from '@millrace/contract';
import type { QueryClient } from '@tanstack/react-query';
import { type EventHandlers, keys } from '../../live/index.ts';
import { client } from '../../session/index.ts';
import type { OrderPages } from './queries.ts';
import { withEvent, withOrder } from './reducers.ts';
import { isOrderKind } from './words.ts';

function orderIdOf({ data }: WireEventEnvelope): string | undefined {
  const id = data['order_id'];
  return typeof id === 'string' ? id : undefined;
}

/** The order's own page moves at once, and reads again what the event does not carry: postings, and who was told. */
function happened(event: WireEventEnvelope, cache: QueryClient): void {
  const id = orderIdOf(event);
  if (id === undefined || cache.getQueryData(keys.orderExplanation(id)) === undefined) return;
  cache.setQueryData<OrderExplanationView>(keys.orderExplanation(id), (before) => before && withEvent(before, event));
  void cache.invalidateQueries({ queryKey: keys.order(id) });
}

function processed(event: WireEventEnvelope, cache: QueryClient): void {
  happened(event, cache);
  const id = orderIdOf(event);
  const isOwn = cache.getQueryData<User | null>(keys.me())?.id === event.data['user_id'];
  if (id === undefined || !isOwn || !isOrderKind(String(event.data['kind']))) return;
  void takeIn(id, cache);
}

/** The event has not all of the order; one small reading brings it to every list that there is. */
async function takeIn(id: string, cache: QueryClient): Promise<void> {
  const lists = cache.getQueryCache().findAll({ queryKey: keys.orders() });
  if (lists.length === 0) return;
  try {
    const order = await client.orders.get(id);
    for (const [queryKey] of cache.getQueriesData<OrderPages>({ queryKey: keys.orders() })) {
      const query: OrdersQuery = queryKey[1] ?? {};
      cache.setQueryData<OrderPages>(queryKey, (pages) => pages && withOrder(pages, query, order));
    }
  } catch {
    // The list is then read again as a whole when it is looked at next.
    void cache.invalidateQueries({ queryKey: keys.orders() });
  }
}

export const orderEvents: EventHandlers = {
  order_processed: processed,
  deposit_received: happened,
  transfer_received: happened,
  withdrawal_requested: happened,
  withdrawal_sent: happened,
  withdrawal_settled: happened,
  payment_processed: happened,
  payment_paid: happened,
  payment_finalized: happened,
  dead_letter_added: happened,
};
