/** A log whose times follow its sequences: transfers and events carry their command's time. */
type Log = 'events' | 'transfers';

/**
 * The SQL of the first sequence of a shard's log whose time is not before `at`; one beyond the end where there is none.
 * Some 25 look-ups by primary key instead of an index by time, which the order path would have to write. For a lateral
 * join with `r (shard, …)`. Sequences that retention has dropped are stepped over. Where the machine's clock was set back,
 * the times in between are there twice, and it finds one of the two places.
 */
export function firstSeqAt(log: Log, at: string): string {
  const end = log === 'events' ? 'event_seq' : 'transfer_seq';
  return `(with recursive search as (
    select 0::bigint as low, s.${end} + 1 as high from shards s where s.id = r.shard
    union all
    select case when probe.at < ${at} then probe.seq else search.low end,
      case when probe.at < ${at} then search.high else (search.low + search.high) / 2 end
    from search left join lateral (
      select l.seq, l.at from ${log} l
      where l.shard = r.shard and l.seq >= (search.low + search.high) / 2 and l.seq < search.high order by l.seq limit 1
    ) as probe on true
    where search.high - search.low > 1
  )
  select high from search where high - low <= 1)`;
}
