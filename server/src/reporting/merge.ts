/** What one shard offers for a page, in the page's order. */
export interface ShardRows<Row> {
  rows: Row[];
  /** Where the reader stands before the first row. */
  start: number;
  /** Where it stands once every row is taken. */
  end: number;
  /** Whether the shard has more behind `end`. */
  hasMore: boolean;
}

export interface MergedPage<Row> {
  data: Row[];
  hasMore: boolean;
  /** Shard → where the reader stands after this page. */
  reached: Map<number, number>;
}

interface Placed {
  shard: number;
  seq: number;
  atMs: number;
}

/**
 * Merges what the shards offer into one page of at most `limit` rows by time. A shard's own order is never changed, even
 * where its times step back, so that one sequence for each shard says where the page ended.
 *
 * Each shard must offer more than `limit` rows, or everything up to its `end`.
 */
export function mergeShards<Row extends Placed>(
  shards: ReadonlyMap<number, ShardRows<Row>>,
  { limit, newestFirst }: { limit: number; newestFirst: boolean },
): MergedPage<Row> {
  const next = new Map([...shards.keys()].map((shard) => [shard, 0]));
  const data: Row[] = [];
  merging: while (data.length < limit) {
    let best: Row | undefined;
    for (const [shard, { rows, hasMore }] of shards) {
      const row = rows[next.get(shard) as number];
      // What this shard has behind its end may come before what the others offer: the next page will tell.
      if (!row && hasMore) break merging;
      if (row && (!best || (newestFirst ? row.atMs > best.atMs : row.atMs < best.atMs))) best = row;
    }
    if (!best) break;
    data.push(best);
    next.set(best.shard, (next.get(best.shard) as number) + 1);
  }
  const reached = new Map<number, number>();
  let hasMore = false;
  for (const [shard, { rows, start, end, hasMore: hasMoreBehind }] of shards) {
    const taken = next.get(shard) as number;
    const isWhole = taken === rows.length;
    reached.set(shard, isWhole ? end : (rows[taken - 1]?.seq ?? start));
    if (!isWhole || hasMoreBehind) hasMore = true;
  }
  return { data, hasMore, reached };
}
