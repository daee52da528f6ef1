import { FAILED_OFTEN, JOBS_TABLE } from '../db/jobs.ts';
import type { Overdue } from '../desks/desk.ts';

// By the database's clock, which wrote the job: the library knows no other. Five minutes: a job that fails is tried again each
// minute, and this often is no passing fault.
const FAILING = `
select coalesce(j.payload ->> 'order_id', 'job ' || j.id) as subject, j.created_at as since,
  format('%s has failed %s times%s: %s', replace(coalesce(j.payload ->> 'errand', t.identifier), '_', ' '), j.attempts,
    case when j.attempts >= j.max_attempts then ' and is not tried again' end, left(split_part(j.last_error, E'\n', 1), 200)) as detail
from ${JOBS_TABLE} j join graphile_worker._private_tasks t on t.id = j.task_id
where ${FAILED_OFTEN} and j.created_at < now() - interval '5 minutes'
order by j.created_at`;

// A round comes every minute and takes seconds. By the database's clock: the business clock may be what is wrong. A row a shard.
const STANDING_STILL = `
select 'shard ' || shard as subject, round_at as since, 'nobody has looked for what time makes due since then' as detail
from clock_marks where round_at < now() - interval '5 minutes' order by round_at`;

/** What no desk looks for. */
export const ENGINE_OVERDUE: readonly Overdue[] = [
  { name: 'jobs_failing', doneBy: 'jobs', graceMs: 0, sql: FAILING, table: JOBS_TABLE },
  // A stop that is made up for does not explain it, nor a clock that is not believed: rounds go on.
  { name: 'scheduler_stands_still', doneBy: 'jobs', graceMs: 0, sql: STANDING_STILL },
];
