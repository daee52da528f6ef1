import type { WireEventEnvelope } from '@millrace/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { keys } from '../live/keys.ts';
import type { Notice } from '../sections/section.ts';
import { client } from '../session/index.ts';

/** As many as the bell shows, and some that say nothing to a person. */
const PAGE_SIZE = 40;

type NoticeOf = (event: WireEventEnvelope) => Notice | undefined;
const NoticeContext = createContext<NoticeOf>(() => undefined);
export const NoticeProvider = NoticeContext.Provider;

export interface Notification {
  event: WireEventEnvelope;
  notice: Notice;
}

export interface Notifications {
  /** Newest first: events of one's own that have words. */
  items: Notification[];
  query: Pick<
    ReturnType<typeof useInfiniteQuery>,
    | 'data'
    | 'isError'
    | 'error'
    | 'isFetching'
    | 'hasNextPage'
    | 'isFetchingNextPage'
    | 'isFetchNextPageError'
    | 'fetchNextPage'
    | 'refetch'
  >;
}

/** The history of one's own events, kept fresh by the channel `me`. */
export function useNotifications(): Notifications {
  const noticeOf = useContext(NoticeContext);
  const query = useInfiniteQuery({
    queryKey: keys.notifications(),
    queryFn: ({ pageParam, signal }) =>
      client.events.own({ limit: PAGE_SIZE, ...(pageParam === null ? {} : { cursor: pageParam }) }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ has_more, next_cursor }) => (has_more ? next_cursor : undefined),
  });
  const items = (query.data?.pages ?? [])
    .flatMap(({ data }) => data)
    .flatMap((event) => {
      const notice = noticeOf(event);
      return notice ? [{ event, notice }] : [];
    });
  return { items, query };
}
