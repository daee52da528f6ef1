import type pg from 'pg';
import { type Caller, seesAll } from '../core/caller.ts';
import { answerOf, ORDER_COLUMNS, type OrderAnswer, orderOf, type OrderRow } from '../core/order.ts';
import type { Page, Result } from '../core/result.ts';
import { toWire, type WireEvent } from '../events/event.ts';
import { EVENT_COLUMNS, type EventRow, isVisibleTo, toStoredEvent } from './event-rows.ts';
import type { IndexProjection } from './index-projection.ts';
import { type Names, nameableIn, withNames } from './names.ts';
import { listOrders, type OrderListOptions } from './order-list.ts';

/** An order with what its ids are called. */
export type NamedAnswer = OrderAnswer & { names?: Names };

export interface OrderQueries {
  /** An order of the caller's; for operators any order, commands of the system itself too. Else undefined. */
  get(caller: Caller, orderId: string): Promise<NamedAnswer | undefined>;
  /**
   * Orders, newest first (within a shard in the order in which they were decided), with everything that was committed
   * before the first page was read, and nothing that came later: the caller's own; for operators those of one user or of
   * everybody, without what Millrace itself does. A page of a filtered list may hold less than `limit` and still say that
   * there is more.
   *
   * @returns or one of the problems invalid_request, forbidden, invalid_cursor, not_ready.
   */
  list(caller: Caller, options: OrderListOptions): Promise<Result<Page<NamedAnswer>>>;
  /** What happened to an order, oldest first, at most its first 1,000 events; undefined where `get` is. */
  events(caller: Caller, orderId: string): Promise<WireEvent[] | undefined>;
}

/** A user's order has a handful; a command of the system that pays out to thousands has as many. */
const ORDER_EVENTS_MAX = 1_000;

const GET = `select ${ORDER_COLUMNS} from orders o where o.id = $1::uuid and ($3::boolean or (o.visible and o.user_id = $2::uuid))`;

/**
 * Every event of an order: who may see each, the reader asks. Those of the decision that recorded it are one stretch of the log;
 * those of later decisions stand in an index, which costs the others nothing.
 */
export const ORDER_EVENTS = `
with o as (
  select id, shard, first_event_seq, last_event_seq from orders o
  where id = $1::uuid and ($3::boolean or (visible and user_id = $2::uuid))
)
select ${EVENT_COLUMNS} from (
  (select e.* from o join events e on e.shard = o.shard and e.seq between o.first_event_seq and o.last_event_seq
   where e.order_id = o.id and not e.follow_up order by e.seq limit ${ORDER_EVENTS_MAX})
  union all
  (select e.* from o join events e on e.order_id = o.id and e.follow_up order by e.at, e.shard, e.seq limit ${ORDER_EVENTS_MAX})
) as e
order by e.follow_up, e.at, e.shard, e.seq limit ${ORDER_EVENTS_MAX}`;

export function createOrderQueries({ pool, projection }: { pool: pg.Pool; projection: IndexProjection }): OrderQueries {
  /** An order without any is as it was answered when it was placed. */
  async function named(caller: Caller, orders: readonly OrderAnswer[]): Promise<NamedAnswer[]> {
    const all = await withNames(pool, orders, (order) => nameableIn(caller, order));
    return all.map(({ names, ...order }) => (Object.keys(names).length === 0 ? order : { ...order, names }));
  }

  async function get(caller: Caller, orderId: string): Promise<NamedAnswer | undefined> {
    const { rows } = await pool.query<OrderRow>(GET, [orderId, caller.actingFor, seesAll(caller)]);
    return (
      await named(
        caller,
        rows.map((row) => answerOf(orderOf(row))),
      )
    )[0];
  }
  return {
    get,
    async list(caller, options) {
      const page = await listOrders({ pool, projection }, caller, options);
      if (!page.ok) return page;
      return { ok: true, value: { ...page.value, data: await named(caller, page.value.data) } };
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
