import type { CoreCheck } from './verify-check.ts';

interface Sequence {
  table: 'events' | 'transfers';
  column: 'event_seq' | 'transfer_seq';
  prefix: string;
  /** Parts of the sequence that are known to be missing, as `shard`, `first`, `last`. */
  gaps: string;
  /** Which entries of `t` are looked at, and the sequence of a shard `s` behind which they begin. */
  which?: string;
  before?: string;
}

/**
 * One sequence of each shard: without a gap that is not known, to what the shard's row says. That the counts, the first and
 * the last fit is enough, since the primary key forbids repetitions; only where they do not is the gap looked for.
 */
function sequenceSql({ table, column, prefix, gaps, which = 'true', before = '0::bigint' }: Sequence): string {
  return `select fault.subject, fault.detail
from (
  select coalesce(s.id, l.shard) as shard, coalesce(s.${column}, 0) as expected, coalesce(l.last, s.before, 0) as last,
    coalesce(s.before, 0) as before
  from (select s.id, s.${column}, ${before} as before from shards s) s full join (
    select shard, sum(count) as count, min(first) as first, max(last) as last from (
      select shard, count(*) as count, min(seq) as first, max(seq) as last from ${table} t where ${which} group by shard
      union all select shard, sum(last - first + 1), min(first), max(last) from (${gaps}) as gaps group by shard
    ) as parts group by shard
  ) l on l.shard = s.id
  where coalesce(l.count, 0) <> coalesce(s.${column} - s.before, 0)
    or coalesce(l.last, s.before, 0) <> coalesce(s.${column}, 0) or l.first <> coalesce(s.before, 0) + 1
) bad
cross join lateral (
  select format('${prefix}%s-%s', bad.shard, g.before + 1) as subject,
    case when g.before + 2 > g.first - 1 then 'is missing' else format('is missing, and all up to %s', g.first - 1) end as detail
  from (
    select t.first, lag(t.last, 1, bad.before) over (order by t.first) as before
    from (select shard, seq as first, seq as last from ${table} t where ${which} union all ${gaps}) as t
    where t.shard = bad.shard
  ) g where g.first > g.before + 1
  union all
  select format('${prefix}%s-%s', bad.shard, t.seq), 'is there, and noted as dropped'
  from ${table} t join (${gaps}) as gap on gap.shard = t.shard and t.seq between gap.first and gap.last
  where t.shard = bad.shard
  union all
  select format('${prefix}%s-%s', bad.shard, bad.last),
    format('is the last of shard %s, whose row says that %s is', bad.shard, bad.expected)
  where bad.last <> bad.expected
) fault`;
}

/** What retention has noted as dropped. */
const EVENT_GAPS =
  'select d.shard, lower(part) as first, upper(part) - 1 as last from event_gaps d cross join lateral unnest(d.seqs) as part';
const NO_GAPS = 'select shard, seq as first, seq as last from transfers where false';

/** Nothing behind what is proven was dropped: otherwise a run reads everything. */
function sequenceCheck({ gaps, ...sequence }: Sequence): CoreCheck {
  const { table, column } = sequence;
  const before = `coalesce((select p.${column} from proven p where p.shard = s.id), 0)`;
  return {
    name: `${table}_have_no_gap`,
    counted: table,
    sql: sequenceSql({ ...sequence, gaps }),
    since: (unproven) => sequenceSql({ ...sequence, gaps: NO_GAPS, which: unproven[table]('t'), before }),
  };
}

/**
 * Compares what orders and events say of each other: an event belongs to the decision that recorded its order or follows on it, and
 * the `ends` of an order's decision are events about it.
 */
const ordersAndEventsAgree = (ends: string, events: string): string => `
select format('%s-%s', e.shard, e.seq) as subject,
  case when o.id is null then format('the event is about ord_%s, which does not exist', e.order_id)
    when e.follow_up then format('the event follows on ord_%s, which lists it as its own', e.order_id)
    else format('the event is about ord_%s, which does not list it', e.order_id) end as detail
from events e left join orders o on o.id = e.order_id
where e.order_id is not null and ${events}
  and (o.id is null or e.follow_up = coalesce(e.shard = o.shard and e.seq between o.first_event_seq and o.last_event_seq, false))
union
select 'ord_' || r.id, format('lists the event %s-%s, which is not about it', r.shard, r.seq)
from (${ends}) r left join events e on e.shard = r.shard and e.seq = r.seq and e.order_id = r.id
where e.seq is null`;

/** The first and the last event of the decision that recorded an order. */
const ENDS = `select o.id, o.shard, ends.seq
from orders o cross join lateral (values (o.first_event_seq), (o.last_event_seq)) as ends (seq) where ends.seq is not null`;

const toldOnce = (orders: string, events: string): string => `
select 'ord_' || coalesce(o.id, e.order_id) as subject,
  case when e.count is null then 'nobody was told: it has no event order_processed that opens it'
    when o.visible then format('is opened by %s events', e.count) else 'is opened by an event, and is not for users' end as detail
from (select id, visible from orders o where ${orders}) o
full join (
  select order_id, count(*) from events e where opens_order and type = 'order_processed' and ${events} group by order_id
) e on e.order_id = o.id
where coalesce(e.count, 0) <> case when o.visible then 1 else 0 end`;

/** Invariant E: the log is complete, and orders and events name each other. */
export const LOG_CHECKS: readonly CoreCheck[] = [
  sequenceCheck({ table: 'events', column: 'event_seq', prefix: '', gaps: EVENT_GAPS }),
  sequenceCheck({ table: 'transfers', column: 'transfer_seq', prefix: 'trf_', gaps: NO_GAPS }),
  {
    name: 'dropped_orders_are_counted',
    counted: 'event_gaps',
    sql: `select format('shard %s', coalesce(g.shard, d.shard)) as subject,
  format('%s events were dropped, but %s orders are counted', coalesce(g.count, 0), coalesce(d.count, 0)) as detail
from (select shard, sum(last - first + 1) as count from (${EVENT_GAPS}) as gaps group by shard) g
full join (select shard, sum(count) as count from dropped_orders group by shard) d on d.shard = g.shard
where coalesce(g.count, 0) <> coalesce(d.count, 0)`,
  },
  {
    name: 'orders_and_events_agree',
    counted: 'events',
    sql: ordersAndEventsAgree(ENDS, 'true'),
    // Of the orders that new events name, what they list behind the proven part.
    since: ({ events }) =>
      ordersAndEventsAgree(
        `select * from (${ENDS} and o.id in (select e.order_id from events e where ${events('e')})) as listed
where ${events('listed')}`,
        events('e'),
      ),
  },
  {
    name: 'visible_orders_have_events',
    counted: 'orders',
    sql: toldOnce('true', 'true'),
    // Of orders whose first event is new, or that moved something and have none.
    since: ({ events, transfers }) =>
      toldOnce(
        `(o.id in (select e.order_id from events e where ${events('e')}) and exists (
    select from (select o.shard, o.first_event_seq as seq) as begun where ${events('begun')}
  ) or o.id in (
    select t.order_id from transfers t join orders m on m.id = t.order_id
    where ${transfers('t')} and m.visible and m.first_event_seq is null
  ))`,
        events('e'),
      ),
  },
];
