import type { WireEventEnvelope, WirePage } from '@millrace/contract';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { createContext, useContext, useMemo } from 'react';
import type { NamedEvent } from '../live/event-data.ts';
import { keys } from '../live/keys.ts';
import { usePages } from '../live/use-pages.ts';
import type { Notice } from '../sections/section.ts';
import { client } from '../session/index.ts';
import { countUnseen, PAGE_SIZE } from './notices.ts';

type NoticeOf = (event: WireEventEnvelope) => Notice | undefined;
const NoticeContext = createContext<NoticeOf>(() => undefined);
export const NoticeProvider = NoticeContext.Provider;

export interface Notification {
  event: NamedEvent;
  notice: Notice;
}

export interface Notifications {
  /** Newest first: events of one's own, also those that say nothing to a person. */
  events: readonly WireEventEnvelope[];
  query: UseInfiniteQueryResult<InfiniteData<WirePage<WireEventEnvelope>>>;
}

/** The history of one's own events, kept fresh by the channel `me`. */
export function useNotifications(): Notifications {
  const query = usePages({
    queryKey: keys.notifications(),
    queryFn: ({ pageParam, signal }) =>
      client.events.own({ limit: PAGE_SIZE, ...(pageParam === null ? {} : { cursor: pageParam }) }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ has_more, next_cursor }) => (has_more ? next_cursor : undefined),
  });
  const events = useMemo(() => query.data?.pages.flatMap(({ data }) => data) ?? [], [query.data]);
  return { events, query };
}

/** The newest of the events that have words, `max` at most: for what shows them, while it does. */
export function useNotices(events: readonly WireEventEnvelope[], max = Number.POSITIVE_INFINITY): Notification[] {
  const noticeOf = useContext(NoticeContext);
  return useMemo(() => {
    const found: Notification[] = [];
    for (const event of events) {
      if (found.length >= max) break;
      const notice = noticeOf(event);
      if (notice) found.push({ event, notice });
    }
    return found;
  }, [events, noticeOf, max]);
}

/** How many notices are newer than what was seen, counted up to `max`. */
export function useUnseen(events: readonly WireEventEnvelope[], seenUntil: string | null, max: number): number {
  const noticeOf = useContext(NoticeContext);
  return useMemo(
    () => countUnseen(events, { seenUntil, says: (event) => noticeOf(event) !== undefined, max }),
    [events, seenUntil, noticeOf, max],
  );
}
