import type pg from 'pg';
import { DESKS } from '../desks/index.ts';
import type { DeskModule } from '../desks/module.ts';

const TOTALS = DESKS.flatMap(({ totals }: DeskModule) => totals ?? []);

/** Events that are counted: orders, and what desks say. */
export const COUNTED_EVENTS: ReadonlySet<string> = new Set([
  'order_processed',
  ...TOTALS.flatMap(({ events }) => events),
]);

/** Reasons whose transfers are summed; of each the side that few transfers of a chunk differ in, to find the asset by. */
const SUMMED_TRANSFERS = new Map(TOTALS.flatMap(({ transfers }) => Object.entries(transfers)));
export const isSummed = (reason: string): boolean => SUMMED_TRANSFERS.has(reason);

/** A list of texts, for `any`: it may be empty. */
const array = (names: Iterable<string>): string => `'{${[...names].join(',')}}'::text[]`;
const BY_CREDIT = [...SUMMED_TRANSFERS].flatMap(([reason, side]) => (side === 'credit' ? [reason] : []));

/** The first moment that is kept by the minute, where `newest` is the newest event: yesterday's midnight, UTC. */
function horizonOf(newest: string): string {
  return `date_trunc('day', ${newest}, 'UTC') - interval '24 hours'`;
}

/** What an event `e` is counted by, in view of the horizon `h.at`. */
export const GRAIN_AND_TIME = `case when e.at < h.at then 'day' else 'minute' end as grain,
  date_trunc(case when e.at < h.at then 'day' else 'minute' end, e.at, 'UTC') as at`;
export const LABEL = `e.type,
  case when e.type = 'order_processed' then coalesce(e.data->>'kind', '') else '' end as kind,
  case when e.type = 'order_processed' then coalesce(e.data->>'status', '') else '' end as status`;
export function isCounted(type: string): boolean {
  return COUNTED_EVENTS.has(type);
}
export const IS_COUNTED = `e.type = any (${array(COUNTED_EVENTS)})`;
export const NEWEST_KEPT_BY_MINUTE = horizonOf('max(e.at)');

const NUMBERS = 'count = event_counts.count + excluded.count, opened = event_counts.opened + excluded.opened';
const INTO_COUNTS = 'insert into event_counts (shard, grain, at, type, kind, status, count, opened)';
const ADDED = `on conflict (shard, grain, at, type, kind, status) do update set ${NUMBERS}`;
/** The newest minute is never folded, so that it tells the newest event, and by the key's order without a search. */
const NEWEST_COUNTED = "(select max(c.at) from event_counts c where c.shard = $1::smallint and c.grain = 'minute')";

/** Adds `seen (at, type, kind, status, count, opened)`, of one shard and by the minute. */
function addCounts(seen: string): string {
  return `
with seen as materialized (${seen}), h as materialized (
  select ${horizonOf(`greatest((select max(at) from seen), ${NEWEST_COUNTED})`)} as at
)
${INTO_COUNTS}
select $1::smallint, key.grain, key.at, e.type, e.kind, e.status, sum(e.count), sum(e.opened)
from seen e cross join h cross join lateral (select ${GRAIN_AND_TIME}) as key
group by key.grain, key.at, e.type, e.kind, e.status
${ADDED}`;
}

// Reading kind and status out of ten thousand events takes longer than all the rest of a chunk: see recent-counts.ts.
const COUNT_LOG = addCounts(`
  select date_trunc('minute', e.at, 'UTC') as at, ${LABEL}, count(*) as count, count(*) filter (where e.opens_order) as opened
  from events e where e.shard = $1::smallint and e.seq > $2::bigint and e.seq <= $3::bigint and ${IS_COUNTED}
  group by 1, 2, 3, 4
`);
const COUNT_TALLIES = addCounts(`
  select * from unnest($2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[])
  as t (at, type, kind, status, count, opened)
`);

/** Orders that retention has dropped count as they did before: their events are not in the log any more. */
const COUNT_DROPPED = addCounts(`
  select d.at, 'order_processed' as type, d.kind, 'rejected' as status, d.count, d.count as opened
  from dropped_orders d where d.shard = $1::smallint
`);

