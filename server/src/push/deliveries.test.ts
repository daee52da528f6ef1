import { expect, test } from 'vitest';
import type { StoredEvent } from '../events/event.ts';
import { Deliveries } from './deliveries.ts';

const event = (shard: number, seq: number): StoredEvent => ({ shard, seq }) as StoredEvent;
const NOBODY = { atMs: null, owner: 0, all: 0 };

test('what was handed to somebody is kept, what was not shows by its absence', () => {
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

test('the newest are kept; of what is older, and of what lay between, nothing is known any more', () => {
  const deliveries = new Deliveries(new Map(), 2);
  for (const seq of [1, 3, 5, 7]) deliveries.add(event(0, seq), { owner: 1, all: 1 });
  deliveries.add(event(1, 1), { owner: 1, all: 1 });
  expect([1, 2, 3, 4, 5].map((seq) => deliveries.of(0, seq))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(deliveries.of(0, 6)).toEqual(NOBODY);
  expect(deliveries.of(0, 7)).toMatchObject({ all: 1 });
});
