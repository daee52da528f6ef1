-- Who did what about whom, from where, and how it ended: every act of operators, and log-ins that failed.
create table audit_log (
  id uuid primary key,
  at timestamptz not null,
  act text not null check (length(act) <= 64),
  -- Nobody where it is not known who it was, or where it was the command line.
  actor_id uuid,
  -- 'session', a key's first characters, or 'command line'.
  credential text check (length(credential) <= 32),
  subject text check (length(subject) <= 64),
  subject_user_id uuid,
  outcome text not null check (outcome in ('done', 'refused')),
  code text check (length(code) <= 64),
  address text check (length(address) <= 100),
  user_agent text check (length(user_agent) <= 400),
  details jsonb check (length(details::text) <= 4000)
);
create index audit_log_by_age on audit_log (at);

create trigger audit_log_append_only before update or truncate on audit_log
  for each statement execute function refuse_change();

-- What is old may be deleted, so that the log does not grow for ever; what is young cannot be made undone.
create function refuse_young_deletion() returns trigger language plpgsql as $$
begin
  if old.at > now() - interval '30 days' then
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
  end if;
  return old;
end
$$;
create trigger audit_log_keeps_what_is_young before delete on audit_log
  for each row execute function refuse_young_deletion();
