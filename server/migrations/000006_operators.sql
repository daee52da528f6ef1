-- What operators see and do.

-- Who shut the user out: null where it was the command line, or nobody.
alter table users add column disabled_by uuid references users (id);

-- When the consumer came to where it stands.
alter table consumers add column moved_at timestamptz;
