import { CHANNELS, type ChannelEntry, type EventType } from '@millrace/contract';
import type pg from 'pg';
import type { StoredEvent } from './event.ts';

/** Those of the events by which a channel ends. Once a batch: mostly there are none. */
export function closingOf(events: readonly StoredEvent[]): readonly StoredEvent[] {
  const types = new Set(Object.values<ChannelEntry>(CHANNELS).flatMap(({ closes = [] }) => closes));
  return types.size === 0 ? [] : events.filter(({ type }) => types.has(type));
}

/** A subject may be told of by such an event again: its channel has ended by the first. */
export const INSERT_CLOSING_EVENTS = {
  name: 'insert_closing_events',
  text: `insert into closing_events (shard, seq, type, subject, user_id)
select $1::smallint, * from unnest($2::bigint[], $3::text[], $4::text[], $5::uuid[]) on conflict do nothing`,
};

const FIND = {
  name: 'find_closing_event',
  text: `select shard, seq from closing_events
where subject = $1 and type = any ($2::text[]) and ($3::uuid is null or user_id = $3::uuid) order by shard, seq limit 1`,
};

/** What a channel ends by: one of these types, about this subject; of what only owners see, this owner's (bare UUID). */
export interface Closing {
  subject: string;
  types: readonly EventType[];
  userId: string | null;
}

/** Where the event stands by which the channel has ended; undefined: it has not. */
export async function findClosing(
  pool: pg.Pool,
  { subject, types, userId }: Closing,
): Promise<{ shard: number; seq: number } | undefined> {
  const { rows } = await pool.query<{ shard: number; seq: bigint | string }>({
    ...FIND,
    values: [subject, types, userId],
  });
  return rows[0] && { shard: rows[0].shard, seq: Number(rows[0].seq) };
}
