import type pg from 'pg';

/** How much there is, for the banner and overviews. */
export interface Counts {
  /** All orders, also the system's. Exact up to 10,000, above it PostgreSQL's estimate. */
  orders: number;
  /** Orders that wait for somebody outside, or rest on a book; counted up to 10,000. */
  unfinished_orders: number;
  transfers: number;
  events: number;
  /** Dead letters that wait for an operator; counted up to 10,000. */
  open_dead_letters: number;
}

/** To count ten million rows takes a second; nobody reads the last digit of such a number. */
const COUNTED_MAX = 10_000;

const COUNTS = `
select
  (select count(*) from (select from orders limit ${COUNTED_MAX} + 1) as few) as orders,
  (select greatest(reltuples, 0)::bigint from pg_class where oid = 'orders'::regclass) as orders_estimate,
  (select count(*) from (select from orders where status in ('pending', 'open') limit ${COUNTED_MAX}) as few) as unfinished_orders,
  (select count(*) from (select from dead_letters where retried_at is null limit ${COUNTED_MAX}) as few) as open_dead_letters,
  (select coalesce(sum(transfer_seq), 0)::bigint from shards) as transfers,
  (select coalesce(sum(event_seq), 0)::bigint from shards) as events`;

/** A few milliseconds, whatever the size of the database. */
export async function readCounts(pool: pg.Pool): Promise<Counts> {
  const { rows } = await pool.query<Record<keyof Counts | 'orders_estimate', bigint>>(COUNTS);
  const row = rows[0] as Record<keyof Counts | 'orders_estimate', bigint>;
  const counted = Number(row.orders);
  return {
    orders: counted <= COUNTED_MAX ? counted : Math.max(counted, Number(row.orders_estimate)),
    unfinished_orders: Number(row.unfinished_orders),
    transfers: Number(row.transfers),
    events: Number(row.events),
    open_dead_letters: Number(row.open_dead_letters),
  };
}
