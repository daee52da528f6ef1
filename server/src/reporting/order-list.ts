import type pg from 'pg';
import { type Caller, seesAll } from '../core/caller.ts';
import { parseId } from '../core/ids.ts';
import { answerOf, ORDER_COLUMNS, type OrderAnswer, orderOf, type OrderRow } from '../core/order.ts';
import type { IndexProjection } from './index-projection.ts';
import { PAGE_SIZE_MAX, SCAN_SIZE_MAX } from '../core/list-cursor.ts';
import { type Page, problem, type Result } from '../core/result.ts';
import { firstSeqAt } from './log-times.ts';
import { mergeShards } from './merge.ts';
import { emptyPage, encodePlace, type Place, readPlace } from './newest-first.ts';
import { newestEntries, USER_ORDERS } from './packed-rows.ts';
import { type Period, periodOf } from './period.ts';

export interface OrderListOptions {
  /** 1 to 200. */
  limit: number;
  cursor?: string | undefined;
  kind?: string | undefined;
  status?: string | undefined;
  /** RFC 3339: when the order was placed; `from` is included, `to` is not. */
  from?: string | undefined;
  to?: string | undefined;
  /** Whose orders (`usr_…`). Default: the caller's. Anybody else's are for operators. */
  user_id?: string | undefined;
  /** The orders of all users, for operators. Default false. */
  everybody?: boolean | undefined;
}

const FILTER = `($5::text is null or o.kind = $5::text) and ($6::text is null or o.status = $6::text)
    and ($7::timestamptz is null or o.created_at >= $7::timestamptz)
    and ($8::timestamptz is null or o.created_at < $8::timestamptz)`;

const SCAN = newestEntries(USER_ORDERS, '$4');

const OF_USER = `
select r.shard, page.*
from unnest($2::smallint[], $3::bigint[]) as r (shard, before)
cross join lateral (
  select scanned.seq, ${ORDER_COLUMNS}
  from (${SCAN}) as scanned cross join lateral (select * from orders where id = scanned.order_id limit 1) as o
  where ${FILTER}
  order by scanned.seq desc limit $9::integer
) as page
order by r.shard, page.seq desc`;

/** The last of the orders that one page may look at, for each shard that has so many. */
const SCAN_ENDS = `
select r.shard, last.seq
from unnest($2::smallint[], $3::bigint[]) as r (shard, before)
cross join lateral (select seq from (${SCAN}) as scanned order by seq desc offset $4::integer - 1 limit 1) as last`;

/**
 * Of everybody: the log itself, backwards. Each order has the event by which it became known, among a few others; a page
 * looks at a bounded part of the log, whatever is in it. The limits within keep the planner from reading all orders.
 */
const OF_ALL = `
select r.shard, page.*
from unnest($2::smallint[], $3::bigint[]) as r (shard, before)
cross join lateral (
  select scanned.seq, ${ORDER_COLUMNS}
  from (
    select e.seq, e.order_id, e.opens_order from events e
    where e.shard = r.shard and e.seq < r.before order by e.seq desc limit $4::integer
  ) as scanned cross join lateral (select * from orders where id = scanned.order_id limit 1) as o
  where scanned.opens_order and $1::uuid is null and ${FILTER}
  order by scanned.seq desc limit $9::integer
) as page
order by r.shard, page.seq desc`;

/** As SCAN_ENDS: the last event that one page looks at. */
const SCAN_ENDS_OF_ALL = `
select r.shard, last.seq
from unnest($1::smallint[], $2::bigint[]) as r (shard, before)
cross join lateral (
  select e.seq from events e where e.shard = r.shard and e.seq < r.before order by e.seq desc offset $3::integer - 1 limit 1
) as last`;

/** A period's part of each shard's log: the first event in it, and the first one behind it. */
const BOUNDS = `
select r.shard,
  case when $2::timestamptz is null then 1 else ${firstSeqAt('events', '$2::timestamptz')} end as first,
  case when $3::timestamptz is null then null else ${firstSeqAt('events', '$3::timestamptz')} end as behind
from unnest($1::smallint[]) as r (shard)`;

type PageRow = OrderRow & { shard: number; seq: bigint };

interface ListedOrder {
  shard: number;
  seq: number;
  atMs: number;
  row: PageRow;
}

interface Scope {
  /** The list's name in its cursors. */
  list: string;
  /** null: everybody. */
  userId: string | null;
}

