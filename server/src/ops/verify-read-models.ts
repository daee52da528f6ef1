import type { CoreCheck, CountedTable } from './verify-check.ts';

interface ReadModel {
  table: CountedTable;
  owner: 'user_id' | 'account_id';
  /** What an entry names beside its sequence. */
  value?: 'order_id';
  /** Before an entry's shard and sequence, in its public id. */
  prefix: string;
  /** The log's side: the owner, shard, seq and value of each entry up to the cursor, of events `e` or transfers `t`. */
  expected: (which: string) => string;
  /** The log, and what `expected` calls it. */
  log: 'events' | 'transfers';
  alias: 'e' | 't';
}

const EVERYTHING = 'true';
const last = (table: string): string => `${table}.seqs[cardinality(${table}.seqs)]`;

/** Compares a read model with what the log says it should hold, both ways. */
function isComplete(model: ReadModel): CoreCheck {
  const { table, log, alias } = model;
  return {
    name: `${table}_are_complete`,
    counted: table,
    sql: completeSql(model, EVERYTHING, EVERYTHING, EVERYTHING),
    since: (unproven) =>
      completeSql(model, unproven[log](alias), unproven[log]('m', last('m')), unproven[log]('entries')),
  };
}

function completeSql(
  { table, owner, value, prefix, expected }: ReadModel,
  which: string,
  rows: string,
  entries: string,
): string {
  const subject = value
    ? `'ord_' || coalesce(want.${value}, have.${value})`
    : `format('${prefix}%s-%s', coalesce(want.shard, have.shard), coalesce(want.seq, have.seq))`;
  const columns = [owner, 'shard', 'seq', ...(value ? [value] : [])];
  const arrays = value ? `unnest(seqs) as seq, unnest(${value}s) as ${value}` : 'unnest(seqs) as seq';
  return `with want as (${expected(which)}), have as (
  select * from (select ${owner}, shard, ${arrays} from ${table} m where ${rows}) as entries where ${entries}
)
select ${subject} as subject,
  case when have.seq is null then format('is not in ${table} for %s', want.${owner})
    else format('is in ${table} for %s without a reason', have.${owner}) end as detail
from want full join have on ${columns.map((column) => `have.${column} = want.${column}`).join(' and ')}
where want.seq is null or have.seq is null`;
}

/** No entry is there twice, and lists find what they look for: within a row and from row to row the sequences rise. */
function isInOrder({ table, owner, prefix, log }: ReadModel): CoreCheck {
  const sql = (which: string): string => `select format('${prefix}%s-%s', shard, first_seq) as subject,
  format('begins a row of ${table} for %s that is out of order, or holds something twice', ${owner}) as detail
from (
  select ${owner}, shard, first_seq, seqs,
    lag(seqs[cardinality(seqs)]) over (partition by ${owner}, shard order by first_seq) as before
  from ${table} m where ${which}
) as packed
where first_seq <= before
  or exists (select from generate_series(2, cardinality(seqs)) as i where seqs[i] <= seqs[i - 1])`;
  return {
    name: `${table}_are_in_order`,
    counted: table,
    sql: sql(EVERYTHING),
    since: (unproven) => sql(unproven[log]('m', last('m'))),
  };
}

const INDEXED = "consumers c on c.name = 'index'";

const READ_MODELS: readonly ReadModel[] = [
  {
    table: 'user_events',
    owner: 'user_id',
    prefix: '',
    log: 'events',
    alias: 'e',
    expected: (which) => `select e.user_id, e.shard, e.seq from events e join ${INDEXED} and c.shard = e.shard
where e.seq <= c.event_seq and e.user_id is not null and ${which}`,
  },
  {
    table: 'user_orders',
    owner: 'user_id',
    value: 'order_id',
    prefix: '',
    log: 'events',
    alias: 'e',
    expected: (which) => `select o.user_id, e.shard, e.seq, o.id as order_id
from events e join ${INDEXED} and c.shard = e.shard join orders o on o.id = e.order_id
where e.seq <= c.event_seq and e.opens_order and o.visible and o.user_id is not null and ${which}`,
  },
  {
    table: 'account_lines',
    owner: 'account_id',
    prefix: 'trf_',
    log: 'transfers',
    alias: 't',
    expected: (which) => `select side.account_id, t.shard, t.seq
from account_transfers t join ${INDEXED} and c.shard = t.shard
cross join lateral (values (t.debit_account_id), (t.credit_account_id)) as side (account_id)
where t.seq <= c.transfer_seq and ${which}`,
  },
];

/** The read models hold exactly what the index projection's cursor says that they hold, once, and in order. */
export const READ_MODEL_CHECKS: readonly CoreCheck[] = READ_MODELS.flatMap((model) => [
  isComplete(model),
  isInOrder(model),
]);
