import {
  ASSET_ACCOUNT,
  GRAIN_AND_TIME,
  IS_COUNTED,
  IS_SUMMED,
  LABEL,
  NEWEST_KEPT_BY_MINUTE,
} from '../reporting/rollups.ts';
import type { Unproven } from '../desks/desk.ts';
import type { CoreCheck } from './verify-check.ts';

const INDEXED = "consumers c on c.name = 'index'";

/** Counted by the process that has begun to count. */
const DROPPED = `select d.* from dropped_orders d join ${INDEXED} and c.shard = d.shard and c.event_seq > 0`;

const totals = (which: string): string => `select t.shard, t.reason, a.asset, count(*) as count, sum(t.amount) as amount
from transfers t join ${INDEXED} and c.shard = t.shard and t.seq <= c.transfer_seq
join accounts a on a.id = ${ASSET_ACCOUNT}
where ${IS_SUMMED} and ${which}
group by t.shard, t.reason, a.asset`;

interface Numbers {
  name: string;
  table: 'event_counts' | 'transfer_totals';
  key: readonly string[];
  numbers: readonly string[];
  /** The log's side, up to the cursor, with the same columns. */
  expected: string;
  /** The sums by which the proven part is known, and what the log adds to them. */
  sums: { key: readonly string[]; proven: string; added: (unproven: Unproven) => string };
}

/** Compares numbers with what the log says they should be, both ways. */
function areExact({ name, table, key, numbers, expected, sums }: Numbers): CoreCheck {
  const sumsOf = (rows: string): string =>
    `select ${sums.key.join(', ')}, ${numbers.map((column) => `sum(${column}) as ${column}`).join(', ')} from ${rows}
group by ${sums.key.join(', ')}`;
  return {
    name,
    counted: table,
    sql: differences(key, numbers, expected, table),
    since(unproven) {
      const columns = [...sums.key, ...numbers].join(', ');
      const known = `(select ${columns} from ${sums.proven} union all select ${columns} from (${sums.added(unproven)}) as added) as known`;
      return differences(sums.key, numbers, sumsOf(known), `(${sumsOf(table)})`);
    },
  };
}

function differences(key: readonly string[], numbers: readonly string[], want: string, have: string): string {
  const subject = key.map((column) => `coalesce(want.${column}, have.${column})`).join(', ');
  const differs = numbers.map((column) => `coalesce(have.${column}, 0) <> coalesce(want.${column}, 0)`);
  const says = (side: string): string => numbers.map((column) => `coalesce(${side}.${column}, 0)`).join(', ');
  return `with want as (${want})
select concat_ws(' ', ${subject}) as subject,
  format('says ${numbers.map((column) => `${column} %s`).join(', ')}; the log says ${numbers.map(() => '%s').join(', ')}', ${says('have')}, ${says('want')}) as detail
from want full join ${have} have on ${key.map((column) => `have.${column} = want.${column}`).join(' and ')}
where ${differs.join(' or ')}`;
}

/** The numbers of the whole installation are those of the log up to the index projection's cursor. */
export const ROLLUP_CHECKS: readonly CoreCheck[] = [
  areExact({
    name: 'event_counts_are_exact',
    table: 'event_counts',
    key: ['shard', 'grain', 'at', 'type', 'kind', 'status'],
    numbers: ['count', 'opened'],
    sums: {
      key: ['shard', 'type', 'kind', 'status'],
      proven: 'proven_counts',
      added: ({
        events,
      }) => `select e.shard, ${LABEL}, count(*) as count, count(*) filter (where e.opens_order) as opened
from events e join ${INDEXED} and c.shard = e.shard and e.seq <= c.event_seq
where ${events('e')} and ${IS_COUNTED} group by e.shard, 2, 3, 4`,
    },
    expected: `with h as materialized (
  select e.shard, ${NEWEST_KEPT_BY_MINUTE} as at from (
    select e.shard, e.at from events e join ${INDEXED} and c.shard = e.shard where e.seq <= c.event_seq and ${IS_COUNTED}
    union all select shard, at from (${DROPPED}) as d
  ) as e group by e.shard
)
select shard, grain, at, type, kind, status, sum(count) as count, sum(opened) as opened
from (
  select e.shard, key.*, count(*) as count, count(*) filter (where e.opens_order) as opened
  from events e join ${INDEXED} and c.shard = e.shard and e.seq <= c.event_seq join h on h.shard = e.shard
  cross join lateral (select ${GRAIN_AND_TIME}, ${LABEL}) as key
  where ${IS_COUNTED}
  group by e.shard, key.grain, key.at, key.type, key.kind, key.status
  union all
  select e.shard, key.*, 'order_processed', e.kind, 'rejected', e.count, e.count
  from (${DROPPED}) as e join h on h.shard = e.shard cross join lateral (select ${GRAIN_AND_TIME}) as key
) as seen group by shard, grain, at, type, kind, status`,
  }),
  areExact({
    name: 'transfer_totals_are_exact',
    table: 'transfer_totals',
    key: ['shard', 'reason', 'asset'],
    numbers: ['count', 'amount'],
    sums: {
      key: ['shard', 'reason', 'asset'],
      proven: 'proven_totals',
      added: ({ transfers }) => totals(transfers('t')),
    },
    expected: totals('true'),
  }),
];
