-- The core: shards, ledger, orders, events, and the read models that are made from them.
-- The hot path writes no secondary index: what only readers need is built by the index projection (read models, below).

create table installation (
  id text primary key,
  created_at timestamptz not null,
  demo boolean not null default false
);

-- A slice of the work with one owner at a time. Its row is the fence (epoch) and the source of gap-free sequences.
create table shards (
  id smallint primary key,
  epoch bigint not null default 0,
  owner text,
  event_seq bigint not null default 0,
  transfer_seq bigint not null default 0,
  stream_seq bigint not null default 0
) with (fillfactor = 50);

create table assets (
  code text primary key check (code ~ '^[A-Za-z0-9:._-]{1,64}$'),
  scale smallint not null check (scale between 0 and 8),
  name text not null
);

-- id is derived from (owner_id, purpose, asset): whoever names an account can lock it without reading anything first.
create table accounts (
  id uuid primary key,
  owner_id uuid not null,
  purpose text not null,
  asset text not null,
  may_be_negative boolean not null,
  balance bigint not null,
  held bigint not null,
  created_at timestamptz not null,
  constraint accounts_held_not_negative check (held >= 0),
  constraint accounts_not_overdrawn check (may_be_negative or balance >= held),
  constraint accounts_key unique (owner_id, purpose, asset)
) with (fillfactor = 80);
create index accounts_of_notes on accounts (asset) where purpose = 'notes';

-- Immutable. balance of an account = sum of what it was credited - sum of what it was debited.
create table transfers (
  shard smallint not null,
  seq bigint not null,
  order_id uuid not null,
  debit_account_id uuid not null,
  credit_account_id uuid not null,
  amount bigint not null,
  reason text not null,
  at timestamptz not null,
  primary key (shard, seq),
  constraint transfers_amount_positive check (amount > 0),
  constraint transfers_two_accounts check (debit_account_id <> credit_account_id)
);

create table holds (
  id uuid primary key,
  account_id uuid not null,
  order_id uuid not null,
  amount bigint not null check (amount > 0),
  captured bigint not null default 0 check (captured >= 0),
  released bigint not null default 0 check (released >= 0),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint holds_not_exceeded check (captured + released <= amount)
);

-- The durable record of every command. Commands of the system itself have visible = false.
create table orders (
  id uuid primary key,
  shard smallint not null,
  kind text not null,
  status text not null check (status in ('pending', 'open', 'completed', 'rejected', 'canceled', 'failed')),
  reason text,
  user_id uuid,
  actor_id uuid,
  visible boolean not null,
  params json not null,
  result json not null,
  fingerprint text,
  event_seqs bigint[] not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
) with (fillfactor = 90);
create index orders_unfinished on orders (created_at) where status in ('pending', 'open');

create table idempotency_keys (
  user_id uuid not null,
  operation text not null,
  key text not null,
  fingerprint text not null,
  order_id uuid not null,
  created_at timestamptz not null,
  primary key (user_id, operation, key)
);

-- Per shard, seq is 1…n without a gap, in commit order. opens_order: the order_processed by which its order became known,
-- so that the read models need not look orders up to find the new ones.
create table events (
  shard smallint not null,
  seq bigint not null,
  type text not null,
  subject text not null,
  user_id uuid,
  order_id uuid,
  opens_order boolean not null default false,
  data json not null,
  at timestamptz not null,
  primary key (shard, seq)
);

create table dead_letters (
  id uuid primary key,
  order_id uuid not null,
  kind text not null,
  command json not null,
  error text not null,
  created_at timestamptz not null,
  retried_at timestamptz
);
create index dead_letters_by_time on dead_letters (created_at, id);

-- How far each consumer of the event log has come.
create table consumers (
  name text not null,
  shard smallint not null,
  event_seq bigint not null default 0,
  transfer_seq bigint not null default 0,
  primary key (name, shard)
) with (fillfactor = 50);

-- Read models: rebuilt from events and transfers at any time, written off the order path. A row holds the sequences of many
-- entries of one owner in one shard's log, ascending; an owner's rows do not overlap. 64 with as many order ids are 1.6 kB:
-- from 2 kB on PostgreSQL would compress them or put them aside.
create table user_orders (
  user_id uuid not null,
  shard smallint not null,
  first_seq bigint not null,
  seqs bigint[] not null,
  order_ids uuid[] not null,
  primary key (user_id, shard, first_seq),
  constraint user_orders_packed check (first_seq = seqs[1] and cardinality(seqs) between 1 and 64),
  constraint user_orders_paired check (cardinality(order_ids) = cardinality(seqs))
);
create table user_events (
  user_id uuid not null,
  shard smallint not null,
  first_seq bigint not null,
  seqs bigint[] not null,
  primary key (user_id, shard, first_seq),
  constraint user_events_packed check (first_seq = seqs[1] and cardinality(seqs) between 1 and 64)
);
create table account_lines (
  account_id uuid not null,
  shard smallint not null,
  first_seq bigint not null,
  seqs bigint[] not null,
  primary key (account_id, shard, first_seq),
  constraint account_lines_packed check (first_seq = seqs[1] and cardinality(seqs) between 1 and 64)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end
$$;
create trigger transfers_append_only before update or delete or truncate on transfers
  for each statement execute function refuse_change();
create trigger events_append_only before update or delete or truncate on events
  for each statement execute function refuse_change();
