-- One row, written and committed to find out whether the server takes writes (db/commit-probe.ts). Not compressed, so that it
-- needs the room that it seems to need. Nothing reads it.
create table commit_probe (
  at timestamptz not null,
  filler text not null
);
alter table commit_probe alter column filler set storage external;
