import type { EventType } from '@millrace/contract';
import type pg from 'pg';
import { closingOf, INSERT_CLOSING_EVENTS } from '../../src/events/closing-events.ts';
import type { StoredEvent } from '../../src/events/event.ts';

export type EventSketch = Pick<StoredEvent, 'type' | 'subject' | 'userId' | 'data'>;

/** A small owner's event: `n` is whatever the test counts by. */
export function ownEvent(userId: string, n: number): EventSketch {
  return { type: 'deposit_received', subject: `usr_${userId}`, userId, data: { user_id: `usr_${userId}`, n } };
}

export function loanEvent(loanId: string, type: EventType, n: number): EventSketch {
  return { type, subject: loanId, userId: null, data: { loan_id: loanId, n } };
}

export async function createShards(pool: pg.Pool, shards: readonly number[]): Promise<void> {
  await pool.query('insert into shards (id) select unnest($1::smallint[]) on conflict do nothing', [shards]);
}

/** Appends as the pipeline does: the shard's row is locked, the sequences continue it, and one commit makes it true. */
export async function appendEvents(
  pool: pg.Pool,
  shard: number,
  sketches: readonly EventSketch[],
): Promise<StoredEvent[]> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query<{ event_seq: bigint }>(
      'select event_seq from shards where id = $1 for update',
      [shard],
    );
    const last = Number(rows[0]?.event_seq);
    const at = new Date().toISOString();
    const events = sketches.map(
      (sketch, index): StoredEvent => ({ ...sketch, shard, seq: last + index + 1, orderId: null, at }),
    );
    await client.query(
      `insert into events (shard, seq, type, subject, user_id, data, at)
       select $1, v.seq, v.type, v.subject, v.user_id, v.data, $7
       from unnest($2::bigint[], $3::text[], $4::text[], $5::uuid[], $6::json[]) as v (seq, type, subject, user_id, data)`,
      [
        shard,
        events.map((event) => event.seq),
        events.map((event) => event.type),
        events.map((event) => event.subject),
        events.map((event) => event.userId),
        events.map((event) => JSON.stringify(event.data)),
        at,
      ],
    );
    const closing = closingOf(events);
    await client.query(INSERT_CLOSING_EVENTS.text, [
      shard,
      closing.map((event) => event.seq),
      closing.map((event) => event.type),
      closing.map((event) => event.subject),
      closing.map((event) => event.userId),
    ]);
    await client.query('update shards set event_seq = $2 where id = $1', [shard, last + events.length]);
    await client.query('commit');
    return events;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
