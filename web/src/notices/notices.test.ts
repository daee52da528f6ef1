import type { WireEventEnvelope } from '@millrace/contract';
import { expect, test } from 'vitest';
import { countUnseen, type NotificationPages, withNewest } from './notices.ts';

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
  expect(countUnseen(events, '2026-11-21T12:00:00.000Z')).toBe(1);
  expect(countUnseen(events, null)).toBe(2);
});
