import type pg from 'pg';
import { ACCOUNT_LINES, type PackedTable, ROW_ENTRIES_MAX, USER_EVENTS, USER_ORDERS } from './packed-rows.ts';
import { INDEX_CONSUMER } from './positions.ts';
import { EVENT_ROLLUP, type KnownTallies, type Range, type Rollup, rollUp, TRANSFER_ROLLUP } from './rollups.ts';

/**
 * The most entries of each log that one transaction indexes. What costs is the rows, and the more entries there are, the
 * more of each owner share one: with a thousand users ten thousand orders take 52 ms (a row for each entry took 165 ms;
 * the rollups are 8 of them, and 40 where the events are not known), five thousand nearly as long, and twice as many are a
 * fifth cheaper each. Who waits for a list waits for the chunk under way, so that it should not take longer.
 */
export const CHUNK_SIZE_MAX = 10_000;

/**
 * A transaction that may be lost in a crash of the server costs nothing here: the rows go with the cursor that counts
 * them, and the same chunk is indexed again. So it does not wait for the disk, and does not make the order path's
 * commits wait behind it.
 */
const BEGIN = 'begin; set local synchronous_commit = off';

/** Another runner holds the row: there is nothing to do for a second one. */
const LOCK_CURSOR = `
select c.event_seq, c.transfer_seq, s.event_seq as event_end, s.transfer_seq as transfer_end,
  coalesce((select r.event_seq from retention r where r.shard = c.shard), 0) as dropped_up_to
from consumers c join shards s on s.id = c.shard
where c.name = $1::text and c.shard = $2::smallint for update of c skip locked`;
const ADD_CURSOR = 'insert into consumers (name, shard) values ($1::text, $2::smallint) on conflict do nothing';
const MOVE_CURSOR = `
update consumers set event_seq = $3::bigint, transfer_seq = $4::bigint, moved_at = clock_timestamp()
where name = $1::text and shard = $2::smallint`;

/** Whether one of the chunk's owners has entries beyond the cursor: a look at each one's last row. */
function holdsMore({ table, owner }: PackedTable): string {
  return `exists (
    select from owners o cross join lateral (
      select p.seqs[cardinality(p.seqs)] as last from ${table} p
      where p.${owner} = o.${owner} and p.shard = $1::smallint order by p.first_seq desc limit 1
    ) as newest where newest.last > $2::bigint
  )`;
}

// Events and orders in one statement: they share the reading of the log and the sort, which cost more than the rows.
const ADD_EVENTS = `
with owners as materialized (
  select user_id, array_agg(seq order by seq) as seqs,
    array_agg(seq order by seq) filter (where opens_order) as order_seqs,
    array_agg(order_id order by seq) filter (where opens_order) as order_ids
  from events where shard = $1::smallint and seq > $2::bigint and seq <= $3::bigint and user_id is not null
  group by user_id
), taken as materialized (
  select ${holdsMore(USER_EVENTS)} or ${holdsMore(USER_ORDERS)} as is_taken
), added_events as (
  insert into user_events (user_id, shard, first_seq, seqs)
  select o.user_id, $1::smallint, o.seqs[i], o.seqs[i:i + ${ROW_ENTRIES_MAX - 1}]
  from owners o cross join lateral generate_series(1, cardinality(o.seqs), ${ROW_ENTRIES_MAX}) as i
  where not (select is_taken from taken)
), added_orders as (
  insert into user_orders (user_id, shard, first_seq, seqs, order_ids)
  select o.user_id, $1::smallint, o.order_seqs[i], o.order_seqs[i:i + ${ROW_ENTRIES_MAX - 1}], o.order_ids[i:i + ${ROW_ENTRIES_MAX - 1}]
  from owners o cross join lateral generate_series(1, cardinality(o.order_seqs), ${ROW_ENTRIES_MAX}) as i
  where not (select is_taken from taken)
)
select is_taken from taken`;

const ADD_LINES = `
with parts as materialized (
  select id, account_id from account_parts
), owners as materialized (
  select coalesce(part.account_id, side.account_id) as account_id, array_agg(seq order by seq) as seqs
  from (
    select debit_account_id as account_id, seq from transfers
    where shard = $1::smallint and seq > $2::bigint and seq <= $3::bigint
    union all
    select credit_account_id, seq from transfers where shard = $1::smallint and seq > $2::bigint and seq <= $3::bigint
  ) as side left join parts part on part.id = side.account_id
  group by 1
), taken as materialized (
  select ${holdsMore(ACCOUNT_LINES)} as is_taken
), added as (
  insert into account_lines (account_id, shard, first_seq, seqs)
  select o.account_id, $1::smallint, o.seqs[i], o.seqs[i:i + ${ROW_ENTRIES_MAX - 1}]
  from owners o cross join lateral generate_series(1, cardinality(o.seqs), ${ROW_ENTRIES_MAX}) as i
  where not (select is_taken from taken)
)
select is_taken from taken`;

