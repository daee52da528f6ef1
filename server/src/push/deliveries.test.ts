import { expect, test } from 'vitest';
import type { StoredEvent } from '../events/event.ts';
import { Deliveries } from './deliveries.ts';

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
