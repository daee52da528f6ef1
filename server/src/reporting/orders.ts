import type pg from 'pg';
import { formatId } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import type { Page, Result } from '../core/result.ts';
import type { OrderStatus } from '../desks/desk.ts';
import { toWire, type WireEvent } from '../events/event.ts';
import type { Caller, OrderAnswer } from '../intake/intake.ts';
import { EVENT_COLUMNS, type EventRow, isVisibleTo, toStoredEvent } from './event-rows.ts';
import type { IndexProjection } from './index-projection.ts';
import {
  decodeTimeCursor,
  encodeTimeCursor,
  microsOf,
  PAGE_SIZE_MAX,
  SCAN_SIZE_MAX,
  type TimeKey,
  timeOfMicros,
} from './list-cursor.ts';

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
   * The caller's orders, newest first, with everything that was committed before the call. A page of a filtered list
   * may hold less than `limit` and still say that there is more.
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

const SCAN = `
select u.created_at, u.order_id from user_orders u
where u.user_id = $1::uuid
  and ($2::bigint is null or (u.created_at, u.order_id) < (${timeOfMicros('$2')}, $3::uuid))
order by u.created_at desc, u.order_id desc`;

const PAGE = `
select ${COLUMNS}, ${microsOf('o.created_at')} as micros
from (${SCAN} limit $4::integer) as scanned join orders o on o.id = scanned.order_id
where ($5::text is null or o.kind = $5::text) and ($6::text is null or o.status = $6::text)
order by scanned.created_at desc, scanned.order_id desc limit $7::integer`;

const LAST_SCANNED = `
select ${microsOf('last.created_at')} as micros, last.order_id as id from (${SCAN} offset $4::integer - 1 limit 1) as last`;

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

type PageRow = OrderRow & { micros: bigint };

export function createOrderQueries({ pool, projection }: { pool: pg.Pool; projection: IndexProjection }): OrderQueries {
  async function get(caller: Caller, orderId: string): Promise<OrderAnswer | undefined> {
    const { rows } = await pool.query<OrderRow>(GET, [orderId, caller.actingFor, caller.role === 'operator']);
    return rows[0] && toAnswer(rows[0]);
  }
  return {
    get,
    async list(caller, options) {
      const key = decodeTimeCursor(LIST, options.cursor);
      if (!key.ok) return key;
      const caughtUp = await projection.catchUp();
      if (!caughtUp.ok) return caughtUp;
      return { ok: true, value: await readPage(pool, caller.actingFor, key.value, options) };
    },
    async events(caller, orderId) {
      const isOperator = caller.role === 'operator';
      const { rows } = await pool.query<EventRow>(EVENTS, [orderId, caller.actingFor, isOperator]);
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
  after: TimeKey | null,
  options: OrderListOptions,
): Promise<Page<OrderAnswer>> {
  const { kind = null, status = null } = options;
  const limit = Math.min(options.limit, PAGE_SIZE_MAX);
  const isFiltered = kind !== null || status !== null;
  const scanSize = isFiltered ? SCAN_SIZE_MAX : limit + 1;
  const from = [userId, after?.micros ?? null, after?.id ?? null, scanSize];
  const { rows } = await pool.query<PageRow>(PAGE, [...from, kind, status, limit + 1]);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  if (rows.length > limit && last) return { data: page.map(toAnswer), has_more: true, next_cursor: cursorOf(last) };
  if (!isFiltered) return { data: page.map(toAnswer), has_more: false, next_cursor: null };
  const stopped = (await pool.query<{ micros: bigint; id: string }>(LAST_SCANNED, from)).rows[0];
  return { data: page.map(toAnswer), has_more: stopped !== undefined, next_cursor: stopped ? cursorOf(stopped) : null };
}

function cursorOf(row: { micros: bigint; id: string }): string {
  return encodeTimeCursor(LIST, { micros: String(row.micros), id: row.id });
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
