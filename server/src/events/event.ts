import type { EventType } from '@millrace/contract';
import type { JsonObject } from '../core/json.ts';

/** How far a reader has come in every shard: shard → last sequence it has seen. */
export type Cursor = ReadonlyMap<number, number>;

const TEXT = /^\d{1,5}-\d{1,15}(\.\d{1,5}-\d{1,15})*$/;

/** `0-153` for one shard, `0-153.1-88` for two: the same text in REST, WebSocket, server-sent events and exports. */
export function formatCursor(cursor: Cursor): string {
  return [...cursor]
    .sort(([a], [b]) => a - b)
    .map(([shard, seq]) => `${shard}-${seq}`)
    .join('.');
}

/** undefined where the text is no cursor. */
export function parseCursor(text: string): Cursor | undefined {
  if (!TEXT.test(text)) return undefined;
  const cursor = new Map<number, number>();
  for (const part of text.split('.')) {
    const [shard, seq] = part.split('-').map(Number) as [number, number];
    if (cursor.has(shard)) return undefined;
    cursor.set(shard, seq);
  }
  return cursor;
}

/** A committed fact, as the log holds it. */
export interface StoredEvent {
  shard: number;
  /** 1…n per shard, without a gap, in commit order. */
  seq: number;
  type: EventType;
  /** Public id of what it is about: `ord_…`, `loan_…`, `usr_…`. */
  subject: string;
  /** Bare UUID; null for an event that belongs to nobody in particular. */
  userId: string | null;
  orderId: string | null;
  data: JsonObject;
  at: string;
  /** Whether its order became known by it. Told only to those who hear of a commit in this process. */
  opensOrder?: boolean;
  /** Whether it is about an order that an earlier decision recorded. As `opensOrder`. */
  followUp?: boolean;
}

/** An event on every wire: CloudEvents 1.0 in its JSON form. `id` is `<shard>-<seq>`, unique within `source`. */
export interface WireEvent {
  specversion: '1.0';
  id: string;
  source: '/millrace';
  type: EventType;
  subject: string;
  time: string;
  datacontenttype: 'application/json';
  data: JsonObject;
}

export function toWire(event: StoredEvent): WireEvent {
  return {
    specversion: '1.0',
    id: `${event.shard}-${event.seq}`,
    source: '/millrace',
    type: event.type,
    subject: event.subject,
    time: event.at,
    datacontenttype: 'application/json',
    data: event.data,
  };
}
