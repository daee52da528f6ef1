import type pg from 'pg';
import { firstSeqAt, INDEX_CONSUMER, removeEntries, USER_EVENTS, USER_ORDERS } from '../reporting/index.ts';

/**
 * Events that one transaction looks at. To drop all of them takes 40 ms, four times that beside a full load; the index
 * projection waits for it, orders do not.
 */
const SLICE = 2_000;

/** A shard's part of the log that is to be gone through: (after, until]. */
export interface Lane {
  shard: number;
  after: number;
  until: number;
}

/** What is old enough, and has been read by every consumer: who follows the log sees each event before it may go. */
const LANES = `
select r.shard, coalesce(done.event_seq, 0) as after,
  least(r.event_seq, first.seq - 1, coalesce(indexed.event_seq, 0),
    (select min(c.event_seq) from consumers c where c.shard = r.shard)) as until
from (select id as shard, event_seq from shards) as r
left join retention done on done.shard = r.shard
left join consumers indexed on indexed.name = '${INDEX_CONSUMER}' and indexed.shard = r.shard
cross join lateral ${firstSeqAt('events', '$1::timestamptz')} as first (seq)
order by r.shard`;

// A crash may undo the newest of it, all or nothing: it is dropped again. The order path's commits do not wait for it.
const BEGIN = `begin; set local synchronous_commit = off; set local millrace.retention = 'on'`;

/** The index projection, and another process that does this, wait for their turn. */
const LOCK = `select event_seq from consumers where name = '${INDEX_CONSUMER}' and shard = $1::smallint for update`;
const DONE = 'select event_seq from retention where shard = $1::smallint';

/**
 * Rejected and nothing else: a rejected order that has more than its one event was something else before. That it moved
 * nothing is looked up in the ledger too: transfers carry their command's time, and that finds them.
 */
const OLD_ORDERS = `
with old as materialized (
  select o.id, o.user_id, o.kind, e.seq, e.at
  from events e join orders o on o.id = e.order_id
  where e.shard = $1::smallint and e.seq > $2::bigint and e.seq <= $3::bigint
    and e.type = 'order_processed' and e.opens_order and e.data ->> 'status' = 'rejected'
    and o.visible and o.status = 'rejected' and o.created_at < $4::timestamptz
    and o.first_event_seq = e.seq and o.last_event_seq = e.seq
    and not exists (select from events f where f.order_id = o.id and f.follow_up)
  for update of o skip locked
), moved as materialized (
  select t.order_id
  from (select $1::smallint as shard, min(at) as first, max(at) + interval '1 millisecond' as behind from old) as r
  cross join lateral ${firstSeqAt('transfers', 'r.first')} as start (seq)
  cross join lateral ${firstSeqAt('transfers', 'r.behind')} as behind (seq)
  join transfers t on t.shard = r.shard and t.seq >= start.seq and t.seq < behind.seq
)
select old.* from old
where old.id not in (select order_id from moved)
  and old.id not in (select h.order_id from holds h join old on h.order_id = old.id)
order by old.seq`;

const DROP_ORDERS = 'delete from orders where id = any($1::uuid[])';
const DROP_EVENTS = 'delete from events where shard = $1::smallint and seq = any($2::bigint[])';
const ADD_GAP = `
insert into event_gaps (shard, first_seq, seqs)
select $1::smallint, lower(gap), gap
from (select range_agg(int8range(seq, seq, '[]')) as gap from unnest($2::bigint[]) as seq) as dropped`;
const COUNT = `
insert into dropped_orders (shard, at, kind, count)
select $1::smallint, date_trunc('minute', at, 'UTC') as minute, kind, count(*)
from unnest($2::timestamptz[], $3::text[]) as dropped (at, kind) group by minute, kind
on conflict (shard, at, kind) do update set count = dropped_orders.count + excluded.count`;
const MOVE = `
insert into retention (shard, event_seq) values ($1::smallint, $2::bigint)
on conflict (shard) do update set event_seq = greatest(retention.event_seq, excluded.event_seq)`;

