import type { CoreCheck, CountedTable } from './verify-check.ts';

interface ReadModel {
  table: CountedTable;
  owner: 'user_id' | 'account_id';
  /** What an entry names beside its sequence. */
  value?: 'order_id';
  /** Before an entry's shard and sequence, in its public id. */
  prefix: string;
  /** The log's side: the owner, shard, seq and value of each entry up to the cursor. */
  expected: string;
}

/** Compares a read model with what the log says it should hold, both ways. */
function isComplete({ table, owner, value, prefix, expected }: ReadModel): CoreCheck {
  const subject = value
    ? `'ord_' || coalesce(want.${value}, have.${value})`
    : `format('${prefix}%s-%s', coalesce(want.shard, have.shard), coalesce(want.seq, have.seq))`;
  const columns = [owner, 'shard', 'seq', ...(value ? [value] : [])];
  const arrays = value ? `unnest(seqs) as seq, unnest(${value}s) as ${value}` : 'unnest(seqs) as seq';
  return {
    name: `${table}_are_complete`,
    counted: table,
    sql: `with want as (${expected}), have as (select ${owner}, shard, ${arrays} from ${table})
select ${subject} as subject,
  case when have.seq is null then format('is not in ${table} for %s', want.${owner})
    else format('is in ${table} for %s without a reason', have.${owner}) end as detail
from want full join have on ${columns.map((column) => `have.${column} = want.${column}`).join(' and ')}
where want.seq is null or have.seq is null`,
  };
}

/** No entry is there twice, and lists find what they look for: within a row and from row to row the sequences rise. */
function isInOrder({ table, owner, prefix }: ReadModel): CoreCheck {
  return {
    name: `${table}_are_in_order`,
    counted: table,
    sql: `select format('${prefix}%s-%s', shard, first_seq) as subject,
  format('begins a row of ${table} for %s that is out of order, or holds something twice', ${owner}) as detail
from (
  select ${owner}, shard, first_seq, seqs,
    lag(seqs[cardinality(seqs)]) over (partition by ${owner}, shard order by first_seq) as before
  from ${table}
) as packed
where first_seq <= before
  or exists (select from generate_series(2, cardinality(seqs)) as i where seqs[i] <= seqs[i - 1])`,
  };
}

const INDEXED = "consumers c on c.name = 'index'";

const READ_MODELS: readonly ReadModel[] = [
  {
    table: 'user_events',
    owner: 'user_id',
    prefix: '',
    expected: `select e.user_id, e.shard, e.seq from events e join ${INDEXED} and c.shard = e.shard
where e.seq <= c.event_seq and e.user_id is not null`,
  },
  {
    table: 'user_orders',
    owner: 'user_id',
    value: 'order_id',
    prefix: '',
    expected: `select o.user_id, e.shard, e.seq, o.id as order_id
from events e join ${INDEXED} and c.shard = e.shard join orders o on o.id = e.order_id
where e.seq <= c.event_seq and e.opens_order and o.visible and o.user_id is not null`,
  },
  {
    table: 'account_lines',
    owner: 'account_id',
    prefix: 'trf_',
    expected: `select side.account_id, t.shard, t.seq
from transfers t join ${INDEXED} and c.shard = t.shard
cross join lateral (values (t.debit_account_id), (t.credit_account_id)) as side (account_id)
where t.seq <= c.transfer_seq`,
  },
];

/** The read models hold exactly what the index projection's cursor says that they hold, once, and in order. */
export const READ_MODEL_CHECKS: readonly CoreCheck[] = READ_MODELS.flatMap((model) => [
  isComplete(model),
  isInOrder(model),
]);
