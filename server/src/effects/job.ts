import { REASONS } from '@millrace/contract';
import type pg from 'pg';
import type { JsonObject } from '../core/json.ts';
import type { OrderAnswer } from '../core/order.ts';
import { enqueue, type NewJob } from '../db/jobs.ts';
import type { Identity } from '../intake/identity/index.ts';
import type { Answer } from '../intake/intake.ts';
import type { Retention } from '../retention/retention.ts';

export interface JobContext {
  /** Aborted when the process is about to end: whatever waits for the outside gives up, and the job is done again. */
  signal: AbortSignal;
}

/**
 * Does one job. What it throws is logged, and the job is tried again: it must be harmless to do it twice, also at the same
 * time.
 */
export type JobTask = (payload: JsonObject, context: JobContext) => Promise<void>;

/** The shards of this process, and of the whole installation. */
export interface Ownership {
  own: ReadonlySet<number>;
  shardCount: number;
}

export interface RoutedJob {
  /** The name under which everybody adds the job. */
  name: string;
  task: JobTask;
  /** Where the job's commands will be decided. */
  shardOf(payload: JsonObject, shardCount: number): number;
  /** The job as everybody adds it. */
  jobOf(payload: JsonObject): NewJob;
}

/** What a job is called that only the owner of the shard takes. */
export const nameIn = (name: string, shard: number): string => `${name}:${shard}`;

/**
 * Only the process that owns a shard decides its commands. Any other that takes such a job hands it on, under a name that
 * the owner alone knows, instead of failing at it until chance has it.
 */
export function routed(
  { name, task, shardOf, jobOf }: RoutedJob,
  { pool, own, shardCount }: Ownership & { pool: pg.Pool },
): Record<string, JobTask> {
  const tasks: Record<string, JobTask> = {
    async [name](payload, context) {
      const shard = shardOf(payload, shardCount);
      if (own.has(shard)) return task(payload, context);
      await enqueue(pool, nameIn(name, shard), [jobOf(payload)]);
    },
  };
  for (const shard of own) tasks[nameIn(name, shard)] = task;
  return tasks;
}

/**
 * The order of a command that was decided.
 *
 * @throws Error where it was not decided (the queue is full, the process ends, …), or became a dead letter: it has to be
 *   submitted again, which after an operator's retry of the letter finds what that has decided.
 */
export function submitted(answer: Answer): OrderAnswer {
  if (!answer.ok) throw new Error(`${answer.problem.code}: ${answer.problem.detail}`);
  const { order } = answer;
  if (order.status === 'failed')
    throw new Error(`${order.kind} ${order.id} is a dead letter: ${REASONS.internal_error}`);
  return order;
}

/** Rows of one statement: few enough that nobody waits for its locks. */
const PORTION = 1_000;
/** A run ends after a million rows, 1,600 for each second since the last one; what is left is there at the next. */
const PORTIONS_MAX = 1_000;

/** Deletes what has expired: sessions, tickets and keys would pile up otherwise. Belongs among the scheduler's tasks. */
export function expiryTask(identity: Pick<Identity, 'purgeExpired'>): JobTask {
  return async (_payload, { signal }) => {
    for (let portion = 0; portion < PORTIONS_MAX; portion += 1) {
      if (signal.aborted || (await identity.purgeExpired(PORTION)) < PORTION) return;
    }
  };
}

/** Drops history that the ledger does not need. Belongs among the scheduler's tasks; paces and bounds itself. */
export function retentionTask(retention: Pick<Retention, 'run'>): JobTask {
  return async (_payload, { signal }) => {
    await retention.run(signal);
  };
}
