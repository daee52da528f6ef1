/** A log whose sequences have no gap, and whose times follow them: transfers and events carry their command's time. */
type Log = 'events' | 'transfers';

/**
 * The SQL of the first sequence of a shard's log whose time is not before `at`; one beyond the end where there is none.
 * Some 25 look-ups by primary key instead of an index by time, which the order path would have to write. For a lateral
 * join with `r (shard, …)`. Where the machine's clock was set back, the times in between are there twice, and it finds
 * one of the two places.
 */
export function firstSeqAt(log: Log, at: string): string {
  const end = log === 'events' ? 'event_seq' : 'transfer_seq';
  return `(with recursive search as (
    select 0::bigint as low, s.${end} + 1 as high from shards s where s.id = r.shard
    union all
    select case when probe.at < ${at} then probe.seq else search.low end,
      case when probe.at < ${at} then search.high else probe.seq end
    from search join ${log} probe on probe.shard = r.shard and probe.seq = (search.low + search.high) / 2
    where search.high - search.low > 1
  )
  select high from search where high - low <= 1)`;
}
