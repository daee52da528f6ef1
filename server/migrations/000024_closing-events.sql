-- Events by which a channel has ended, as the catalogue says, written with them: who begins to follow such a channel later is
-- told that nothing will come. Events are found by shard and sequence only. Until now no channel had an end. A migration that gives an
-- end to a channel that has events already adds them here.
create table closing_events (
  subject text not null,
  type text not null,
  user_id uuid,
  shard smallint not null,
  seq bigint not null,
  primary key (subject, type)
);
