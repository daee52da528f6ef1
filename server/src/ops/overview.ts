import type { WireClock, WireOverdue, WireOverview } from '@millrace/contract';
import type pg from 'pg';
import type { Clock } from '../core/clock.ts';
import type { DueSource } from '../desks/module.ts';
import type { ClockGuard, ClockState, Consumer, Scheduler } from '../effects/index.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { IndexProjection, InstallationNumbers } from '../reporting/index.ts';
import { VERSION } from '../version.ts';
import type { Activity } from './activity.ts';

export interface OverviewOptions {
  pool: pg.Pool;
  clock: Clock;
  database: { version: string; embedded: boolean };
  pipeline: Pick<Pipeline, 'stats' | 'gate'>;
  /** Of each shard. */
  queueSizeMax: number;
  consumers: readonly Pick<Consumer, 'progress'>[];
  clockGuard: Pick<ClockGuard, 'state'>;
  due: readonly DueSource[];
  scheduler: Pick<Scheduler, 'caughtUp'>;
  activity: Activity;
  projection: Pick<IndexProjection, 'lag'>;
  numbers: InstallationNumbers;
  overdue: () => Promise<WireOverdue>;
  /** Of this process. */
  connections: () => Promise<WireOverview['connections']>;
}

/** What waits is counted so far: beyond, it is too much in any case, and counting it would cost. */
const COUNTED_MAX = 10_000;

const SHARDS = 'select id as shard, owner, epoch, event_seq as head_seq from shards order by id';
const CONSUMERS = `
select c.name, c.shard, c.cursor, c.head, case when c.types is null then c.head - c.cursor else u.count end as lag, u.oldest
from (
  select c.name, c.shard, greatest(c.event_seq, k.seen) as cursor, s.event_seq as head, string_to_array(k.types, ' ') as types
  from consumers c join shards s on s.id = c.shard
  left join unnest($1::text[], $2::integer[], $3::bigint[], $4::text[]) as k (name, shard, seen, types)
    on k.name = c.name and k.shard = c.shard
) as c cross join lateral (
  select count(*) as count, min(e.at) as oldest from (
    select e.type, e.at from events e where e.shard = c.shard and e.seq > c.cursor order by e.seq
    limit case when c.types is null then 1 else ${COUNTED_MAX} end
  ) as e where c.types is null or e.type = any (c.types)
) as u
order by c.name, c.shard`;
const JOBS = `
select count(*)::integer as waiting, (count(*) filter (where j.attempts > 0 and j.last_error is not null))::integer as failing
from (select attempts, last_error from graphile_worker.jobs limit ${COUNTED_MAX}) as j`;
const DEAD_LETTERS = `
select count(*)::integer as waiting from (select from dead_letters where retried_at is null limit ${COUNTED_MAX}) as d`;

/** Reads what an operator sees of the running installation: some small statements, none over orders or events. */
export function createOverview(options: OverviewOptions): () => Promise<WireOverview> {
  const { pool, clock, pipeline, activity, projection, numbers, connections } = options;
  const one = async <T extends pg.QueryResultRow>(sql: string): Promise<T> => (await pool.query<T>(sql)).rows[0] as T;
  return async () => {
    const [orders, shards, consumers, lag, jobs, letters, open, due, overdue] = await Promise.all([
      numbers.orders(),
      readShards(pool),
      readConsumers(pool, clock, options.consumers),
      projection.lag(),
      one<{ waiting: number; failing: number }>(JOBS),
      one<{ waiting: number }>(DEAD_LETTERS),
      connections(),
      countDue(options.due, clock.now()),
      options.overdue(),
    ]);
    const stats = [...pipeline.stats().values()];
    const { closed } = pipeline.gate;
    return {
      at: new Date(clock.now()).toISOString(),
      uptime_seconds: Math.floor(process.uptime()),
      version: VERSION,
      database: options.database,
      orders: { per_second: activity.ordersPerSecond(), ...orders },
      latency: activity.latency(),
      queue: {
        waiting: stats.reduce((sum, { waiting }) => sum + waiting, 0),
        max: options.queueSizeMax * stats.length,
      },
      commits: {
        possible: closed === undefined,
        since: closed ? new Date(closed.since).toISOString() : null,
        cause: closed?.code ?? null,
      },
      batch: { size_mean: activity.batchSizeMean() },
      shards,
      consumers,
      read_models: { lag },
      clock: clockView(options.clockGuard.state()),
      due: { waiting: due, done: options.scheduler.caughtUp() },
      overdue,
      jobs,
      dead_letters: letters,
      connections: open,
      memory_bytes: process.memoryUsage.rss(),
    };
  };
}

async function countDue(sources: readonly DueSource[], at: number): Promise<number> {
  let count = 0;
  for (const source of sources) count += await source.count(at, COUNTED_MAX - count);
  return count;
}

interface ShardRow {
  shard: number;
  owner: string | null;
  epoch: bigint;
  head_seq: bigint;
}

async function readShards(pool: pg.Pool): Promise<WireOverview['shards']> {
  const { rows } = await pool.query<ShardRow>(SHARDS);
  return rows.map((row) => ({ ...row, epoch: Number(row.epoch), head_seq: Number(row.head_seq) }));
}

interface ConsumerRow {
  name: string;
  shard: number;
  cursor: bigint;
  head: bigint;
  lag: bigint;
  /** When the first event came that concerns it and that it has not handled. */
  oldest: Date | null;
}

/** What is unhandled: an old cursor of a consumer that nothing has concerned since is no delay. */
async function readConsumers(
  pool: pg.Pool,
  clock: Clock,
  running: OverviewOptions['consumers'],
): Promise<WireOverview['consumers']> {
  const known = running.flatMap((consumer) => {
    const { name, types, seen } = consumer.progress();
    return [...seen].map(([shard, position]) => ({ name, shard, position, types: types.join(' ') }));
  });
  const { rows } = await pool.query<ConsumerRow>(CONSUMERS, [
    known.map(({ name }) => name),
    known.map(({ shard }) => shard),
    known.map(({ position }) => position),
    known.map(({ types }) => types),
  ]);
  const now = clock.now();
  return rows.map(({ name, shard, cursor, head, lag, oldest }) => ({
    name,
    shard,
    cursor: Number(cursor),
    head: Number(head),
    lag: Math.max(0, Number(lag)),
    lag_seconds: oldest ? Math.max(0, (now - oldest.getTime()) / 1000) : 0,
  }));
}

export function clockView(state: ClockState): WireClock;
export function clockView(state: ClockState | undefined): WireClock | null;
export function clockView(state: ClockState | undefined): WireClock | null {
  if (!state) return null;
  const text = (ms: number): string => new Date(ms).toISOString();
  const { fault, business, database, seenAt, latestAt } = state;
  return {
    fault,
    business: text(business),
    database: text(database),
    last_seen: text(seenAt),
    latest_event: text(latestAt),
  };
}
