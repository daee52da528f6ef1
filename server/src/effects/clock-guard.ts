import type pg from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';

/**
 * Why the clock is not believed. `database`: it and the database's clock differ. `behind`: an event is of a later time. `gap`: it
 * is long since this installation was last seen at work.
 */
export type ClockFault = 'database' | 'behind' | 'gap';

/** What is compared, ms since the epoch. */
export interface ClockReading {
  business: number;
  database: number;
  /** When nothing was last wrong. */
  seenAt: number;
  /** The latest time of an event. */
  latestAt: number;
  /** By how much business time may be before the database's, because an operator said so. */
  confirmedDifferenceMs: number;
}

export interface ClockLimits {
  /** Longer without a sign of life is a jump, unless an operator says that it was a rest. */
  gapMaxMs: number;
  /** Further from the database's clock, or behind the newest event, is no inaccuracy any more. */
  differenceMaxMs: number;
}

/** As they are configured. */
export const clockLimitsOf = (config: { clockGapMaxDays: number; clockDifferenceMaxSeconds: number }): ClockLimits => ({
  gapMaxMs: config.clockGapMaxDays * 86_400_000,
  differenceMaxMs: config.clockDifferenceMaxSeconds * 1_000,
});

export interface ClockState extends ClockReading {
  fault: ClockFault | null;
}

/** Nothing that cannot be undone is done by a clock that may have jumped. */
export interface ClockGuard {
  /** Looks at the clocks and says why what is due may not be submitted; null: it may. */
  whyHeld(): Promise<ClockFault | null>;
  /** As it was when it was last looked at; undefined: not yet. */
  state(): ClockState | undefined;
  /** An operator says that the clock is right as it is. Looks at it before and after. `by`: bare UUID. */
  confirm(by: string): Promise<ClockState>;
  /** What is due was submitted, or a part of it: then this process is catching up. */
  submitted(report: { isPartial?: true }): Promise<void>;
}

export function judgeClock(reading: ClockReading, limits: ClockLimits): ClockFault | null {
  const { business, database, seenAt, latestAt, confirmedDifferenceMs } = reading;
  if (Math.abs(business - database - confirmedDifferenceMs) > limits.differenceMaxMs) return 'database';
  if (Math.max(latestAt, seenAt) - business > limits.differenceMaxMs) return 'behind';
  return business - seenAt > limits.gapMaxMs ? 'gap' : null;
}

/** A scheduler that works is seen every minute. */
export const REST_MS = 5 * 60_000;

// Retention may have dropped the newest event; an earlier check has seen it then.
const READ = `
select clock_timestamp() as database, max(coalesce(m.seen_at, e.at)) as seen_at, max(greatest(m.latest_at, e.at)) as latest_at,
  coalesce(max(m.confirmed_difference_ms), 0)::float8 as confirmed_difference_ms
from shards s left join clock_marks m on m.shard = s.id
left join events e on e.shard = s.id and e.seq = s.event_seq and e.seq > coalesce(m.confirmed_seq, 0)`;
/** A process that is at work again after a rest has something to catch up with, until a run finds nothing left. */
const catchingUp = (ownShards: string): string => `case
    when clock_marks.shard = any (${ownShards}::integer[]) and excluded.seen_at - clock_marks.seen_at > interval '${REST_MS} ms'
    then excluded.seen_at else clock_marks.catching_up_since end`;
// While something is wrong the last sign of life stays, whatever is written meanwhile; the latest event is remembered.
const MARK = `
insert into clock_marks (shard, seen_at, latest_at, round_at)
select id, $1::timestamptz, $2::timestamptz, case when id = any ($3::integer[]) then clock_timestamp() end from shards
on conflict (shard) do update set seen_at = excluded.seen_at, latest_at = excluded.latest_at,
  round_at = coalesce(excluded.round_at, clock_marks.round_at),
  catching_up_since = ${catchingUp('$3')}`;
