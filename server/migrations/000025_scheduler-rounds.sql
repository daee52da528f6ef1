-- When a shard's owner last looked for what time makes due, by the database's clock, whatever the business clock says: also where
-- nothing was submitted since that is not believed. Null: no owner of this version has yet.
alter table clock_marks add column round_at timestamptz;
