import { type Query, type QueryClient, type QueryFilters, type QueryKey } from '@tanstack/react-query';

/** A list that many events change is read again and again while they come: ever less often, up to this. */
const DELAY_MS = 1_000;
const DELAY_MS_MAX = 10_000;

interface LateReads {
  mark(filters: QueryFilters): void;
}

/**
 * Readings that were on their way when an event came. What they bring may be older than the event, and would stand there for
 * good: they are done once more.
 */
function watchReads(cache: QueryClient): LateReads {
  const late = new WeakSet<Query>();
  const inARow = new WeakMap<Query, number>();

  function again(query: Query): void {
    const count = inARow.get(query) ?? 0;
    inARow.set(query, count + 1);
    const delay = count === 0 ? 0 : Math.min(DELAY_MS * 2 ** (count - 1), DELAY_MS_MAX);
    setTimeout(() => void cache.invalidateQueries({ queryKey: query.queryKey, exact: true }), delay);
  }

  cache.getQueryCache().subscribe((notice) => {
    if (notice.type !== 'updated') return;
    const { query, action } = notice;
    const isRead = action.type === 'success' && action.manual !== true;
    // A reading that was broken off has put back what was there when it began.
    const isOver = isRead || action.type === 'setState';
    if (isOver && late.delete(query)) again(query);
    else if (isRead) inARow.delete(query);
    else if (action.type === 'error') late.delete(query);
  });

  return {
    mark(filters) {
      for (const query of cache.getQueryCache().findAll({ ...filters, fetchStatus: 'fetching' })) late.add(query);
    },
  };
}

const views = new WeakMap<QueryClient, QueryClient>();

/** The cache for those who change it by events: a change also counts for what is being read meanwhile. */
export function eventView(cache: QueryClient): QueryClient {
  const known = views.get(cache);
  if (known) return known;
  const reads = watchReads(cache);
  /** What is changed by a call, as a filter; undefined: nothing. */
  const changedBy = (method: PropertyKey, what: unknown): QueryFilters | undefined => {
    if (method === 'setQueryData') return { queryKey: what as QueryKey, exact: true };
    if (method === 'setQueriesData') return what as QueryFilters;
    // A repeated reading is begun again by the invalidation itself; a first one is not.
    if (method === 'invalidateQueries') {
      const { predicate, ...filters } = what as QueryFilters;
      return {
        ...filters,
        predicate: (query) => query.state.data === undefined && (predicate === undefined || predicate(query)),
      };
    }
    return undefined;
  };
  const view = new Proxy(cache, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]): unknown => {
        const filters = changedBy(name, given[0]);
        if (filters) reads.mark(filters);
        return Reflect.apply(value, target, given);
      };
    },
  });
  views.set(cache, view);
  return view;
}
