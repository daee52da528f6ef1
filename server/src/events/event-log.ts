import type { EventType } from '@millrace/contract';
import type pg from 'pg';
import type { JsonObject } from '../core/json.ts';
import type { Cursor, StoredEvent } from './event.ts';

/** Most events of one read: about 5 MB of rows, which a reader holds once. */
export const READ_EVENTS_MAX = 5_000;

/** Which events a reader wants; a field that is missing does not narrow. */
export interface EventFilter {
  /** Bare UUID. */
  userId?: string;
  types?: readonly EventType[];
  /** Public id. */
  subject?: string;
}

export interface ReadEvents extends EventFilter {
  shard: number;
  /** Only events with a greater sequence; 0 is the beginning. */
  after: number;
  /** Only events up to this sequence, itself included. Default: to the end. */
  upTo?: number;
  /** At most READ_EVENTS_MAX. */
  limit: number;
}

interface Row {
  seq: bigint | string;
  type: EventType;
  subject: string;
  user_id: string | null;
  order_id: string | null;
  data: JsonObject;
  at: Date;
}

// One statement for every filter: the range of the primary key is what bounds the work, whatever else is asked.
const READ = {
  name: 'event_log_read',
  text: `select seq, type, subject, user_id, order_id, data, at from events
where shard = $1::smallint and seq > $2::bigint and seq <= $3::bigint
  and ($4::uuid is null or user_id = $4::uuid)
  and ($5::text[] is null or type = any($5::text[]))
  and ($6::text is null or subject = $6::text)
order by seq limit $7::integer`,
};

const HEADS = {
  name: 'event_log_heads',
  text: 'select id, event_seq from shards where $1::smallint[] is null or id = any($1::smallint[])',
};

const DROPPED_UP_TO = {
  name: 'event_log_dropped_up_to',
  text: `
select r.shard, upper(g.seqs) - 1 as event_seq from unnest($1::smallint[]) as r (shard)
cross join lateral (select seqs from event_gaps where shard = r.shard order by first_seq desc limit 1) as g`,
};

/**
 * Reads one shard's events in order. Everything up to the greatest sequence that any transaction can see is there: rows
 * are inserted under the lock of the shard's row, so that commits happen in the order of the sequence.
 *
 * @throws RangeError for a limit that is out of range; the pool's errors.
 */
export async function readEvents(pool: pg.Pool, query: ReadEvents): Promise<StoredEvent[]> {
  if (!(query.limit >= 1 && query.limit <= READ_EVENTS_MAX)) throw new RangeError(`limit must be 1…${READ_EVENTS_MAX}`);
  const { rows } = await pool.query<Row>({
    ...READ,
    values: [
      query.shard,
      query.after,
      query.upTo ?? Number.MAX_SAFE_INTEGER,
      query.userId ?? null,
      query.types ?? null,
      query.subject ?? null,
      query.limit,
    ],
  });
  return rows.map((row) => ({
    shard: query.shard,
    seq: Number(row.seq),
    type: row.type,
    subject: row.subject,
    userId: row.user_id,
    orderId: row.order_id,
    data: row.data,
    at: row.at.toISOString(),
  }));
}

/**
 * The last event of each shard that retention has dropped: up to here events of rejected orders may be missing, and behind it
 * there is every one. Shards of which none was dropped are missing.
 */
export async function droppedUpTo(pool: pg.Pool, shards: readonly number[]): Promise<Cursor> {
  const { rows } = await pool.query<{ shard: number; event_seq: bigint | string }>({
    ...DROPPED_UP_TO,
    values: [shards],
  });
  return new Map(rows.map((row) => [row.shard, Number(row.event_seq)]));
}

/** The last committed sequence of each shard: of those named, or of all. A shard that does not exist yet is missing. */
export async function heads(pool: pg.Pool, shards?: readonly number[]): Promise<Cursor> {
  const { rows } = await pool.query<{ id: number; event_seq: bigint | string }>({ ...HEADS, values: [shards ?? null] });
  return new Map(rows.map((row) => [row.id, Number(row.event_seq)]));
}
