import type pg from 'pg';
import { expect, test } from 'vitest';
import { shardOf } from '../core/ids.ts';
import { routed } from './job.ts';

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
