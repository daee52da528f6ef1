import { toWire, type StoredEvent } from '../events/event.ts';

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