/** As `OrderQueries.list`. */
export async function listOrders(
  { pool, projection }: { pool: pg.Pool; projection: IndexProjection },
  caller: Caller,
  options: OrderListOptions,
): Promise<Result<Page<OrderAnswer>>> {
  const scope = scopeOf(caller, options);
  if (!scope.ok) return scope;
  const period = periodOf(options);
  if (!period.ok) return period;
  const { list, userId } = scope.value;
  const place = await readPlace(projection, { list, log: 'eventSeq', cursor: options.cursor });
  if (!place.ok) return place;
  return { ok: true, value: await readPage(pool, { list, userId, place: place.value, period: period.value }, options) };
}

function scopeOf(caller: Caller, { user_id, everybody = false }: OrderListOptions): Result<Scope> {
  if (user_id === undefined && !everybody) return { ok: true, value: { list: 'orders', userId: caller.actingFor } };
  if (user_id !== undefined && everybody) {
    const errors = [{ pointer: '/everybody', detail: 'cannot be combined with user_id' }];
    return problem('invalid_request', 'Either one user’s orders, or everybody’s.', { errors });
  }
  const userId = user_id === undefined ? null : parseId('user', user_id);
  if (userId === undefined) {
    const errors = [{ pointer: '/user_id', detail: 'must be the id of a user' }];
    return problem('invalid_request', 'user_id is not the id of a user.', { errors });
  }
  if (userId !== caller.actingFor && !seesAll(caller))
    return problem('forbidden', 'Only operators list the orders of others.');
  return { ok: true, value: { list: userId === null ? 'orders/all' : `orders/${userId}`, userId } };
}

interface PageRequest extends Scope {
  place: Place;
  period: Period;
}

async function readPage(
  pool: pg.Pool,
  { list, userId, place: asked, period }: PageRequest,
  options: OrderListOptions,
): Promise<Page<OrderAnswer>> {
  const { kind = null, status = null } = options;
  const limit = Math.min(options.limit, PAGE_SIZE_MAX);
  const { place, floor } = await boundsOf(pool, asked, period);
  const isFiltered = kind !== null || status !== null || period.from !== null || period.to !== null;
  const scanSize = isFiltered || userId === null ? SCAN_SIZE_MAX : limit + 1;
  const scan = [userId, [...place.keys()], [...place.values()], scanSize];
  const filter = [kind, status, period.from, period.to, limit + 1];
  const { rows } = await pool.query<PageRow>(userId === null ? OF_ALL : OF_USER, [...scan, ...filter]);
  const shards = emptyPage<ListedOrder>(place);
  for (const row of rows) {
    const { shard } = row;
    shards.get(shard)?.rows.push({ shard, seq: Number(row.seq), atMs: row.created_at.getTime(), row });
  }
  const stopped =
    userId === null
      ? await ends(pool, SCAN_ENDS_OF_ALL, scan.slice(1))
      : isFiltered
        ? await ends(pool, SCAN_ENDS, scan)
        : [];
  for (const { shard, seq } of stopped) {
    const part = shards.get(shard);
    // What is before the period is not looked at.
    if (!part || Number(seq) <= (floor.get(shard) ?? 1)) continue;
    part.end = Number(seq);
    part.hasMore = true;
  }
  const { data, hasMore, reached } = mergeShards(shards, { limit, newestFirst: true });
  return {
    data: data.map(({ row }) => answerOf(orderOf(row))),
    has_more: hasMore,
    next_cursor: hasMore ? encodePlace(list, reached) : null,
  };
}

async function ends(pool: pg.Pool, statement: string, scan: unknown[]): Promise<{ shard: number; seq: bigint }[]> {
  return (await pool.query<{ shard: number; seq: bigint }>(statement, scan)).rows;
}

/** Where a page begins that was asked for with a period, and what lies before the period. */
async function boundsOf(
  pool: pg.Pool,
  place: Place,
  { from, to }: Period,
): Promise<{ place: Place; floor: ReadonlyMap<number, number> }> {
  if (from === null && to === null) return { place, floor: new Map() };
  const { rows } = await pool.query<{ shard: number; first: bigint; behind: bigint | null }>(BOUNDS, [
    [...place.keys()],
    from,
    to,
  ]);
  const behind = new Map(rows.map((row) => [row.shard, row.behind === null ? Infinity : Number(row.behind)]));
  return {
    place: new Map([...place].map(([shard, before]) => [shard, Math.min(before, behind.get(shard) ?? before)])),
    floor: new Map(rows.map((row) => [row.shard, Number(row.first)])),
  };
}
