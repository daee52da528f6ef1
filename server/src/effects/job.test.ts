import type pg from 'pg';
import { expect, test } from 'vitest';
import { shardOf } from '../core/ids.ts';
import { expiryTask, routed } from './job.ts';

const context = { signal: new AbortController().signal };
const subject = (shard: number): string => `usr_00000000-0000-7000-8000-00000000000${shard}`;

function setUp(own: readonly number[], shardCount: number) {
  const done: string[] = [];
  const handedOn: unknown[] = [];
  const pool = { query: async (_: string, [task]: unknown[]) => void handedOn.push(task) } as unknown as pg.Pool;
  const tasks = routed(
    {
      name: 'greet',
      shardOf: ({ user }, count) => shardOf(user as string, count),
      jobOf: (payload) => ({ jobKey: `greet/${payload['user'] as string}`, payload }),
      task: async ({ user }) => void done.push(user as string),
    },
    { pool, own: new Set(own), shardCount },
  );
  return { tasks, done, handedOn };
}

test('a job of an own shard is done, one of another shard handed on to its owner', async () => {
  const { tasks, done, handedOn } = setUp([1, 2], 4);
  for (const shard of [0, 1, 2, 3]) await tasks['greet']?.({ user: subject(shard) }, context);
  expect(done).toEqual([subject(1), subject(2)]);
  expect(handedOn).toEqual(['greet:0', 'greet:3']);
});

test('what was handed on is done by the owner only', async () => {
  const { tasks, done } = setUp([1], 4);
  expect(Object.keys(tasks)).toEqual(['greet', 'greet:1']);
  await tasks['greet:1']?.({ user: subject(1) }, context);
  expect(done).toEqual([subject(1)]);
});

test('with one shard every job is done', async () => {
  const { tasks, done } = setUp([0], 1);
  await tasks['greet']?.({ user: subject(7) }, context);
  expect(done).toEqual([subject(7)]);
});

/** Expired rows by the number, and the portions in which they were deleted. */
function expired(rows: number): { portions: number[]; purgeExpired(limit: number): Promise<number> } {
  const portions: number[] = [];
  return {
    portions,
    async purgeExpired(limit) {
      const purged = Math.min(limit, rows);
      rows -= purged;
      portions.push(purged);
      return purged;
    },
  };
}

const { signal } = new AbortController();

test('what has expired is deleted in portions until a portion is not full', async () => {
  const rows = expired(2_300);
  await expiryTask(rows)({}, { signal });
  expect(rows.portions).toEqual([1_000, 1_000, 300]);
});

test('one run deletes a million rows at most', async () => {
  const rows = expired(1e9);
  await expiryTask(rows)({}, { signal });
  expect(rows.portions).toHaveLength(1_000);
});

test('a run that is told to give up stops between two portions', async () => {
  const stop = new AbortController();
  const rows = expired(1e9);
  const stopping = {
    async purgeExpired(limit: number) {
      if (rows.portions.length === 2) stop.abort();
      return rows.purgeExpired(limit);
    },
  };
  await expiryTask(stopping)({}, { signal: stop.signal });
  expect(rows.portions).toHaveLength(3);
});