/** Minutes that have become old are added to their day. */
const FOLD_MINUTES = `
with old as (
  delete from event_counts where shard = $1::smallint and grain = 'minute' and at < ${horizonOf(NEWEST_COUNTED)}
  returning at, type, kind, status, count, opened
)
${INTO_COUNTS}
select $1::smallint, 'day', date_trunc('day', at, 'UTC'), type, kind, status, sum(count), sum(opened)
from old group by 3, 4, 5, 6
${ADDED}`;

export const IS_SUMMED = `t.reason = any (${array(SUMMED_TRANSFERS.keys())})`;
/** The account by which a transfer `t` shows its asset; both sides have the same. */
export const ASSET_ACCOUNT = `case when t.reason = any (${array(BY_CREDIT)}) then t.credit_account_id else t.debit_account_id end`;

const SUM_TRANSFERS = `
insert into transfer_totals (shard, reason, asset, count, amount)
select $1::smallint, s.reason, a.asset, sum(s.count), sum(s.amount)
from (
  select t.reason, ${ASSET_ACCOUNT} as account_id, count(*) as count, sum(t.amount) as amount from transfers t
  where t.shard = $1::smallint and t.seq > $2::bigint and t.seq <= $3::bigint and ${IS_SUMMED}
  group by 1, 2
) as s join accounts a on a.id = s.account_id
group by s.reason, a.asset
on conflict (shard, reason, asset) do update
set count = transfer_totals.count + excluded.count, amount = transfer_totals.amount + excluded.amount`;

/** A shard's entries in (after, until]. */
export type Range = readonly [shard: number, after: bigint, until: bigint];

/** How many events of one minute are of one type and, where they are about orders, of one kind and status. */
export interface Tally {
  /** The minute's beginning. */
  at: Date;
  type: string;
  kind: string;
  status: string;
  count: number;
  /** Of these, the first event of an order. */
  opened: number;
}

/** Tells what events of a shard in (after, until] are counted by, where that is known without reading them. */
export type KnownTallies = (shard: number, after: number, until: number) => readonly Tally[] | undefined;

/** The numbers that are made of one of the logs. */
export interface Rollup {
  table: 'event_counts' | 'transfer_totals';
  add(client: pg.PoolClient, range: Range, known: KnownTallies): Promise<void>;
  /** What counts although it is not in the log any more. */
  addDropped?(client: pg.PoolClient, shard: number): Promise<void>;
}

export const EVENT_ROLLUP: Rollup = {
  table: 'event_counts',
  async add(client, range, known) {
    const [shard, after, until] = range;
    const tallies = known(shard, Number(after), Number(until));
    if (tallies) await client.query(COUNT_TALLIES, [shard, ...columnsOf(tallies)]);
    else await client.query(COUNT_LOG, [...range]);
    await client.query(FOLD_MINUTES, [shard]);
  },
  async addDropped(client, shard) {
    await client.query(COUNT_DROPPED, [shard]);
  },
};

export const TRANSFER_ROLLUP: Rollup = {
  table: 'transfer_totals',
  async add(client, range) {
    await client.query(SUM_TRANSFERS, [...range]);
  },
};

function columnsOf(tallies: readonly Tally[]): unknown[] {
  return (['at', 'type', 'kind', 'status', 'count', 'opened'] as const).map((name) =>
    tallies.map((each) => each[name]),
  );
}

/**
 * Adds the entries of a range to the numbers, within the transaction that moves the cursor behind them. `isReset`: what
 * the numbers hold is not what lies before the range, because the cursor was set back; it is made again.
 */
export async function rollUp(
  client: pg.PoolClient,
  rollup: Rollup,
  range: Range,
  { isReset, known }: { isReset: boolean; known: KnownTallies },
): Promise<void> {
  const [shard, after] = range;
  const isFirst = after === 0n;
  if (isReset || isFirst) {
    await client.query(`delete from ${rollup.table} where shard = $1::smallint`, [shard]);
    await rollup.addDropped?.(client, shard);
  }
  if (isReset && !isFirst) await rollup.add(client, [shard, 0n, after], known);
  await rollup.add(client, range, known);
}
