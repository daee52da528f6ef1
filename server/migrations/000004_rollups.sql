-- Read models of the whole installation, made by the index projection with the lists: numbers are read from here, and
-- never counted over orders.

-- How many events of a type, and of orders how many of each kind came to each status. Minutes for the newest day and the
-- one before, days (UTC) for what is older, so that a year is a few thousand rows.
create table event_counts (
  shard smallint not null,
  grain text not null check (grain in ('minute', 'day')),
  at timestamptz not null,
  type text not null,
  -- '' where the event is not order_processed.
  kind text not null,
  status text not null,
  count bigint not null check (count > 0),
  -- Of these, the first event of an order.
  opened bigint not null check (opened between 0 and count),
  primary key (shard, grain, at, type, kind, status)
) with (fillfactor = 70);

-- What was moved for some reasons, all time.
create table transfer_totals (
  shard smallint not null,
  reason text not null,
  asset text not null,
  count bigint not null check (count > 0),
  amount numeric not null check (amount > 0),
  primary key (shard, reason, asset)
) with (fillfactor = 50);

-- An index that was made before these tables: the projection makes all of it anew, with them.
delete from consumers where name = 'index';
truncate user_orders, user_events, account_lines;
