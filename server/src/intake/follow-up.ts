import { type Kind, type KindName, KINDS } from '@millrace/contract';
import type pg from 'pg';
import { problem, type Result } from '../core/result.ts';
import type { Caller, OrderAnswer } from './intake.ts';

/**
 * Which command calls an order of the caller back. Whether it still can be is the desk's decision.
 *
 * @returns not_found for an order that is not the caller's, order_not_cancelable for a kind that is never called back.
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
  const { rows } = await pool.query<
    Omit<OrderAnswer, 'created_at' | 'updated_at'> & { created_at: Date; updated_at: Date }
  >(
    `select 'ord_' || id as id, kind, status, reason, 'usr_' || user_id as user_id, params, result, created_at, updated_at
     from orders where id = $1`,
    [orderId],
  );
  const order = rows[0];
  if (!order) throw new Error(`order ${orderId} is gone`);
  return { ...order, created_at: order.created_at.toISOString(), updated_at: order.updated_at.toISOString() };
}
