import type { WireEventEnvelope, WirePage } from '@millrace/contract';
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { keys } from '../live/keys.ts';

export type NotificationPages = InfiniteData<WirePage<WireEventEnvelope>, string | null>;

/** What one reading brings: as many as the bell shows, and some that say nothing to a person. */
export const PAGE_SIZE = 40;
/** What the first page grows to while events come. Then it is read again, as one page with the cursor that goes on from it. */
export const GROWN_MAX = 200;

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

function isGrown(pages: NotificationPages | undefined): boolean {
  return (pages?.pages[0]?.data.length ?? 0) >= GROWN_MAX;
}

/** The newest only. Its end is not the cursor's any more, so that nothing can be read on from it. */
function cutBack({ pages, pageParams }: NotificationPages): NotificationPages {
  const data = pages[0]?.data.slice(0, PAGE_SIZE) ?? [];
  return { pages: [{ data, has_more: false, next_cursor: null }], pageParams: pageParams.slice(0, 1) };
}

/** An event of one's own arrived. */
export function addNotification(cache: QueryClient, event: WireEventEnvelope): void {
  const key = keys.notifications();
  const pages = cache.setQueryData<NotificationPages>(key, (before) => withNewest(before, event));
  if (!pages || !isGrown(pages)) return;
  cache.setQueryData<NotificationPages>(key, cutBack(pages));
  void cache.invalidateQueries({ queryKey: key });
}

/** The time of the newest: events of several shards have no other order. undefined: there is none. */
export function newestTime(events: readonly WireEventEnvelope[]): string | undefined {
  return events.reduce<string | undefined>(
    (newest, { time }) => (newest === undefined || Date.parse(time) > Date.parse(newest) ? time : newest),
    undefined,
  );
}

/**
 * How many of the events are newer than what was seen and say something to a person; no further than `max` is counted, so
 * that few are put into words.
 */
export function countUnseen(
  events: readonly WireEventEnvelope[],
  { seenUntil, says, max }: { seenUntil: string | null; says: (event: WireEventEnvelope) => boolean; max: number },
): number {
  const seen = seenUntil === null ? Number.NEGATIVE_INFINITY : Date.parse(seenUntil);
  let count = 0;
  for (const event of events) {
    if (Date.parse(event.time) > seen && says(event)) count += 1;
    if (count === max) break;
  }
  return count;
}
