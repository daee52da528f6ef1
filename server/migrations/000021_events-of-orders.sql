-- An order's row lists its events no longer: a decision that changed a thousand orders made a thousand lists longer, and an order
-- that is filled a thousand times carried them all. The events of the decision that recorded an order are one stretch of its
-- shard's log; those of later decisions say so and have an index, which other events cost nothing.

alter table orders add column first_event_seq bigint, add column last_event_seq bigint;
alter table events add column follow_up boolean not null default false;

-- A visible order is opened by the last event of its decision; of one that is not for users, all events of its own time were its decision's.
create temp table decided on commit drop as
select o.id, o.shard, min(e.seq) as first_seq,
  case when o.visible then coalesce(max(e.seq) filter (where e.opens_order), max(e.seq) filter (where e.at = o.created_at))
    else max(e.seq) filter (where e.at = o.created_at) end as last_seq
from orders o join events e on e.order_id = o.id and e.shard = o.shard
group by o.id;
delete from decided where last_seq is null;
create unique index on decided (id);
analyze decided;
update orders o set first_event_seq = d.first_seq, last_event_seq = d.last_seq from decided d where d.id = o.id;

-- Nothing but a migration ever changes the log.
alter table events disable trigger events_append_only;
update events e set follow_up = true
where e.order_id is not null and not exists (
  select from decided d where d.id = e.order_id and d.shard = e.shard and e.seq between d.first_seq and d.last_seq
);
alter table events enable trigger events_append_only;
create index events_follow_up on events (order_id) where follow_up;
alter table orders drop column event_seqs;

-- The place of a transfer among those of its order's decision, from 1, so that two fills between the same parties are two
-- transfers and not one that acted twice. 0: one of before, when parties and reason told them apart.
alter table transfers add column line integer not null default 0;
alter table transfers alter column line drop default;
