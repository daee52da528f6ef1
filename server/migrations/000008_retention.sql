-- Retention: orders that were rejected, and the event by which each became known, are dropped when they are old. What was
-- dropped is written down in the same transaction, so that the log stays provable: every sequence is an event or a known gap.

-- How far the log of a shard was gone through: behind this sequence nothing is missing.
create table retention (
  shard smallint primary key,
  event_seq bigint not null default 0
) with (fillfactor = 50);

-- The sequences that were dropped. One row for each transaction that dropped any.
create table event_gaps (
  shard smallint not null,
  first_seq bigint not null,
  seqs int8multirange not null,
  primary key (shard, first_seq),
  constraint event_gaps_begin check (first_seq = lower(seqs))
);

-- How many orders of a kind were dropped of a minute, or of a day (UTC) where that is older than yesterday: the numbers of
-- the installation count them for ever.
create table dropped_orders (
  shard smallint not null,
  at timestamptz not null,
  kind text not null,
  count bigint not null check (count > 0),
  primary key (shard, at, kind)
);

-- What moved money, or may have, cannot be deleted by mistake, and nothing at all but by retention.
create function refuse_change_but_retention() returns trigger language plpgsql as $$
begin
  if current_setting('millrace.retention', true) is distinct from 'on' then
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
  end if;
  return null;
end
$$;
drop trigger events_append_only on events;
create trigger events_append_only before update or truncate on events
  for each statement execute function refuse_change();
create trigger events_kept before delete on events
  for each statement execute function refuse_change_but_retention();
create trigger events_only_rejections_go before delete on events for each row
  when (not old.opens_order or old.type <> 'order_processed' or old.data ->> 'status' is distinct from 'rejected')
  execute function refuse_change();
create trigger orders_only_rejected_go before delete on orders for each row
  when (old.status <> 'rejected') execute function refuse_change();

-- Of ten million rows the default would leave two million dead ones lying.
alter table orders set (autovacuum_vacuum_scale_factor = 0.05);
alter table events set (autovacuum_vacuum_scale_factor = 0.05);
alter table idempotency_keys set (autovacuum_vacuum_scale_factor = 0.05);
