import type pg from 'pg';
import type { JsonObject } from '../core/json.ts';
import { jsonArray, textArray, timestampArray } from './arrays.ts';

/**
 * How often a job is tried before it is left as failed: a job that fails is tried again every minute, so this is a week.
 * What has a deadline ends by itself before.
 */
const JOB_ATTEMPTS_MAX = 10_000;

export interface NewJob {
  payload: JsonObject;
  /** At most one waiting job has this key: a second takes the first one's place. */
  jobKey: string;
  /** Not before this. Default now. */
  runAt?: Date;
}

const ADD_JOBS = `select count(job.id)
from unnest($2::json[], $3::text[], $4::timestamptz[]) as v (payload, job_key, run_at)
cross join lateral graphile_worker.add_job($1::text, payload := v.payload, job_key := v.job_key, run_at := v.run_at,
  max_attempts := ${JOB_ATTEMPTS_MAX}) as job`;

/**
 * Adds jobs within the caller's transaction: they exist when it commits, and not otherwise. The scheduler's tables must be
 * there (`prepare` of the scheduler), on any database connection.
 *
 * @param task the name under which the scheduler knows who does it.
 */
export async function enqueue(
  client: Pick<pg.ClientBase, 'query'>,
  task: string,
  jobs: readonly NewJob[],
): Promise<void> {
  if (jobs.length === 0) return;
  await client.query(ADD_JOBS, [
    task,
    jsonArray(jobs.map(({ payload }) => JSON.stringify(payload))),
    textArray(jobs.map(({ jobKey }) => jobKey)),
    timestampArray(jobs.map(({ runAt }) => runAt?.getTime() ?? null)),
  ]);
}
