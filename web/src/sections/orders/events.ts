import type { OrderExplanationView, OrdersQuery, User, WireEventEnvelope, WireOrder } from '@millrace/contract';
import { EVENT_WORDS } from '@millrace/contract/vocabulary';
import type { QueryClient } from '@tanstack/react-query';
import { type EventHandlers, growList, keys } from '../../live/index.ts';
import { client } from '../../session/index.ts';
import type { OrderPages } from './queries.ts';
import { withDecision, withEvent, withOrder } from './reducers.ts';
import { isOrderKind } from '../../wording/index.ts';

/** So long new orders are gathered, before they are read. */
const GATHER_MS = 200;
/** Orders that are read one by one; where more come together, the list is read as a whole. */
const ONE_BY_ONE_MAX = 3;

function orderIdOf({ data }: WireEventEnvelope): string | undefined {
  const id = data['order_id'];
  return typeof id === 'string' ? id : undefined;
}

/** The order's own page moves at once, and reads again what the event does not carry: postings, and who was told. */
function happened(event: WireEventEnvelope, cache: QueryClient): void {
  const id = orderIdOf(event);
  if (id === undefined) return;
  cache.setQueryData<OrderExplanationView>(keys.orderExplanation(id), (before) => before && withEvent(before, event));
  void cache.invalidateQueries({ queryKey: keys.order(id) });
}

/** Lists move with what the event says; of an order that they do not know it says too little. */
function processed(event: WireEventEnvelope, cache: QueryClient): void {
  happened(event, cache);
  const id = orderIdOf(event);
  const isOwn = cache.getQueryData<User | null>(keys.me())?.id === event.data['user_id'];
  if (id === undefined || !isOwn || !isOrderKind(String(event.data['kind']))) return;
  let isUnknown = false;
  for (const [queryKey] of cache.getQueriesData<OrderPages>({ queryKey: keys.orders() })) {
    cache.setQueryData<OrderPages>(queryKey, (pages) => {
      const moved = pages && withDecision(pages, id, event);
      isUnknown ||= pages !== undefined && moved === undefined;
      return moved ?? pages;
    });
  }
  if (isUnknown) readSoon(id, cache);
}

const gathered = new WeakMap<QueryClient, Set<string>>();

/** Reads what is new, once for all events that come close together. */
function readSoon(id: string, cache: QueryClient): void {
  const waiting = gathered.get(cache);
  if (waiting) return void waiting.add(id);
  const ids = new Set([id]);
  gathered.set(cache, ids);
  setTimeout(() => {
    gathered.delete(cache);
    void read([...ids], cache);
  }, GATHER_MS);
}

async function read(ids: readonly string[], cache: QueryClient): Promise<void> {
  const isSeen = cache.getQueryCache().findAll({ queryKey: keys.orders(), type: 'active' }).length > 0;
  // What nobody looks at is read when it is looked at.
  if (!isSeen || ids.length > ONE_BY_ONE_MAX) return void cache.invalidateQueries({ queryKey: keys.orders() });
  try {
    for (const order of await Promise.all(ids.map((id) => client.orders.get(id)))) takeIn(order, cache);
  } catch {
    // The list is then read again as a whole.
    void cache.invalidateQueries({ queryKey: keys.orders() });
  }
}

function takeIn(order: WireOrder, cache: QueryClient): void {
  for (const [queryKey] of cache.getQueriesData<OrderPages>({ queryKey: keys.orders() })) {
    const query: OrdersQuery = queryKey[1] ?? {};
    growList<WireOrder>(cache, queryKey, (pages) => withOrder(pages, query, order));
  }
}

/** Whatever names an order has happened to it. */
export const orderEvents: EventHandlers = {
  ...Object.fromEntries(Object.keys(EVENT_WORDS).map((type) => [type, happened])),
  order_processed: processed,
};