/** Minutes that have become days in the installation's numbers become days here: a row for each day stays for ever. */
const FOLD = `
with h as (
  select date_trunc('day', max(at), 'UTC') - interval '24 hours' as at from event_counts where shard = $1::smallint
), old as (
  delete from dropped_orders d using h
  where d.shard = $1::smallint and d.at < h.at and d.at <> date_trunc('day', d.at, 'UTC')
  returning d.at, d.kind, d.count
)
insert into dropped_orders (shard, at, kind, count)
select $1::smallint, date_trunc('day', at, 'UTC') as day, kind, sum(count) from old group by day, kind
on conflict (shard, at, kind) do update set count = dropped_orders.count + excluded.count`;

interface OldOrder {
  id: string;
  user_id: string | null;
  kind: string;
  seq: bigint;
  at: Date;
}

/** The shards' parts of the log in which events are older than `before`. */
export async function readLanes(pool: pg.Pool, before: Date): Promise<Lane[]> {
  const { rows } = await pool.query<{ shard: number; after: bigint; until: bigint }>(LANES, [before]);
  return rows
    .map(({ shard, after, until }) => ({ shard, after: Number(after), until: Number(until) }))
    .filter(({ after, until }) => until > after);
}

/**
 * Drops what may go of the next events of a lane, all of it in one transaction with the note of what is missing, and moves
 * `lane.after` on. @returns how many orders were dropped.
 */
export async function dropSlice(pool: pg.Pool, lane: Lane, before: Date): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query(BEGIN);
    const dropped = await dropWithin(client, lane, before);
    await client.query('commit');
    client.release();
    return dropped;
  } catch (error) {
    await client.query('rollback').then(
      () => client.release(),
      (broken: Error) => client.release(broken),
    );
    throw error;
  }
}

async function dropWithin(client: pg.PoolClient, lane: Lane, before: Date): Promise<number> {
  const { shard } = lane;
  const indexed = await client.query<{ event_seq: bigint }>(LOCK, [shard]);
  const done = await client.query<{ event_seq: bigint }>(DONE, [shard]);
  const after = Math.max(lane.after, Number(done.rows[0]?.event_seq ?? 0n));
  const until = Math.min(lane.until, after + SLICE, Number(indexed.rows[0]?.event_seq ?? 0n));
  if (until <= after) {
    // Another process was here, or the read models are being rebuilt: nothing more to do for this run.
    lane.after = lane.until;
    return 0;
  }
  const { rows: old } = await client.query<OldOrder>(OLD_ORDERS, [shard, after, until, before]);
  if (old.length > 0) await drop(client, shard, old);
  await client.query(MOVE, [shard, until]);
  lane.after = until;
  return old.length;
}

async function drop(client: pg.PoolClient, shard: number, old: readonly OldOrder[]): Promise<void> {
  const seqs = old.map(({ seq }) => seq);
  const orders = await client.query(DROP_ORDERS, [old.map(({ id }) => id)]);
  const events = await client.query(DROP_EVENTS, [shard, seqs]);
  if (orders.rowCount !== old.length || events.rowCount !== old.length)
    throw new Error(
      `retention found ${old.length} orders, but would drop ${orders.rowCount} and ${events.rowCount} events`,
    );
  await client.query(ADD_GAP, [shard, seqs]);
  await client.query(COUNT, [shard, old.map(({ at }) => at), old.map(({ kind }) => kind)]);
  const owned = old.filter(({ user_id }) => user_id !== null);
  const entries = [shard, owned.map(({ user_id }) => user_id), owned.map(({ seq }) => seq)];
  for (const table of [USER_EVENTS, USER_ORDERS]) await client.query(removeEntries(table), entries);
}

export async function foldCounts(pool: pg.Pool, shard: number): Promise<void> {
  await pool.query(FOLD, [shard]);
}
