import { expect, test } from 'vitest';
import type { StoredEvent } from '../events/event.ts';
import { RecentEvents } from './recent.ts';

function events(shard: number, from: number, to: number): StoredEvent[] {
  return Array.from({ length: to - from + 1 }, (_, i) => ({
    shard,
    seq: from + i,
    type: 'deposit_received',
    subject: 'usr_x',
    userId: null,
    orderId: null,
    data: {},
    at: '2026-01-01T00:00:00.000Z',
  }));
}

test('keeps at least so many of the newest, and never more than twice as many', () => {
  const recent = new RecentEvents(10);
  for (let seq = 1; seq <= 100; seq += 1) {
    recent.add(0, events(0, seq, seq));
    const oldest = [...Array(seq).keys()].find((after) => recent.has(0, after)) as number;
    expect(seq - oldest).toBeGreaterThanOrEqual(Math.min(seq, 10));
    expect(seq - oldest).toBeLessThanOrEqual(20);
    expect(recent.after(0, oldest).map((event) => event.seq)).toEqual(
      events(0, oldest + 1, seq).map((event) => event.seq),
    );
  }
});

test('knows what it does not have', () => {
  const recent = new RecentEvents(10);
  expect(recent.has(0, 0)).toBe(false);
  recent.add(0, events(0, 5, 8));
  expect([3, 4, 7, 8].map((after) => recent.has(0, after))).toEqual([false, true, true, true]);
  expect(recent.after(0, 6).map((event) => event.seq)).toEqual([7, 8]);
  expect(recent.after(0, 8)).toEqual([]);
  expect(recent.has(1, 0)).toBe(false);
  recent.clear();
  expect(recent.has(0, 7)).toBe(false);
});
