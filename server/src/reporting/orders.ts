import type pg from 'pg';
import { formatId } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import type { Page, Result } from '../core/result.ts';
import type { OrderStatus } from '../desks/desk.ts';
import { toWire, type WireEvent } from '../events/event.ts';
import { type Caller, type OrderAnswer, seesAll } from '../intake/intake.ts';
import { EVENT_COLUMNS, type EventRow, isVisibleTo, toStoredEvent } from './event-rows.ts';
import type { IndexProjection } from './index-projection.ts';
import { PAGE_SIZE_MAX, SCAN_SIZE_MAX } from './list-cursor.ts';
import { mergeShards } from './merge.ts';
import { emptyPage, encodePlace, type Place, readPlace } from './newest-first.ts';
import { newestEntries, USER_ORDERS } from './packed-rows.ts';

export interface OrderListOptions {
  /** 1 to 200. */
  limit: number;
  cursor?: string | undefined;
  kind?: string | undefined;
  status?: string | undefined;
}

export interface OrderQueries {
  /** An order of the caller's; for operators any order, commands of the system itself too. Else undefined. */
  get(caller: Caller, orderId: string): Promise<OrderAnswer | undefined>;
  /**
   * The caller's orders, newest first (within a shard in the order in which they were decided), with everything that was
   * committed before the first page was read, and nothing that came later. A page of a filtered list may hold less than
   * `limit` and still say that there is more.
   *
   * @returns or one of the problems invalid_cursor, not_ready.
   */
  list(caller: Caller, options: OrderListOptions): Promise<Result<Page<OrderAnswer>>>;
  /** What happened to an order, oldest first, at most its first 1,000 events; undefined where `get` is. */
  events(caller: Caller, orderId: string): Promise<WireEvent[] | undefined>;
}

/** A user's order has a handful; a command of the system that pays out to thousands has as many. */
const ORDER_EVENTS_MAX = 1_000;

const LIST = 'orders';

const COLUMNS = 'o.id, o.kind, o.status, o.reason, o.user_id, o.params, o.result, o.created_at, o.updated_at';

const GET = `select ${COLUMNS} from orders o where o.id = $1::uuid and ($3::boolean or (o.visible and o.user_id = $2::uuid))`;

const EVENTS = `
select ${EVENT_COLUMNS}
from orders o cross join unnest(o.event_seqs[1:${ORDER_EVENTS_MAX}]) with ordinality as ref (value, number)
join events e on e.shard = (ref.value >> 48)::smallint and e.seq = ref.value & ((1::bigint << 48) - 1)
where o.id = $1::uuid and ($3::boolean or (o.visible and o.user_id = $2::uuid))
order by ref.number`;

const SCAN = newestEntries(USER_ORDERS, '$4');

const PAGE = `
select r.shard, page.*
from unnest($2::smallint[], $3::bigint[]) as r (shard, before)
cross join lateral (
  select scanned.seq, ${COLUMNS} from (${SCAN}) as scanned join orders o on o.id = scanned.order_id
  where ($5::text is null or o.kind = $5::text) and ($6::text is null or o.status = $6::text)
  order by scanned.seq desc limit $7::integer
) as page
order by r.shard, page.seq desc`;

/** The last of the orders that one page may look at, for each shard that has so many. */
const SCAN_ENDS = `
select r.shard, last.seq
from unnest($2::smallint[], $3::bigint[]) as r (shard, before)
cross join lateral (select seq from (${SCAN}) as scanned order by seq desc offset $4::integer - 1 limit 1) as last`;

interface OrderRow {
  id: string;
  kind: string;
  status: OrderStatus;
  reason: string | null;
  user_id: string | null;
  params: JsonObject;
  result: JsonObject;
  created_at: Date;
  updated_at: Date;
}

type PageRow = OrderRow & { shard: number; seq: bigint };

export function createOrderQueries({ pool, projection }: { pool: pg.Pool; projection: IndexProjection }): OrderQueries {
  async function get(caller: Caller, orderId: string): Promise<OrderAnswer | undefined> {
    const { rows } = await pool.query<OrderRow>(GET, [orderId, caller.actingFor, seesAll(caller)]);
    return rows[0] && toAnswer(rows[0]);
  }
  return {
    get,
    async list(caller, options) {
      const place = await readPlace(projection, { list: LIST, log: 'eventSeq', cursor: options.cursor });
      if (!place.ok) return place;
      return { ok: true, value: await readPage(pool, caller.actingFor, place.value, options) };
    },
    async events(caller, orderId) {
      const { rows } = await pool.query<EventRow>(EVENTS, [orderId, caller.actingFor, seesAll(caller)]);
      // An order of the system may have no event: then only the order itself tells whether it exists.
      if (rows.length === 0 && !(await get(caller, orderId))) return undefined;
      return rows
        .map(toStoredEvent)
        .filter((event) => isVisibleTo(caller, event))
        .map(toWire);
    },
  };
}

async function readPage(
  pool: pg.Pool,
  userId: string,
  place: Place,
  options: OrderListOptions,
): Promise<Page<OrderAnswer>> {
  const { kind = null, status = null } = options;
  const limit = Math.min(options.limit, PAGE_SIZE_MAX);
  const isFiltered = kind !== null || status !== null;
  const scan = [userId, [...place.keys()], [...place.values()], isFiltered ? SCAN_SIZE_MAX : limit + 1];
  const { rows } = await pool.query<PageRow>(PAGE, [...scan, kind, status, limit + 1]);
  const shards = emptyPage<{ shard: number; seq: number; atMs: number; row: PageRow }>(place);
  for (const row of rows) {
    const { shard } = row;
    shards.get(shard)?.rows.push({ shard, seq: Number(row.seq), atMs: row.created_at.getTime(), row });
  }
  const stopped = isFiltered ? await pool.query<{ shard: number; seq: bigint }>(SCAN_ENDS, scan) : { rows: [] };
  for (const { shard, seq } of stopped.rows) {
    const part = shards.get(shard);
    if (!part) continue;
    part.end = Number(seq);
    part.hasMore = true;
  }
  const { data, hasMore, reached } = mergeShards(shards, { limit, newestFirst: true });
  return {
    data: data.map(({ row }) => toAnswer(row)),
    has_more: hasMore,
    next_cursor: hasMore ? encodePlace(LIST, reached) : null,
  };
}

function toAnswer(row: OrderRow): OrderAnswer {
  return {
    id: formatId('order', row.id),
    kind: row.kind,
    status: row.status,
    reason: row.reason,
    user_id: row.user_id && formatId('user', row.user_id),
    params: row.params,
    result: row.result,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
