import { expect, test } from 'vitest';
import type { StoredEvent } from '../events/event.ts';
import { createRecentCounts } from './recent-counts.ts';

function event(seq: number, more: Partial<StoredEvent> = {}): StoredEvent {
  const data = { kind: 'pay', status: 'completed' };
  const at = '2026-03-09T10:00:30.000Z';
  return { shard: 0, seq, type: 'order_processed', subject: 'x', userId: null, orderId: null, data, at, ...more };
}

const pays = (count: number, opened = 0) => ({
  at: new Date('2026-03-09T10:00:00Z'),
  type: 'order_processed',
  kind: 'pay',
  status: 'completed',
  count,
  opened,
});

test('events are counted by minute, type, kind and status; only orders have a kind, and some types do not count', () => {
  const counts = createRecentCounts(100);
  counts.record(0, [
    event(1, { opensOrder: true }),
    event(2, { type: 'deposit_received' }),
    event(3, { type: 'loan_created', data: { status: 'open' } }),
    event(4, { data: { kind: 'pay', status: 'rejected' } }),
    event(5, { at: '2026-03-09T10:01:00.000Z' }),
  ]);
  counts.record(0, [event(6)]);
  expect(counts.tally(0, 0, 6)).toEqual([
    pays(2, 1),
    { ...pays(1), type: 'loan_created', kind: '', status: '' },
    { ...pays(1), status: 'rejected' },
    { ...pays(1), at: new Date('2026-03-09T10:01:00Z') },
  ]);
  expect(counts.tally(0, 1, 4)?.map(({ type, status }) => `${type} ${status}`)).toEqual([
    'loan_created ',
    'order_processed rejected',
  ]);
});

test('events of a time before 1970, which a clock that was never set gives, are counted like others', () => {
  const counts = createRecentCounts(100);
  const at = '1931-01-01T00:00:10.000Z';
  counts.record(0, [event(1), event(2, { at, data: { kind: 'pay', status: 'rejected' } })]);
  const rejected = { ...pays(1), status: 'rejected', at: new Date('1931-01-01T00:00:00Z') };
  expect(counts.tally(0, 0, 2)).toEqual([pays(1), rejected]);
});

test('what was forgotten, is not there yet, or is of another shard is not known', () => {
  const counts = createRecentCounts(4);
  counts.record(
    0,
    [1, 2, 3].map((seq) => event(seq)),
  );
  expect(counts.tally(0, 0, 3)).toEqual([pays(3)]);
  expect(counts.tally(0, 0, 4)).toBeUndefined();
  expect(counts.tally(1, 0, 1)).toBeUndefined();
  counts.record(
    0,
    [4, 5, 6].map((seq) => event(seq)),
  );
  expect(counts.tally(0, 1, 6)).toBeUndefined();
  expect(counts.tally(0, 2, 6)).toEqual([pays(4)]);
});

test('events that another process wrote in between make what was before them worthless', () => {
  const counts = createRecentCounts(100);
  counts.record(0, [event(1), event(2)]);
  counts.record(0, [event(5), event(6)]);
  expect(counts.tally(0, 0, 2)).toBeUndefined();
  expect(counts.tally(0, 3, 6)).toBeUndefined();
  expect(counts.tally(0, 4, 6)).toEqual([pays(2)]);
});

test('more events at once than are kept leave the newest', () => {
  const counts = createRecentCounts(4);
  counts.record(
    0,
    Array.from({ length: 11 }, (_, index) => event(index + 1)),
  );
  expect(counts.tally(0, 7, 11)).toEqual([pays(4)]);
  expect(counts.tally(0, 6, 11)).toBeUndefined();
});
