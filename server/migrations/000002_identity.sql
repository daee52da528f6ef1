-- Users, and what proves who somebody is. Tokens are stored as SHA-256: they hold 256 random bits, so that a slow hash
-- would add nothing, and a copy of these tables opens nothing.

-- email is as given; email_key is what it is compared by (NFKC, lower case), made by the program, so that two servers
-- with different locales agree about it.
create table users (
  id uuid primary key,
  email text not null,
  email_key text not null constraint users_email_key unique,
  name text not null,
  role text not null check (role in ('investor', 'trader', 'operator', 'service')),
  password_hash text,
  created_by uuid references users (id),
  demo boolean not null default false,
  created_at timestamptz not null,
  disabled_at timestamptz,
  constraint users_services_have_no_password check (role <> 'service' or password_hash is null)
);

create table sessions (
  token_hash bytea primary key check (length(token_hash) = 32),
  user_id uuid not null references users (id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index sessions_of_user on sessions (user_id, created_at);
create index sessions_by_expiry on sessions (expires_at);

create table api_keys (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  token_hash bytea not null constraint api_keys_token unique check (length(token_hash) = 32),
  name text not null,
  hint text not null,
  scopes text[] not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz
) with (fillfactor = 80);
create index api_keys_of_user on api_keys (user_id, id);
create index api_keys_by_expiry on api_keys (expires_at) where expires_at is not null;

-- Single-use tickets for WebSockets: what the caller was allowed when the ticket was issued, and the hash of the session's
-- token or key that it was issued for, so that what it opened can end with that.
create table tickets (
  token_hash bytea primary key check (length(token_hash) = 32),
  origin_hash bytea not null check (length(origin_hash) = 32),
  user_id uuid not null references users (id) on delete cascade,
  acting_for uuid not null references users (id) on delete cascade,
  scopes text[] not null,
  expires_at timestamptz not null
);
create index tickets_of_user on tickets (user_id);
create index tickets_by_expiry on tickets (expires_at);
