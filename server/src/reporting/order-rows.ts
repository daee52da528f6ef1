import { formatId } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import type { OrderStatus } from '../desks/desk.ts';
import type { OrderAnswer } from '../intake/intake.ts';

/** For statements that call the table `o`. */
export const ORDER_COLUMNS =
  'o.id, o.kind, o.status, o.reason, o.user_id, o.params, o.result, o.created_at, o.updated_at';

export interface OrderRow {
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

export function toOrderAnswer(row: OrderRow): OrderAnswer {
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
