import type pg from 'pg';
import type { Clock } from '../core/clock.ts';

const DAY_MS = 24 * 3_600_000;

/** A rejected order is there for so long at least, whatever the limits say: who lost the answer asks again within minutes. */
export const REJECTED_KEPT_MS_MIN = 3_600_000;

/** How long is kept what the ledger does not need; days. */
export interface RetentionLimits {
  rejectedDays: number;
  /** Of rejected orders so many at most, about: where there are more, the oldest go before their time. */
  rejectedOrdersMax: number;
  idempotencyDays: number;
  /** Counted from the retry. */
  deadLetterDays: number;
  /** Dead letters that nobody has retried. */
  openDeadLetterDays: number;
}

/** What is older goes. */
export interface Cutoffs {
  rejectedOrders: Date;
  idempotencyKeys: Date;
  deadLetters: Date;
  openDeadLetters: Date;
}

/**
 * The first moment from which on there are no more rejected orders than the limit, by minutes and, for what is older, days.
 * From the numbers that the index projection keeps: orders are not counted. No row: none was ever rejected.
 */
const CROWDED_UNTIL = `
select min(at) filter (where newer <= $1::bigint) as at
from (
  select at, sum(sum(opened)) over (order by at desc) as newer from event_counts
  where type = 'order_processed' and status = 'rejected' and opened > 0 group by at
) as counted
having count(*) > 0`;

/**
 * By the business clock or the database's, whichever is behind: a clock that jumps ahead must not make anything old.
 */
export async function readCutoffs(pool: pg.Pool, clock: Clock, limits: RetentionLimits): Promise<Cutoffs> {
  const { rows: clocks } = await pool.query<{ now: Date }>('select clock_timestamp() as now');
  const now = Math.min(clock.now(), clocks[0]?.now.getTime() ?? 0);
  const { rows } = await pool.query<{ at: Date | null }>(CROWDED_UNTIL, [limits.rejectedOrdersMax]);
  const ago = (days: number): Date => new Date(now - days * DAY_MS);
  const newestOld = now - REJECTED_KEPT_MS_MIN;
  const crowded = rows[0] ? Math.min(rows[0].at?.getTime() ?? newestOld, newestOld) : 0;
  return {
    rejectedOrders: new Date(Math.max(now - limits.rejectedDays * DAY_MS, crowded)),
    idempotencyKeys: ago(limits.idempotencyDays),
    deadLetters: ago(limits.deadLetterDays),
    openDeadLetters: ago(limits.openDeadLetterDays),
  };
}
