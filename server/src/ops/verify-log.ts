import type { CoreCheck } from './verify-check.ts';

/**
 * One sequence of each shard: 1…n without a gap, and n is what the shard's row says. That the count, the first and the
 * last fit is enough, since the primary key forbids repetitions; only where they do not is the gap looked for.
 */
function sequenceCheck(table: 'events' | 'transfers', column: 'event_seq' | 'transfer_seq', prefix: string): CoreCheck {
  return {
    name: `${table}_have_no_gap`,
    counted: table,
    sql: `select fault.subject, fault.detail
from (
  select coalesce(s.id, l.shard) as shard, coalesce(s.${column}, 0) as expected, coalesce(l.last, 0) as last
  from shards s full join (
    select shard, count(*) as count, min(seq) as first, max(seq) as last from ${table} group by shard
  ) l on l.shard = s.id
  where coalesce(l.count, 0) <> coalesce(s.${column}, 0) or coalesce(l.last, 0) <> coalesce(s.${column}, 0) or l.first <> 1
) bad
cross join lateral (
  select format('${prefix}%s-%s', bad.shard, g.before + 1) as subject,
    case when g.before + 2 > g.seq - 1 then 'is missing' else format('is missing, and all up to %s', g.seq - 1) end as detail
  from (
    select t.seq, lag(t.seq, 1, 0::bigint) over (order by t.seq) as before from ${table} t where t.shard = bad.shard
  ) g where g.seq > g.before + 1
  union all
  select format('${prefix}%s-%s', bad.shard, bad.last),
    format('is the last of shard %s, whose row says that %s is', bad.shard, bad.expected)
  where bad.last <> bad.expected
) fault`,
  };
}

/** Invariant E: the log is complete, and orders and events name each other. */
export const LOG_CHECKS: readonly CoreCheck[] = [
  sequenceCheck('events', 'event_seq', ''),
  sequenceCheck('transfers', 'transfer_seq', 'trf_'),
  {
    name: 'orders_and_events_agree',
    counted: 'events',
    sql: `select coalesce('ord_' || r.id, format('%s-%s', e.shard, e.seq)) as subject,
  case when r.id is null then format('the event is about ord_%s, which does not list it', e.order_id)
    else format('lists the event %s-%s, which is not about it', r.ref >> 48, r.ref & ((1::bigint << 48) - 1)) end as detail
from (select id, unnest(event_seqs) as ref from orders) r
full join (select order_id, shard, seq, (shard::bigint << 48) | seq as ref from events where order_id is not null) e
  on e.ref = r.ref and e.order_id = r.id
where r.id is null or e.order_id is null`,
  },
  {
    name: 'visible_orders_have_events',
    counted: 'orders',
    sql: `select 'ord_' || coalesce(o.id, e.order_id) as subject,
  case when e.count is null then 'nobody was told: it has no event order_processed that opens it'
    when o.visible then format('is opened by %s events', e.count) else 'is opened by an event, and is not for users' end as detail
from orders o
full join (select order_id, count(*) from events where opens_order and type = 'order_processed' group by order_id) e
  on e.order_id = o.id
where coalesce(e.count, 0) <> case when o.visible then 1 else 0 end`,
  },
];
