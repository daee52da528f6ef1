import type { Reason, WireOrder } from '@millrace/contract';
import { formatId } from './ids.ts';
import type { JsonObject } from './json.ts';
import type { Problem } from './result.ts';

export type OrderStatus = WireOrder['status'];

/** An order inside: ids are bare UUIDs, times RFC 3339. What a batch changes of it is not readonly. */
export interface OrderRecord {
  readonly id: string;
  readonly kind: string;
  status: OrderStatus;
  reason: Reason | null;
  readonly userId: string | null;
  /** Who placed it, where that is another user than `userId`. */
  readonly actorId: string | null;
  /** Whether it is an order that its user sees in lists. */
  readonly visible: boolean;
  readonly params: JsonObject;
  result: JsonObject;
  /** Hash over kind and parameters where the caller chose the id. */
  readonly fingerprint: string | null;
  readonly createdAt: string;
  updatedAt: string;
}

/** An order as it goes out on every wire. */
export type OrderAnswer = WireOrder;

/** What became of a submission. */
export type Answer = { ok: true; order: OrderAnswer; replayed: boolean } | { ok: false; problem: Problem };

/** For statements that call the table `o`. */
export const ORDER_COLUMNS =
  'o.id, o.kind, o.status, o.reason, o.user_id, o.actor_id, o.visible, o.params, o.result, o.fingerprint, o.created_at, o.updated_at';

/** What such a statement reads. */
export interface OrderRow {
  id: string;
  kind: string;
  status: OrderStatus;
  reason: Reason | null;
  user_id: string | null;
  actor_id: string | null;
  visible: boolean;
  params: JsonObject;
  result: JsonObject;
  fingerprint: string | null;
  created_at: Date;
  updated_at: Date;
}

export function orderOf(row: OrderRow): OrderRecord {
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    reason: row.reason,
    userId: row.user_id,
    actorId: row.actor_id,
    visible: row.visible,
    params: row.params,
    result: row.result,
    fingerprint: row.fingerprint,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

export function answerOf(order: OrderRecord): OrderAnswer {
  return {
    id: formatId('order', order.id),
    kind: order.kind,
    status: order.status,
    reason: order.reason,
    user_id: order.userId && formatId('user', order.userId),
    params: order.params,
    result: order.result,
    created_at: order.createdAt,
    updated_at: order.updatedAt,
  };
}
