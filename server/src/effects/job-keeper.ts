import type { Pool, PoolClient } from 'pg';

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
