import { type EventEntry, EVENTS, type EventType } from '@millrace/contract';
import { type Caller, seesAll } from '../core/caller.ts';
import type { JsonObject } from '../core/json.ts';
import type { StoredEvent } from '../events/event.ts';

/** For statements that call the table `e`. */
export const EVENT_COLUMNS = 'e.shard, e.seq, e.type, e.subject, e.user_id, e.order_id, e.data, e.at';

export interface EventRow {
  shard: number;
  seq: bigint;
  type: string;
  subject: string;
  user_id: string | null;
  order_id: string | null;
  data: JsonObject;
  at: Date;
}

export function toStoredEvent(row: EventRow): StoredEvent {
  return {
    shard: row.shard,
    seq: Number(row.seq),
    type: row.type as EventType,
    subject: row.subject,
    userId: row.user_id,
    orderId: row.order_id,
    data: row.data,
    at: row.at.toISOString(),
  };
}

/**
 * Invariant X for single events: what the catalogue says, for this caller. A type that this version does not know (a newer
 * one wrote it) is shown to operators only.
 */
export function isVisibleTo(caller: Caller, event: StoredEvent): boolean {
  if (seesAll(caller)) return true;
  const known: Readonly<Record<string, EventEntry | undefined>> = EVENTS;
  switch (known[event.type]?.visibility) {
    case 'public':
      return true;
    case 'owner':
      return event.userId === caller.actingFor;
    case 'operators':
    case undefined:
      return false;
  }
}
