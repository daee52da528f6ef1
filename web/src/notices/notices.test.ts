import type { WireEventEnvelope } from '@millrace/contract';
import { QueryClient } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { keys } from '../live/keys.ts';
import {
  addNotification,
  countUnseen,
  GROWN_MAX,
  type NotificationPages,
  newestTime,
  PAGE_SIZE,
  withNewest,
} from './notices.ts';

function eventOf(id: string, time = '2026-11-21T12:00:00Z'): WireEventEnvelope {
  return { id, time, type: 'deposit_received' } as WireEventEnvelope;
}
const pages: NotificationPages = {
  pages: [
    { data: [eventOf('0-2')], has_more: true, next_cursor: 'c' },
    { data: [eventOf('0-1')], has_more: false, next_cursor: null },
  ],
  pageParams: [null, 'c'],
};

test('a new event stands first, and once, however often it comes', () => {
  const after = withNewest(pages, eventOf('0-3'));
  expect(after?.pages[0]?.data.map(({ id }) => id)).toEqual(['0-3', '0-2']);
  expect(withNewest(after, eventOf('0-3'))).toBe(after);
  expect(withNewest(after, eventOf('0-1'))).toBe(after);
});

test('before the history was read there is nothing to add to', () => {
  expect(withNewest(undefined, eventOf('0-3'))).toBeUndefined();
});

test('what came after the last look is unseen', () => {
  const events = [eventOf('0-2', '2026-11-21T12:00:01Z'), eventOf('0-1', '2026-11-21T12:00:00Z')];
  const count = (seenUntil: string | null, max = 10) => countUnseen(events, { seenUntil, says: () => true, max });
  expect(count('2026-11-21T12:00:00.000Z')).toBe(1);
  expect(count(null)).toBe(2);
  expect(count(null, 1)).toBe(1);
});

test('only what is unseen is put into words, and no more of it than is counted', () => {
  const events = Array.from({ length: 200 }, (_, n) => eventOf(`0-${n}`, `2026-11-21T12:00:${n < 50 ? '01' : '00'}Z`));
  const says = vi.fn<() => boolean>(() => true);
  expect(countUnseen(events, { seenUntil: '2026-11-21T12:00:00Z', says, max: 10 })).toBe(10);
  expect(says).toHaveBeenCalledTimes(10);
});

test('the newest is the one with the latest time, wherever it stands', () => {
  const events = [eventOf('0-2', '2026-11-21T12:00:00Z'), eventOf('1-7', '2026-11-21T12:00:03Z')];
  expect(newestTime(events)).toBe('2026-11-21T12:00:03Z');
  expect(newestTime([])).toBeUndefined();
});

test('a page that has grown long is cut back, and read again for the cursor that goes on from it', () => {
  const cache = new QueryClient();
  cache.setQueryData(keys.notifications(), pages);
  const invalidate = vi.spyOn(cache, 'invalidateQueries');
  const sizes: number[] = [];
  for (let n = 1; n <= 3 * GROWN_MAX; n += 1) {
    addNotification(cache, eventOf(`1-${n}`));
    sizes.push(
      cache.getQueryData<NotificationPages>(keys.notifications())?.pages.flatMap(({ data }) => data).length ?? 0,
    );
  }
  expect(Math.max(...sizes)).toBeLessThanOrEqual(GROWN_MAX);
  expect(Math.min(...sizes.slice(GROWN_MAX))).toBe(PAGE_SIZE);
  expect(cache.getQueryData<NotificationPages>(keys.notifications())?.pages[0]).toMatchObject({ has_more: false });
  expect(invalidate).toHaveBeenCalledWith({ queryKey: keys.notifications() });
});
