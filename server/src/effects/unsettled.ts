import type pg from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import { enqueue } from '../db/jobs.ts';
import type { JobTask } from './job.ts';
import { WITHDRAW, withdrawalJob } from './withdrawals.ts';

/** Withdrawals of one run; the next run, ten minutes later, finds the rest. */
const REQUEUED_MAX = 1_000;
/** Until then its job is on its way by itself. */
const GRACE_MS = 600_000;

const UNSETTLED = `select o.id, o.user_id, o.result ->> 'asset' as asset, o.result ->> 'amount' as amount, o.created_at
from orders o
where o.status in ('pending', 'open') and o.kind = 'withdraw' and o.created_at < $1::timestamptz
and not exists (select from graphile_worker.jobs j where j.key = 'withdraw/ord_' || o.id and j.attempts < j.max_attempts)
order by o.created_at limit $2`;

interface UnsettledRow {
  id: string;
  user_id: string;
  asset: string;
  amount: string;
  created_at: Date;
}

/**
 * Gives a new job to each withdrawal that is pending and has none that is still tried: one that a dead letter held up for so
 * long that its job gave up must become final when the letter is retried. Belongs among the scheduler's tasks.
 */
export function requeueTask({ pool, clock, log }: { pool: pg.Pool; clock: Clock; log: Logger }): JobTask {
  return async () => {
    const before = new Date(clock.now() - GRACE_MS).toISOString();
    const { rows } = await pool.query<UnsettledRow>(UNSETTLED, [before, REQUEUED_MAX]);
    if (rows.length === 0) return;
    log.warn(
      { withdrawals: rows.length },
      'withdrawals were pending without a job that is still tried: they have one again',
    );
    await enqueue(
      pool,
      WITHDRAW,
      rows.map((row) => withdrawalJob({ ...row, requestedAt: row.created_at.toISOString() })),
    );
  };
}
