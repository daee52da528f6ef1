-- What `verify` has proven, and writes down itself, so that the next run need not read it again. Nothing else reads or writes it.

-- Up to where each shard's logs were proven with everything that follows from them.
create table proven (
  shard smallint primary key,
  event_seq bigint not null,
  transfer_seq bigint not null,
  -- Older idempotency keys were proven too.
  keys_from timestamptz not null,
  at timestamptz not null,
  -- The run that read everything, on which this builds.
  full_at timestamptz not null
);

-- The sums of the proven part: of each account's transfers, of events by what they are counted by, of amounts by reason.
create table proven_balances (
  account_id uuid primary key,
  balance numeric not null
);
create table proven_counts (
  shard smallint not null,
  type text not null,
  kind text not null,
  status text not null,
  count bigint not null,
  opened bigint not null,
  primary key (shard, type, kind, status)
);
create table proven_totals (
  shard smallint not null,
  reason text not null,
  asset text not null,
  count bigint not null,
  amount numeric not null,
  primary key (shard, reason, asset)
);
