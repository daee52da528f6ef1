import { hashKey, type QueryClient, type QueryKey } from '@tanstack/react-query';

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
