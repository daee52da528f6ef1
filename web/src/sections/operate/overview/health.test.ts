import type { WireOverview } from '@millrace/contract';
import { expect, test } from 'vitest';
import { healthOf, stateOfLag, worstOf } from './health.ts';

const calm = {
  queue: { waiting: 0, max: 1_000 },
  commits: { possible: true, since: null, cause: null },
  read_models: { lag: 0 },
  consumers: [{ name: 'index', shard: 0, cursor: 5, head: 5, lag: 0, lag_seconds: 0 }],
  clock: { fault: null },
  due: { waiting: 3, done: 0 },
  overdue: { count: 0, explained: 0, checks: [] },
  jobs: { waiting: 2, failing: 0 },
  dead_letters: { waiting: 0 },
} as unknown as WireOverview;

const itemOf = (overview: WireOverview, id: string) => healthOf(overview).find((item) => item.id === id);

test('where nothing waits everything is healthy, and said to be', () => {
  expect(worstOf(healthOf(calm))).toBe('healthy');
  expect(itemOf({ ...calm, jobs: { waiting: 1, failing: 0 } }, 'jobs')?.words).toBe(
    '1 waits for its time, or for the outside.',
  );
  expect(itemOf(calm, 'jobs')?.words).toBe('2 wait for their time, or for the outside.');
});

test('a queue that grows is behind, and one that is nearly full is failing', () => {
  expect(itemOf({ ...calm, queue: { waiting: 300, max: 1_000 } }, 'queue')?.state).toBe('behind');
  const full = { ...calm, queue: { waiting: 950, max: 1_000 } };
  expect(itemOf(full, 'queue')).toMatchObject({ state: 'failing' });
  expect(worstOf(healthOf(full))).toBe('failing');
});

test('an order path that can record nothing is failing', () => {
  const commits = { possible: false, since: '2026-01-01T00:00:00.000Z', cause: '53100' };
  expect(itemOf({ ...calm, commits }, 'queue')).toEqual({
    id: 'queue',
    label: 'Order path',
    state: 'failing',
    words: 'The database takes no writes: new orders are refused.',
  });
});

test('the slowest consumer is named', () => {
  const consumers = [
    { name: 'index', shard: 0, cursor: 5, head: 5, lag: 0, lag_seconds: 0 },
    { name: 'errands', shard: 0, cursor: 1, head: 5, lag: 4, lag_seconds: 40 },
  ];
  expect(itemOf({ ...calm, consumers }, 'consumers')).toMatchObject({
    state: 'behind',
    words: 'errands is 40 s behind.',
  });
  expect(stateOfLag(600)).toBe('failing');
});

test('what is due says how far it is after a stop, and that it waits for the clock', () => {
  expect(itemOf(calm, 'due')?.state).toBe('healthy');
  expect(itemOf({ ...calm, due: { waiting: 3_800, done: 1_200 } }, 'due')).toMatchObject({
    state: 'behind',
    words: 'Catching up: 1,200 of 5,000.',
  });
  expect(itemOf({ ...calm, due: { waiting: 10_000, done: 10_000 } }, 'due')?.words).toBe(
    'Catching up: 10,000 of 20,000 or more.',
  );
  const held = { ...calm, clock: { ...calm.clock, fault: 'gap' } } as WireOverview;
  expect(itemOf(held, 'due')).toMatchObject({
    state: 'failing',
    words: '3 wait until the clock is right or confirmed.',
  });
});

test('a dead letter is failing until an operator has dealt with it, and leads to where that is done', () => {
  expect(itemOf({ ...calm, dead_letters: { waiting: 1 } }, 'dead-letters')).toEqual({
    id: 'dead-letters',
    label: 'Dead letters',
    state: 'failing',
    words: '1 order waits for an operator.',
    to: '/operate/dead-letters',
  });
  expect(itemOf({ ...calm, dead_letters: { waiting: 10_000 } }, 'dead-letters')?.words).toContain('10,000 or more');
});

test('what is overdue is a warning, and what is explained is none', () => {
  const overdue = (count: number, explained: number) => ({ ...calm, overdue: { count, explained, checks: [] } });
  expect(itemOf(calm, 'overdue')).toMatchObject({ state: 'healthy', words: 'Nothing is overdue.' });
  expect(itemOf(overdue(1, 0), 'overdue')).toMatchObject({ state: 'behind', words: '1 is overdue.' });
  expect(itemOf(overdue(1_200, 1), 'overdue')?.words).toBe('1,200 are overdue. 1 waits for a known reason.');
  expect(itemOf(overdue(0, 3), 'overdue')).toMatchObject({ state: 'healthy', words: '3 wait for a known reason.' });
  expect(worstOf(healthOf(overdue(1, 0)))).toBe('behind');
});
