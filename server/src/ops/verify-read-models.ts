import type { CoreCheck, CountedTable } from './verify-check.ts';

/** Compares a read model with what the log says it should hold, both ways. */
function readModelCheck(
  table: CountedTable,
  options: { columns: readonly string[]; subject: string; expected: string },
): CoreCheck {
  const { columns, subject, expected } = options;
  const first = columns[0];
  return {
    name: `${table}_are_complete`,
    counted: table,
    sql: `with expected as (${expected})
select ${subject} as subject, case when have.${first} is null
  then format('is not in ${table} for %s', want.${first}) else format('is in ${table} for %s without a reason', have.${first}) end as detail
from expected want full join ${table} have on ${columns.map((column) => `have.${column} = want.${column}`).join(' and ')}
where want.${first} is null or have.${first} is null`,
  };
}

const INDEXED = "consumers c on c.name = 'index'";

/** The read models hold exactly what the index projection's cursor says that they hold. */
export const READ_MODEL_CHECKS: readonly CoreCheck[] = [
  readModelCheck('user_events', {
    columns: ['user_id', 'shard', 'seq'],
    subject: `format('%s-%s', coalesce(want.shard, have.shard), coalesce(want.seq, have.seq))`,
    expected: `select e.user_id, e.shard, e.seq from events e join ${INDEXED} and c.shard = e.shard
where e.seq <= c.event_seq and e.user_id is not null`,
  }),
  readModelCheck('user_orders', {
    columns: ['user_id', 'created_at', 'order_id'],
    subject: `'ord_' || coalesce(want.order_id, have.order_id)`,
    expected: `select distinct o.user_id, o.created_at, o.id as order_id
from events e join ${INDEXED} and c.shard = e.shard join orders o on o.id = e.order_id
where e.seq <= c.event_seq and e.type = 'order_processed' and o.visible and o.user_id is not null`,
  }),
  readModelCheck('account_lines', {
    columns: ['account_id', 'shard', 'seq'],
    subject: `format('trf_%s-%s', coalesce(want.shard, have.shard), coalesce(want.seq, have.seq))`,
    expected: `select side.account_id, t.shard, t.seq
from transfers t join ${INDEXED} and c.shard = t.shard
cross join lateral (values (t.debit_account_id), (t.credit_account_id)) as side (account_id)
where t.seq <= c.transfer_seq`,
  }),
];
