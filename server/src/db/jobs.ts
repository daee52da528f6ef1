import type pg from 'pg';
import type { Pool, PoolClient } from 'pg';
import type { JsonObject } from '../core/json.ts';
import { jsonArray, textArray, timestampArray } from './arrays.ts';

/**
 * How often a job is tried before it is left as failed: a job that fails is tried again every minute, so this is a week.
 * What has a deadline ends by itself before.
 */
const JOB_ATTEMPTS_MAX = 10_000;

/**
 * Users take turns: a job whose payload has a `user_id` waits behind as many turns as that user's jobs were waiting when it
 * was added, so that each user's first job comes before any user's second. From this many on all wait in order of time: it
 * bounds what adding a job has to count, and a priority is a smallint.
 */
export const TURNS_MAX = 1_000;

export interface NewJob {
  /** With a `user_id` where it is work for one user: users take turns, whatever the task. */
  payload: JsonObject;
  /** At most one waiting job has this key: a second takes the first one's place, and its turn. */
  jobKey: string;
  /** Not before this. Default now. */
  runAt?: Date;
  /** A lane that is full keeps its jobs waiting, and no others. Default: none. */
  lane?: string;
}

export const JOBS_TABLE = 'graphile_worker._private_jobs';

/** The condition on a job that has failed so often that it is no passing fault; an index finds it. */
export const FAILED_OFTEN = 'attempts >= 5 and last_error is not null';

const INDEXES = {
  millrace_jobs_by_user: `((payload ->> 'user_id'))`,
  millrace_jobs_failing: `(created_at) where ${FAILED_OFTEN}`,
};
// They must be there at every start, since the library may make its table again. Asked for first, because making an index that
// exists locks the table all the same. One process after the other: two that find none would both make it.
const MAKE_INDEXES = `do $$ begin${Object.entries(INDEXES)
  .map(
    ([name, on]) => `
  if to_regclass('graphile_worker.${name}') is null then
    perform pg_advisory_xact_lock(hashtext('${name}'));
    create index if not exists ${name} on ${JOBS_TABLE} ${on};
  end if;`,
  )
  .join('')}
end $$`;

const ADD_JOBS = `with v as (
  select *, v.payload ->> 'user_id' as user_id
  from unnest($2::json[], $3::text[], $4::timestamptz[], $5::text[]) with ordinality as v (payload, job_key, run_at, lane, n)
), waiting as materialized (
  select u.user_id, (
    select count(*) from (
      select from ${JOBS_TABLE} j where j.payload ->> 'user_id' = u.user_id limit ${TURNS_MAX}
    ) as counted
  ) as turns
  from (select distinct user_id from v where user_id is not null) as u
), turned as (
  select v.*, case when v.user_id is null then 0 else coalesce(
    same.priority,
    least(waiting.turns + row_number() over (partition by v.user_id order by v.n) - 1, ${TURNS_MAX})
  ) end::int as priority
  from v left join waiting using (user_id) left join ${JOBS_TABLE} same on same.key = v.job_key
  order by v.n
)
select count(job.id)
from turned as v
cross join lateral graphile_worker.add_job($1::text, payload := v.payload, job_key := v.job_key, run_at := v.run_at,
  max_attempts := ${JOB_ATTEMPTS_MAX}, priority := v.priority,
  flags := case when v.lane is not null then array[v.lane] end) as job`;

const ADD_RECURRING = `
select graphile_worker.add_job($1::text, payload := '{}'::json, job_key := $1::text, run_at := now(),
  max_attempts := ${JOB_ATTEMPTS_MAX}, priority := $2::int)`;

/** Has a task done now that recurs: one that still waits, or has failed, gives way to this. */
export async function enqueueRecurring(
  client: Pick<pg.ClientBase, 'query'>,
  task: string,
  priority: number,
): Promise<void> {
  await client.query(ADD_RECURRING, [task, priority]);
}

/** Makes counting a user's waiting jobs, and those that fail, quick; at once where that was done before. After the scheduler's own tables. */
export async function prepareJobs(client: Pick<pg.ClientBase, 'query'>): Promise<void> {
  await client.query(MAKE_INDEXES);
}

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
    textArray(jobs.map(({ lane }) => lane ?? null)),
  ]);
}

/** Half of an advisory lock's number, the other half stands for a worker. Any that other programs are unlikely to use. */
const LOCK = 0x6d6a6f62;

// hashtext is stable within a server, which is all that is needed: both sides ask the same one.
const STAND_UP = 'select pg_try_advisory_lock($1, hashtext($2))';
const FREE = `select graphile_worker.force_unlock_workers(array_agg(w.locked_by))
from (select distinct locked_by from graphile_worker.jobs where locked_by is not null) w
where pg_try_advisory_xact_lock($1, hashtext(w.locked_by))`;
const RETRY = `select count(*) from graphile_worker.reschedule_jobs(array(
  select id from graphile_worker.jobs
  where attempts > 0 and attempts < max_attempts and locked_at is null and run_at > now()
), run_at := now())`;

/** Shows all others, for as long as the connection lives, that this worker is alive. */
export async function standUp(client: PoolClient, workerId: string): Promise<void> {
  await client.query(STAND_UP, [LOCK, workerId]);
}

/**
 * Frees the jobs of workers whose process is gone: the scheduler's own rule would wait four hours for it. And lets every
 * job that failed be tried again now: its own rule would wait up to six hours between the tries of an old one.
 */
export async function keepJobs(pool: Pool): Promise<void> {
  await pool.query(FREE, [LOCK]);
  await pool.query(RETRY);
}
