-- From where a user has logged in: what lets the owner in while strangers guess at the password from everywhere else.
-- address is what failures are counted by too: an IPv4 address, or the /64 of an IPv6 one.
create table known_addresses (
  user_id uuid not null references users (id) on delete cascade,
  address text not null check (length(address) <= 100),
  last_at timestamptz not null,
  primary key (user_id, address)
);
create index known_addresses_by_age on known_addresses (last_at);
