import type pg from 'pg';
import type { Cutoffs } from './cutoffs.ts';

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
export interface Portion {
  dropped: number;
  more: boolean;
}

/** Goes once through all idempotency keys that are there when it is called, a portion with each call of what it returns. */
export async function keyPortions(pool: pg.Pool, cutoffs: Cutoffs): Promise<() => Promise<Portion>> {
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

export async function dropLetters(pool: pg.Pool, cutoffs: Cutoffs): Promise<Portion> {
  const { rowCount } = await pool.query(DROP_LETTERS, [cutoffs.deadLetters, cutoffs.openDeadLetters, LETTERS]);
  return { dropped: rowCount ?? 0, more: rowCount === LETTERS };
}
