import type pg from 'pg';

/** How far a shard's log reaches, or how far a reader of it has come. */
export interface Position {
  eventSeq: number;
  transferSeq: number;
}

/** Shard → position. */
export type Positions = ReadonlyMap<number, Position>;

/** A shard's log and the index projection's place in it. */
export interface ShardProgress {
  shard: number;
  /** What the read models hold completely. */
  indexed: Position;
  /** What is committed. */
  end: Position;
}

/** The name under which the index projection keeps its cursor in `consumers`. */
export const INDEX_CONSUMER = 'index';

interface ProgressRow {
  shard: number;
  event_seq: bigint;
  transfer_seq: bigint;
  event_end: bigint;
  transfer_end: bigint;
}

const PROGRESS = `
select s.id as shard, s.event_seq as event_end, s.transfer_seq as transfer_end,
  coalesce(c.event_seq, 0) as event_seq, coalesce(c.transfer_seq, 0) as transfer_seq
from shards s left join consumers c on c.name = $1::text and c.shard = s.id
order by s.id`;

/** Every shard's committed end and how much of it is indexed, from one snapshot. */
export async function readProgress(db: Pick<pg.Pool, 'query'>): Promise<ShardProgress[]> {
  const { rows } = await db.query<ProgressRow>(PROGRESS, [INDEX_CONSUMER]);
  return rows.map((row) => ({
    shard: row.shard,
    indexed: { eventSeq: Number(row.event_seq), transferSeq: Number(row.transfer_seq) },
    end: { eventSeq: Number(row.event_end), transferSeq: Number(row.transfer_end) },
  }));
}

/** What is committed; of that no more than `upTo`, which need not be about every shard, where it is given. */
export function endsOf(progress: readonly ShardProgress[], upTo?: Positions): Positions {
  const ends = new Map<number, Position>();
  for (const { shard, end } of progress) {
    const bound = upTo ? upTo.get(shard) : end;
    if (!bound) continue;
    const { eventSeq, transferSeq } = bound;
    ends.set(shard, {
      eventSeq: Math.min(end.eventSeq, eventSeq),
      transferSeq: Math.min(end.transferSeq, transferSeq),
    });
  }
  return ends;
}

/** How many entries of the longer of the two logs are not indexed yet. */
export function lagOf({ indexed, end }: ShardProgress): number {
  return Math.max(0, end.eventSeq - indexed.eventSeq, end.transferSeq - indexed.transferSeq);
}

/** Whether the index has everything up to the target. Shards that the target does not name do not count. */
export function hasPassed(progress: readonly ShardProgress[], target: Positions): boolean {
  return progress.every(({ shard, indexed }) => {
    const wanted = target.get(shard);
    return wanted === undefined || (indexed.eventSeq >= wanted.eventSeq && indexed.transferSeq >= wanted.transferSeq);
  });
}