const SUBMITTED = `
update clock_marks set catching_up_since = case when $1::boolean then $2::timestamptz end
where shard = any ($3::integer[]) and (catching_up_since is not null) <> $1::boolean`;
const CONFIRM = `
insert into clock_marks (shard, seen_at, latest_at, confirmed_seq, confirmed_difference_ms, confirmed_by, confirmed_at)
select id, $1::timestamptz, $1::timestamptz, event_seq, $2::bigint, $3::uuid, $1::timestamptz from shards
on conflict (shard) do update set seen_at = excluded.seen_at, latest_at = excluded.latest_at,
  confirmed_seq = excluded.confirmed_seq, confirmed_difference_ms = excluded.confirmed_difference_ms,
  confirmed_by = excluded.confirmed_by, confirmed_at = excluded.confirmed_at,
  catching_up_since = ${catchingUp('$4')}`;

const WORDS: Readonly<Record<ClockFault, string>> = {
  database: 'the clocks of this process and of the database differ',
  behind: 'the clock is behind what was already written',
  gap: 'the clock is far ahead of the last sign of life',
};

export interface ClockGuardOptions extends ClockLimits {
  pool: pg.Pool;
  clock: Clock;
  log: Logger;
  /** What this process submits for. */
  ownShards: readonly number[];
}

export function createClockGuard(options: ClockGuardOptions): ClockGuard {
  const { pool, clock, log, ownShards } = options;
  let current: ClockState | undefined;

  async function look(): Promise<ClockState> {
    const state = await readClock(pool, clock, options);
    tell(log, current?.fault ?? null, state);
    current = state;
    return state;
  }

  return {
    async whyHeld() {
      const { fault, business, seenAt, latestAt } = await look();
      await pool.query(MARK, [new Date(fault === null ? business : seenAt), new Date(latestAt), ownShards]);
      return fault;
    },
    state: () => current,
    async confirm(by) {
      const { business, database, fault } = await look();
      const difference = Math.round(business - database);
      const isNotable = Math.abs(difference) > options.differenceMaxMs;
      await pool.query(CONFIRM, [new Date(business), isNotable ? difference : 0, by, ownShards]);
      log.warn({ user_id: by, fault, ...timesOf(business, database) }, 'an operator confirmed the clock');
      return look();
    },
    async submitted({ isPartial = false }) {
      await pool.query(SUBMITTED, [isPartial, new Date(clock.now()), ownShards]);
    },
  };
}

/** How the clock is judged now, for anybody; changes nothing. */
export async function readClock(pool: pg.Pool, clock: Clock, limits: ClockLimits): Promise<ClockState> {
  const reading = await read(pool, clock);
  return { ...reading, fault: judgeClock(reading, limits) };
}

interface ReadRow {
  database: Date;
  seen_at: Date | null;
  latest_at: Date | null;
  confirmed_difference_ms: number;
}

async function read(pool: pg.Pool, clock: Clock): Promise<ClockReading> {
  const { rows } = await pool.query<ReadRow>(READ);
  const business = clock.now();
  const row = rows[0] as ReadRow;
  return {
    business,
    database: row.database.getTime(),
    // A new installation knows no other time.
    seenAt: row.seen_at?.getTime() ?? business,
    latestAt: row.latest_at?.getTime() ?? business,
    confirmedDifferenceMs: row.confirmed_difference_ms,
  };
}

/** What is wrong, with the times, in two lines; null: nothing. */
export function clockFaultText(state: ClockState | undefined): string | null {
  if (!state?.fault) return null;
  const { fault, business, database, seenAt, latestAt } = state;
  const text = (ms: number): string => new Date(ms).toISOString();
  const compared = {
    database: `database ${text(database)}`,
    behind: `latest event ${text(latestAt)}`,
    gap: `last at work ${text(seenAt)}`,
  };
  return `${WORDS[fault]}:\n${text(business)} now, ${compared[fault]}.`;
}

/** Once when it begins and once when it ends, not every minute. */
function tell(log: Logger, before: ClockFault | null, state: ClockState): void {
  const { fault, business, database, seenAt, latestAt } = state;
  if (fault === before) return;
  const times = {
    ...timesOf(business, database),
    last_sign_of_life: new Date(seenAt).toISOString(),
    latest_event: new Date(latestAt).toISOString(),
  };
  if (fault === null) log.info(times, 'the clock is believed again');
  else
    log.error(
      times,
      `${WORDS[fault]}: what is due is not submitted; set the clock right, or confirm it with "millrace clock confirm"`,
    );
}

const timesOf = (business: number, database: number): Record<'business_time' | 'database_time', string> => ({
  business_time: new Date(business).toISOString(),
  database_time: new Date(database).toISOString(),
});
