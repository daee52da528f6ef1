import { expect, test } from 'vitest';
import type { StoredEvent } from '../events/event.ts';
import { Deliveries, RecentEvents } from './event-memory.ts';

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

const event = (shard: number, seq: number): StoredEvent => ({ shard, seq }) as StoredEvent;
const NOBODY = { atMs: null, owner: 0, all: 0 };

test('what was handed to a connection is kept, what was not shows by its absence', () => {
  const deliveries = new Deliveries(new Map([[0, 10]]));
  deliveries.add(event(0, 11), { owner: 1, all: 3 });
  deliveries.add(event(0, 12), { owner: 0, all: 0 });
  expect(deliveries.of(0, 11)).toEqual({ atMs: expect.any(Number), owner: 1, all: 3 });
  expect(deliveries.of(0, 12)).toEqual(NOBODY);
  expect(deliveries.of(1, 1)).toEqual(NOBODY);
});

test('what was there before the process began is not known', () => {
  expect(new Deliveries(new Map([[0, 10]])).of(0, 10)).toBeUndefined();
});

test('of the newest of each shard it is kept; of what is older nothing is known any more', () => {
  const deliveries = new Deliveries(new Map(), 3);
  for (const seq of [1, 2, 3, 4]) deliveries.add(event(0, seq), { owner: 0, all: seq === 3 ? 0 : 1 });
  deliveries.add(event(1, 1), { owner: 1, all: 1 });
  expect([1, 2, 3, 4].map((seq) => deliveries.of(0, seq)?.all)).toEqual([undefined, 1, 0, 1]);
  expect(deliveries.of(1, 1)).toMatchObject({ owner: 1 });
  // What took the place of an older event does not pass for it.
  deliveries.add(event(0, 5), { owner: 0, all: 0 });
  expect([2, 5].map((seq) => deliveries.of(0, seq))).toEqual([undefined, NOBODY]);
});
