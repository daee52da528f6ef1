-- Since when a shard's owner makes up for what became due while nobody was at work; null: it has found nothing left since. What
-- waits meanwhile is not overdue by anybody's fault.
alter table clock_marks add column catching_up_since timestamptz;