/** Everything of one shard beyond the cursor goes; the row that the cursor stands in keeps its beginning. */
function forget({ table, columns }: PackedTable): string[] {
  const kept = columns.map(
    (column) => `${column} = ${column}[1:(select count(*) from unnest(seqs) as s where s <= $2::bigint)]`,
  );
  return [
    `delete from ${table} where shard = $1::smallint and first_seq > $2::bigint`,
    `update ${table} set ${kept.join(', ')} where shard = $1::smallint and seqs[cardinality(seqs)] > $2::bigint`,
  ];
}

/** One of the logs: how its entries are added, and what they go to. */
interface Log {
  add: string;
  forget: readonly string[];
  rollup: Rollup;
}
const EVENT_LOG: Log = {
  add: ADD_EVENTS,
  forget: [...forget(USER_EVENTS), ...forget(USER_ORDERS)],
  rollup: EVENT_ROLLUP,
};
const TRANSFER_LOG: Log = { add: ADD_LINES, forget: forget(ACCOUNT_LINES), rollup: TRANSFER_ROLLUP };

/** `idle`: nothing was waiting. `busy`: another runner is at it. */
export type ChunkOutcome = 'done' | 'idle' | 'busy';

interface CursorRow {
  event_seq: bigint;
  transfer_seq: bigint;
  event_end: bigint;
  transfer_end: bigint;
  dropped_up_to: bigint;
}

/**
 * Indexes the next entries of one shard, at most `sizeMax` of each log, and moves the cursor in the same transaction:
 * whatever happens, each entry is indexed exactly once.
 */
export async function indexChunk(
  pool: pg.Pool,
  shard: number,
  sizeMax: number = CHUNK_SIZE_MAX,
  known: KnownTallies = () => undefined,
): Promise<ChunkOutcome> {
  const client = await pool.connect();
  try {
    await client.query(BEGIN);
    const outcome = await advance(client, { shard, size: BigInt(sizeMax), known });
    await client.query('commit');
    client.release();
    return outcome;
  } catch (error) {
    await client.query('rollback').then(
      () => client.release(),
      (broken: Error) => client.release(broken),
    );
    throw error;
  }
}

interface Chunk {
  shard: number;
  size: bigint;
  known: KnownTallies;
}

async function advance(client: pg.PoolClient, { shard, size, known }: Chunk): Promise<ChunkOutcome> {
  await client.query(ADD_CURSOR, [INDEX_CONSUMER, shard]);
  const cursor = (await client.query<CursorRow>(LOCK_CURSOR, [INDEX_CONSUMER, shard])).rows[0];
  if (!cursor) return 'busy';
  const eventEnd = smaller(cursor.event_seq + size, cursor.event_end);
  const transferEnd = smaller(cursor.transfer_seq + size, cursor.transfer_end);
  const hasEvents = eventEnd > cursor.event_seq;
  const hasTransfers = transferEnd > cursor.transfer_seq;
  if (!hasEvents && !hasTransfers) return 'idle';
  // What was known of events that retention has dropped since is counted by retention.
  const isWhole = cursor.event_seq >= cursor.dropped_up_to;
  if (hasEvents) await add(client, EVENT_LOG, [shard, cursor.event_seq, eventEnd], isWhole ? known : () => undefined);
  if (hasTransfers) await add(client, TRANSFER_LOG, [shard, cursor.transfer_seq, transferEnd], known);
  const reached = [hasEvents ? eventEnd : cursor.event_seq, hasTransfers ? transferEnd : cursor.transfer_seq];
  await client.query(MOVE_CURSOR, [INDEX_CONSUMER, shard, ...reached]);
  return 'done';
}

/**
 * Adds the entries in (after, until]. Rows that are there already show that the cursor was set back without
 * emptying the tables: they go first, since nobody vouches for what lies beyond the cursor.
 */
async function add(client: pg.PoolClient, log: Log, range: Range, known: KnownTallies): Promise<void> {
  const addAll = async () => (await client.query<{ is_taken: boolean }>(log.add, [...range])).rows[0]?.is_taken;
  const isTaken = await addAll();
  if (isTaken) {
    // Reads all of the tables, for which the pool's limit may be too short.
    await client.query('set local statement_timeout = 0');
    for (const statement of log.forget) await client.query(statement, [range[0], range[1]]);
    if (await addAll()) throw new Error(`the index of shard ${range[0]} holds entries beyond its cursor`);
  }
  await rollUp(client, log.rollup, range, { isReset: isTaken === true, known });
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
