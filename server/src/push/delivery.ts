import type { ReloadReason } from '@millrace/contract';
import { type StoredEvent, toWire } from '../events/event.ts';

/** Where events of a reader go: a socket, a response that stays open. Calls never throw and never wait. */
export interface Sink {
  deliver(delivery: Delivery): void;
  /** Events were left out; what follows is behind `cursor`. */
  reload(channel: string, cursor: string, reason: ReloadReason): void;
  /** Whether more is buffered than should be. Nothing is delivered then. */
  congested(): boolean;
  /** True when there is room again; false where the reader is gone, or was too slow and has been closed for it. */
  drained(): Promise<boolean>;
  /** The log cannot be read: ends, so that the reader comes back later with its cursor. */
  unavailable(): void;
}

/** Makes what a sink sends of an event; `json` is the event as every wire has it. */
export type Encoder = (delivery: Delivery, json: string) => Buffer;

/** One event on its way to the followers of one channel. Made and encoded once, however many they are. */
export class Delivery {
  readonly channel: string;
  /** Resuming with it gives exactly what comes after this event. */
  readonly cursor: string;
  readonly event: StoredEvent;
  private readonly json: () => string;
  private encoder: Encoder | undefined;
  private encoded: Buffer | undefined;

  constructor(channel: string, cursor: string, event: StoredEvent, json: () => string) {
    this.channel = channel;
    this.cursor = cursor;
    this.event = event;
    this.json = json;
  }

  /** Remembers the last answer: nearly always all sinks of a channel have the same encoder. */
  as(encoder: Encoder): Buffer {
    if (this.encoder !== encoder || this.encoded === undefined) {
      this.encoded = encoder(this, this.json());
      this.encoder = encoder;
    }
    return this.encoded;
  }
}

/** The event as JSON, made when it is first asked for, and then kept. */
export function lazyJson(event: StoredEvent): () => string {
  let json: string | undefined;
  return () => (json ??= JSON.stringify(toWire(event)));
}
