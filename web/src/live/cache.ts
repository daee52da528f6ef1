import type { EventType, WireEventEnvelope } from '@millrace/contract';
import { hashKey, type Query, QueryClient, type QueryKey } from '@tanstack/react-query';
import { eventView } from './late-reads.ts';

/** What a section does with an event: patches or invalidates the queries that it changes. */
export type EventHandler = (event: WireEventEnvelope, cache: QueryClient) => void;
export type EventHandlers = { readonly [Type in EventType]?: EventHandler };

/** With an event that no page shows anything of. */
export const changesNothing: EventHandler = () => {};

/**
 * Every section's handlers as one function. Several sections may follow the same type. A reading that is on its way while
 * one of them changes what it is to bring is done once more.
 */
export function dispatcherOf(sections: readonly EventHandlers[]): EventHandler {
  const byType = new Map<string, EventHandler[]>();
  for (const handlers of sections) {
    for (const [type, handler] of Object.entries(handlers)) {
      byType.set(type, [...(byType.get(type) ?? []), handler]);
    }
  }
  return (event, cache) => {
    for (const handler of byType.get(event.type) ?? []) handler(event, eventView(cache));
  };
}

/**
 * Nothing polls, and nothing is read again because a window got the focus: events say what has changed. The client
 * repeats what may be repeated, so queries do not.
 */
export function createCache(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 10 * 60_000,
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}

/** Queries that no channel keeps fresh: they have a stream of their own, or change only by what this page does. */
const APART: ReadonlySet<unknown> = new Set(['me', 'installation', 'api-keys']);

function isKeptFresh({ queryKey }: Pick<Query, 'queryKey'>): boolean {
  return !APART.has(queryKey[0]);
}

/** Events were missed: everything that they would have changed is read again, what is on the screen at once. */
export function readAgain(cache: QueryClient): void {
  void eventView(cache).invalidateQueries({ predicate: isKeptFresh });
}

/** The server is back: what failed meanwhile is tried again. */
export function retryFailed(cache: QueryClient): void {
  void cache.invalidateQueries({ predicate: ({ state }) => state.status === 'error' });
}

/** One order brings several events, and a loan that is repaid brings many: so long they are gathered before one reading. */
const GATHER_MS = 100;

const gathered = new WeakMap<QueryClient, Map<string, QueryKey>>();

/** Has what stands under these keys read again, once for all events that come close together. */
export function refreshSoon(cache: QueryClient, ...queryKeys: readonly QueryKey[]): void {
  const waiting = gathered.get(cache);
  const wanted = waiting ?? new Map<string, QueryKey>();
  for (const queryKey of queryKeys) wanted.set(hashKey(queryKey), queryKey);
  if (waiting) return;
  gathered.set(cache, wanted);
  setTimeout(() => {
    gathered.delete(cache);
    for (const queryKey of wanted.values()) void cache.invalidateQueries({ queryKey });
  }, GATHER_MS);
}
