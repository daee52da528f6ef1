/**
 * The most entries that a row of the read models holds; the schema says the same, with its reason. Ten thousand entries
 * of a log belong to a hundred or a thousand owners, and a row with ten costs the same as a row with one.
 */
export const ROW_ENTRIES_MAX = 64;

/** A read model: for each owner and shard, rows with the sequences of the entries that concern the owner. */
export interface PackedTable {
  table: 'user_events' | 'user_orders' | 'account_lines';
  owner: 'user_id' | 'account_id';
  /** The arrays, of the same length each. */
  columns: readonly ['seqs', ...'order_ids'[]];
}

export const USER_EVENTS: PackedTable = { table: 'user_events', owner: 'user_id', columns: ['seqs'] };
export const USER_ORDERS: PackedTable = { table: 'user_orders', owner: 'user_id', columns: ['seqs', 'order_ids'] };
export const ACCOUNT_LINES: PackedTable = { table: 'account_lines', owner: 'account_id', columns: ['seqs'] };

interface Walk {
  /** Which row comes first, and which one comes after `walk`'s. */
  first: string;
  next: string;
  order: 'asc' | 'desc';
  /** Which entries count: only the first row, and going forward the last one, may hold others. */
  wanted: string;
  /** The parameter that says how many entries. */
  size: string;
}

/**
 * Reads row after row by primary key until there are enough, so that the work is bounded by `size` however long the
 * history, however many entries its rows hold, and whatever the statistics say: for a limit over many rows PostgreSQL
 * may choose to read and sort all that the owner has.
 */
function walk({ table, owner, columns }: PackedTable, { first, next, order, wanted, size }: Walk): string {
  const row = ['first_seq', ...columns].map((column) => `p.${column}`).join(', ');
  const from = `from ${table} p where p.${owner} = $1::uuid and p.shard = r.shard`;
  const arrays = columns.map((column) => `walk.${column}`).join(', ');
  const names = columns.map((column) => column.slice(0, -1)).join(', ');
  return `with recursive walk as (
    (select ${row}, 0 as found ${from} and ${first} order by p.first_seq ${order} limit 1)
    union all
    select following.*, walk.found + cardinality(following.seqs)
    from walk cross join lateral (
      select ${row} ${from} and ${next} order by p.first_seq ${order} limit 1
    ) as following
    where walk.found < ${size}::integer
  )
  select entry.* from walk cross join lateral unnest(${arrays}) as entry (${names})
  where ${wanted} order by entry.seq ${order} limit ${size}::integer`;
}

/**
 * The SQL of an owner's entries in one shard before a sequence, newest first: `seq`, and `order_id` where there are any.
 * For a lateral join with `r (shard, before)`; `$1` is the owner.
 */
export function newestEntries(table: PackedTable, size: string): string {
  return walk(table, {
    first: 'p.first_seq < r.before',
    next: 'p.first_seq < walk.first_seq',
    order: 'desc',
    wanted: 'entry.seq < r.before',
    size,
  });
}

/** The same for the entries in (after, until], oldest first, and a lateral join with `r (shard, after, until)`. */
export function oldestEntries(table: PackedTable, size: string): string {
  // The row that begins last at or before `after` may reach beyond it.
  const reachesAfter = `(select q.first_seq from ${table.table} q
      where q.${table.owner} = $1::uuid and q.shard = r.shard and q.first_seq <= r.after order by q.first_seq desc limit 1)`;
  return walk(table, {
    first: `p.first_seq >= coalesce(${reachesAfter}, 0)`,
    next: 'p.first_seq > walk.first_seq and walk.first_seq < r.until',
    order: 'asc',
    wanted: 'entry.seq > r.after and entry.seq <= r.until',
    size,
  });
}

/**
 * A statement that takes entries out of the rows of their owners in shard `$1`: entry i is that of owner `$2[i]` at
 * sequence `$3[i]`. A row that holds nothing else goes.
 */
export function removeEntries({ table, owner, columns }: PackedTable): string {
  const names = columns.map((column) => column.slice(0, -1)).join(', ');
  const arrays = columns.map((column) => `p.${column}`).join(', ');
  const kept = columns.map((column) => `array_agg(${column.slice(0, -1)} order by seq) as ${column}`).join(', ');
  const isRow = `p.${owner} = l.${owner} and p.shard = $1::smallint and p.first_seq = l.first_seq`;
  return `
with gone as (
  select r.${owner}, r.first_seq, array_agg(g.seq) as seqs
  from unnest($2::uuid[], $3::bigint[]) as g (${owner}, seq)
  cross join lateral (
    select p.${owner}, p.first_seq from ${table} p
    where p.${owner} = g.${owner} and p.shard = $1::smallint and p.first_seq <= g.seq order by p.first_seq desc limit 1
  ) as r
  group by r.${owner}, r.first_seq
), left_over as materialized (
  select l.${owner}, l.first_seq, k.*
  from gone l join ${table} p on ${isRow}
  cross join lateral (
    select ${kept} from unnest(${arrays}) as entry (${names}) where entry.seq <> all (l.seqs)
  ) as k
), emptied as (
  delete from ${table} p using left_over l where ${isRow} and l.seqs is null
)
update ${table} p set first_seq = l.seqs[1], ${columns.map((column) => `${column} = l.${column}`).join(', ')}
from left_over l where ${isRow} and l.seqs is not null`;
}
