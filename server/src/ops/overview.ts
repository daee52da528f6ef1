import type { WireOverview } from '@millrace/contract';
import type pg from 'pg';
import type { Clock } from '../core/clock.ts';
import type { Pipeline } from '../pipeline/index.ts';
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
  activity: Activity;
  projection: Pick<IndexProjection, 'lag'>;
  numbers: InstallationNumbers;
  /** Of this process. */
  connections: () => Promise<WireOverview['connections']>;
}

/** What waits is counted so far: beyond, it is too much in any case, and counting it would cost. */
const COUNTED_MAX = 10_000;

const SHARDS = 'select id as shard, owner, epoch, event_seq as head_seq from shards order by id';
const CONSUMERS = `
select c.name, c.shard, c.event_seq as cursor, s.event_seq as head, e.at as oldest
from consumers c join shards s on s.id = c.shard
left join events e on e.shard = c.shard and e.seq = c.event_seq + 1
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
    const [orders, shards, consumers, lag, jobs, letters, open] = await Promise.all([
      numbers.orders(),
      readShards(pool),
      readConsumers(pool, clock),
      projection.lag(),
      one<{ waiting: number; failing: number }>(JOBS),
      one<{ waiting: number }>(DEAD_LETTERS),
      connections(),
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
      jobs,
      dead_letters: letters,
      connections: open,
      memory_bytes: process.memoryUsage.rss(),
    };
  };
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
  /** When the first event came that it has not handled. */
  oldest: Date | null;
}

async function readConsumers(pool: pg.Pool, clock: Clock): Promise<WireOverview['consumers']> {
  const { rows } = await pool.query<ConsumerRow>(CONSUMERS);
  const now = clock.now();
  return rows.map(({ name, shard, cursor, head, oldest }) => ({
    name,
    shard,
    cursor: Number(cursor),
    head: Number(head),
    lag: Math.max(0, Number(head - cursor)),
    lag_seconds: oldest ? Math.max(0, (now - oldest.getTime()) / 1000) : 0,
  }));
}
