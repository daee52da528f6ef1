import type { EventType } from '@millrace/contract';
import type { JsonObject } from '../core/json.ts';

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
