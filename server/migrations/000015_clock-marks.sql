-- What the clock was seen to say: what time makes due is not submitted when it jumps.

create table clock_marks (
  shard integer primary key,
  -- Business time when nothing was last wrong with it.
  seen_at timestamptz not null,
  -- The latest time that an event was seen to have.
  latest_at timestamptz not null,
  -- What an operator confirmed: events up to here, and by how much the clock may differ from the database's.
  confirmed_seq bigint not null default 0,
  confirmed_difference_ms bigint not null default 0,
  confirmed_by uuid,
  confirmed_at timestamptz
);
