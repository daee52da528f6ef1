import type { WireEventEnvelope, WirePage } from '@millrace/contract';
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { keys } from '../live/keys.ts';

export type NotificationPages = InfiniteData<WirePage<WireEventEnvelope>, string | null>;

/** Puts a new event before those that were read: nothing is read again for it. */
export function withNewest(
  pages: NotificationPages | undefined,
  event: WireEventEnvelope,
): NotificationPages | undefined {
  const [first, ...rest] = pages?.pages ?? [];
  if (!pages || !first) return pages;
  if (pages.pages.some(({ data }) => data.some(({ id }) => id === event.id))) return pages;
  return { ...pages, pages: [{ ...first, data: [event, ...first.data] }, ...rest] };
}

/** An event of one's own arrived. */
export function addNotification(cache: QueryClient, event: WireEventEnvelope): void {
  cache.setQueryData<NotificationPages>(keys.notifications(), (pages) => withNewest(pages, event));
}

/** How many of the notices are newer than what was seen: times are compared, since events of several shards have no other order. */
export function countUnseen(events: readonly WireEventEnvelope[], seenUntil: string | null): number {
  const seen = seenUntil === null ? Number.NEGATIVE_INFINITY : Date.parse(seenUntil);
  return events.filter(({ time }) => Date.parse(time) > seen).length;
}
