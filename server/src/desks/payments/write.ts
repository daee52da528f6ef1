import { bigintArray, plainArray, uuidArray } from '../../db/arrays.ts';
import type { Statement } from '../../db/transaction.ts';
import type { Writer } from '../desk.ts';
import type { PaymentsRows } from './rows.ts';

const INSERT_PENDING: Statement = {
  name: 'payments_insert_pending',
  text: `insert into pending_withdrawals (order_id, user_id, asset, amount)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[])`,
};
const DELETE_PENDING: Statement = {
  name: 'payments_delete_pending',
  text: 'delete from pending_withdrawals where order_id = any($1::uuid[])',
};

export function writePayments(writer: Writer, { opened, closed }: PaymentsRows): void {
  if (opened.size > 0) {
    const rows = [...opened.values()];
    writer.write(INSERT_PENDING, [
      uuidArray(rows.map(({ orderId }) => orderId)),
      uuidArray(rows.map(({ userId }) => userId)),
      plainArray(rows.map(({ asset }) => asset)),
      bigintArray(rows.map(({ minor }) => minor)),
    ]);
  }
  if (closed.size > 0) writer.write(DELETE_PENDING, [uuidArray([...closed.keys()])]);
}
