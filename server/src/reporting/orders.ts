import type pg from 'pg';
import type { Page, Result } from '../core/result.ts';
import { toWire, type WireEvent } from '../events/event.ts';
import { type Caller, type OrderAnswer, seesAll } from '../intake/intake.ts';
import { EVENT_COLUMNS, type EventRow, isVisibleTo, toStoredEvent } from './event-rows.ts';
import type { IndexProjection } from './index-projection.ts';
import { listOrders, type OrderListOptions } from './order-list.ts';
import { ORDER_COLUMNS, type OrderRow, toOrderAnswer } from './order-rows.ts';

export interface OrderQueries {
  /** An order of the caller's; for operators any order, commands of the system itself too. Else undefined. */
  get(caller: Caller, orderId: string): Promise<OrderAnswer | undefined>;
  /**
   * Orders, newest first (within a shard in the order in which they were decided), with everything that was committed
   * before the first page was read, and nothing that came later: the caller's own; for operators those of one user or of
   * everybody, without what Millrace itself does. A page of a filtered list may hold less than `limit` and still say that
   * there is more.
   *
   * @returns or one of the problems invalid_request, forbidden, invalid_cursor, not_ready.
   */
  list(caller: Caller, options: OrderListOptions): Promise<Result<Page<OrderAnswer>>>;
  /** What happened to an order, oldest first, at most its first 1,000 events; undefined where `get` is. */
  events(caller: Caller, orderId: string): Promise<WireEvent[] | undefined>;
}

/** A user's order has a handful; a command of the system that pays out to thousands has as many. */
const ORDER_EVENTS_MAX = 1_000;

const GET = `select ${ORDER_COLUMNS} from orders o where o.id = $1::uuid and ($3::boolean or (o.visible and o.user_id = $2::uuid))`;

/** Every event of an order: whoever shows them asks who may see each. */
export const ORDER_EVENTS = `
select ${EVENT_COLUMNS}
from orders o cross join unnest(o.event_seqs[1:${ORDER_EVENTS_MAX}]) with ordinality as ref (value, number)
join events e on e.shard = (ref.value >> 48)::smallint and e.seq = ref.value & ((1::bigint << 48) - 1)
where o.id = $1::uuid and ($3::boolean or (o.visible and o.user_id = $2::uuid))
order by ref.number`;

export function createOrderQueries({ pool, projection }: { pool: pg.Pool; projection: IndexProjection }): OrderQueries {
  async function get(caller: Caller, orderId: string): Promise<OrderAnswer | undefined> {
    const { rows } = await pool.query<OrderRow>(GET, [orderId, caller.actingFor, seesAll(caller)]);
    return rows[0] && toOrderAnswer(rows[0]);
  }
  return {
    get,
    async list(caller, options) {
      return listOrders({ pool, projection }, caller, options);
    },
    async events(caller, orderId) {
      const { rows } = await pool.query<EventRow>(ORDER_EVENTS, [orderId, caller.actingFor, seesAll(caller)]);
      // An order of the system may have no event: then only the order itself tells whether it exists.
      if (rows.length === 0 && !(await get(caller, orderId))) return undefined;
      return rows
        .map(toStoredEvent)
        .filter((event) => isVisibleTo(caller, event))
        .map(toWire);
    },
  };
}
