import type pg from 'pg';
import type { JsonObject } from '../core/json.ts';
import { shardOf } from '../core/shard.ts';
import { enqueue } from '../db/jobs.ts';
import type { JobTask } from './job.ts';

/** The shards of this process, and of the whole installation. */
export interface Ownership {
  own: ReadonlySet<number>;
  shardCount: number;
}

export interface RoutedJob {
  /** The name under which everybody adds the job. */
  name: string;
  task: JobTask;
  /** What the job's commands are about: its id tells their shard. */
  subjectOf(payload: JsonObject): string;
  /** The key under which everybody adds it. */
  keyOf(payload: JsonObject): string;
}

/**
 * Only the process that owns a shard decides its commands. Any other that takes such a job hands it on, under a name that
 * the owner alone knows, instead of failing at it until chance has it.
 */
export function routed(
  { name, task, subjectOf, keyOf }: RoutedJob,
  { pool, own, shardCount }: Ownership & { pool: pg.Pool },
): Record<string, JobTask> {
  const nameIn = (shard: number): string => `${name}:${shard}`;
  const tasks: Record<string, JobTask> = {
    async [name](payload, context) {
      const shard = shardOf(subjectOf(payload), shardCount);
      if (own.has(shard)) return task(payload, context);
      await enqueue(pool, nameIn(shard), [{ jobKey: keyOf(payload), payload }]);
    },
  };
  for (const shard of own) tasks[nameIn(shard)] = task;
  return tasks;
}
