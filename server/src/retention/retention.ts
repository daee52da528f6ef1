import type pg from 'pg';
import type { Logger } from 'pino';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import { dropSlice, foldCounts, readLanes } from './drop-orders.ts';

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
interface Cutoffs {
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
async function readCutoffs(pool: pg.Pool, clock: Clock, limits: RetentionLimits): Promise<Cutoffs> {
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

/** Pages of the table that one statement looks at, 2 MB: some ten milliseconds. */
const PAGES = 256;
/** Dead letters of one statement. */
const LETTERS = 1_000;

const TABLE_PAGES = `select pg_relation_size('idempotency_keys') / current_setting('block_size')::bigint as pages`;

/**
 * By place in the table: keys have no index by time, since the order path would have to write it. Where an order goes
 * before its key is old, the key goes first: it must never stand for an order that is not there.
 */
const DROP_KEYS = `
delete from idempotency_keys k
where k.ctid >= $1::tid and k.ctid < $2::tid and (
  k.created_at < $3::timestamptz or (
    k.created_at < $4::timestamptz and exists (select from orders o where o.id = k.order_id and o.status = 'rejected')
  )
)`;

const DROP_LETTERS = `
delete from dead_letters where id in (
  select id from dead_letters
  where created_at < $1::timestamptz and (retried_at < $1::timestamptz or (retried_at is null and created_at < $2::timestamptz))
  order by created_at limit $3::integer
)`;

/** One statement of a longer work: how many rows it dropped, and whether there is more to look at. */
interface Portion {
  dropped: number;
  more: boolean;
}

/** Goes once through all idempotency keys that are there when it is called, a portion with each call of what it returns. */
async function keyPortions(pool: pg.Pool, cutoffs: Cutoffs): Promise<() => Promise<Portion>> {
  const { rows } = await pool.query<{ pages: bigint }>(TABLE_PAGES);
  const end = Number(rows[0]?.pages ?? 0n);
  let page = 0;
  return async () => {
    const { rowCount } = await pool.query(DROP_KEYS, [
      `(${page},0)`,
      `(${page + PAGES},0)`,
      cutoffs.idempotencyKeys,
      cutoffs.rejectedOrders,
    ]);
    page += PAGES;
    return { dropped: rowCount ?? 0, more: page < end };
  };
}

async function dropLetters(pool: pg.Pool, cutoffs: Cutoffs): Promise<Portion> {
  const { rowCount } = await pool.query(DROP_LETTERS, [cutoffs.deadLetters, cutoffs.openDeadLetters, LETTERS]);
  return { dropped: rowCount ?? 0, more: rowCount === LETTERS };
}

/** A run ends after so many portions of each kind, four million events; what is left is there at the next. */
const PORTIONS_MAX = 2_000;
/** Keys are gone through so often where no order makes it necessary. */
const KEYS_EVERY_MS = 24 * 3_600_000;

export const DROPPED = ['orders', 'keys', 'dead_letters'] as const;
/** How many rows were dropped. */
export type Dropped = Record<(typeof DROPPED)[number], number>;

/** Drops what the ledger does not need when it is old; `docs/operations.md` says what, when and why. */
export interface Retention {
  /** One run. May be ended between two portions, by `signal` or by force: the next one goes on. */
  run(signal?: AbortSignal): Promise<Dropped>;
  /** Since the process began. */
  readonly dropped: Readonly<Dropped>;
}

export interface RetentionOptions {
  pool: pg.Pool;
  clock: Clock;
  limits: RetentionLimits;
  log: Logger;
}

export function createRetention({ pool, clock, limits, log }: RetentionOptions): Retention {
  const total: Dropped = { orders: 0, keys: 0, dead_letters: 0 };
  let keysAt = Number.NEGATIVE_INFINITY;

  async function dropOrders(run: Run, before: Date, lanes: Awaited<ReturnType<typeof readLanes>>): Promise<void> {
    for (const lane of lanes) {
      await run.repeat('orders', async () => {
        const dropped = await dropSlice(pool, lane, before);
        return { dropped, more: lane.after < lane.until };
      });
      await foldCounts(pool, lane.shard);
    }
  }

  return {
    dropped: total,
    async run(signal) {
      const run = createRun(signal);
      const cutoffs = await readCutoffs(pool, clock, limits);
      // In this order: every key of these orders is committed before the keys are gone through.
      const lanes = await readLanes(pool, cutoffs.rejectedOrders);
      const isKeysTurn = lanes.length > 0 || performance.now() - keysAt >= KEYS_EVERY_MS;
      const keysDone = isKeysTurn && (await run.repeat('keys', await keyPortions(pool, cutoffs)));
      if (keysDone) {
        keysAt = performance.now();
        await dropOrders(run, cutoffs.rejectedOrders, lanes);
      }
      await run.repeat('dead_letters', () => dropLetters(pool, cutoffs));
      for (const what of DROPPED) total[what] += run.dropped[what];
      if (DROPPED.some((what) => run.dropped[what] > 0)) log.info(run.dropped, 'what is old was dropped');
      return run.dropped;
    },
  };
}

interface Run {
  dropped: Dropped;
  /** True where nothing is left. */
  repeat(what: keyof Dropped, portion: () => Promise<Portion>): Promise<boolean>;
}

/** Rests as long as it works, so that orders have the server at least half of the time. */
function createRun(signal: AbortSignal | undefined): Run {
  const dropped: Dropped = { orders: 0, keys: 0, dead_letters: 0 };
  const isEnded = (): boolean => signal?.aborted === true;
  return {
    dropped,
    async repeat(what, portion) {
      for (let count = 0; count < PORTIONS_MAX && !isEnded(); count += 1) {
        const started = performance.now();
        const { dropped: rows, more } = await portion();
        dropped[what] += rows;
        if (!more) return true;
        await pause(performance.now() - started, undefined, { signal }).catch(() => undefined);
      }
      return false;
    },
  };
}
