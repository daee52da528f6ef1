import { type Kind, type KindName, KINDS } from '@millrace/contract';
import type pg from 'pg';
import type { Caller } from '../core/caller.ts';
import { answerOf, ORDER_COLUMNS, type OrderAnswer, orderOf, type OrderRow } from '../core/order.ts';
import { problem, type Result } from '../core/result.ts';

/**
 * Which command cancels an order of the caller’s. Whether it still can be is the desk's decision.
 *
 * @returns not_found for an order that is not the caller's, order_not_cancelable for a kind that is never canceled.
 */
export async function cancelKindOf(pool: pg.Pool, caller: Caller, orderId: string): Promise<Result<KindName>> {
  const { rows } = await pool.query<{ kind: string; user_id: string | null; visible: boolean }>(
    'select kind, user_id, visible from orders where id = $1',
    [orderId],
  );
  const order = rows[0];
  if (!order?.visible || order.user_id !== caller.actingFor) return problem('not_found', 'There is no such order.');
  const kinds: Readonly<Record<string, Kind | undefined>> = KINDS;
  const canceledBy = kinds[order.kind]?.canceledBy;
  return canceledBy !== undefined
    ? { ok: true, value: canceledBy as KindName }
    : problem('order_not_cancelable', `An order of the kind ${order.kind} is never canceled.`);
}

/** An order as it stands now. */
export async function readOrder(pool: pg.Pool, orderId: string): Promise<OrderAnswer> {
  const { rows } = await pool.query<OrderRow>(`select ${ORDER_COLUMNS} from orders o where o.id = $1`, [orderId]);
  const row = rows[0];
  if (!row) throw new Error(`order ${orderId} is gone`);
  return answerOf(orderOf(row));
}
