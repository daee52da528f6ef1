-- What a user sees of open sessions, and ends them by.
alter table sessions add column id uuid not null default gen_random_uuid() constraint sessions_id unique;
alter table sessions add column address text check (length(address) <= 100);
alter table sessions add column user_agent text check (length(user_agent) <= 400);
alter table sessions add column last_used_at timestamptz;

-- One-time links to a new password, one for each user at most; made by an operator (null: on the command line).
create table password_resets (
  user_id uuid primary key references users (id) on delete cascade,
  token_hash bytea not null constraint password_resets_token unique check (length(token_hash) = 32),
  created_by uuid references users (id),
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index password_resets_by_expiry on password_resets (expires_at);
