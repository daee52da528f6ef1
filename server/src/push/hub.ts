import type { ReloadReason } from '@millrace/contract';
import type { Logger } from 'pino';
import { type Cursor, formatCursor, type StoredEvent } from '../events/event.ts';
import type { Relay } from '../events/relay.ts';
import { type Channel, isOwnersTopic, topicsOf } from './channels.ts';
import { Delivery, lazyJson, type Sink } from './delivery.ts';
import { Deliveries, RecentEvents } from './event-memory.ts';

/** One reader's way through one channel. */
export interface Reader {
  readonly channel: Channel;
  readonly sink: Sink;
  /** live: gets each event as it is committed. behind: reads what it missed, from `cursor`. closed: gets nothing more. */
  state: 'live' | 'behind' | 'closed';
  /** The channel has ended, behind this cursor: the reader is closed. */
  readonly ended: (cursor: string) => void;
  /** While behind: seen up to here, in every shard. */
  cursor: Map<number, number>;
  /** While behind: why events have to be left out. */
  lost: ReloadReason | undefined;
}

/**
 * Everybody who follows events now, by topic, so that an event touches its audience only. While anybody follows, it
 * reads the relay; all live readers stand at the same position.
 */
export class Hub {
  readonly recent: RecentEvents;
  readonly deliveries: Deliveries;
  private readonly relay: Relay;
  private readonly log: Logger;
  private readonly topics = new Map<string, Set<Reader>>();
  private readonly fellBehind: (reader: Reader) => void;
  private readonly wentLive: (reader: Reader) => void;
  private current = new Map<number, number>();
  private readers = 0;
  private unsubscribe: (() => void) | undefined;

  /**
   * `fellBehind`: called when a live reader's sink is congested; the reader is behind then. `wentLive`: of each that gets from now on
   * what is committed.
   */
  constructor(options: {
    relay: Relay;
    log: Logger;
    recentMax?: number;
    fellBehind: (reader: Reader) => void;
    wentLive: (reader: Reader) => void;
  }) {
    this.relay = options.relay;
    this.log = options.log;
    this.recent = new RecentEvents(options.recentMax);
    this.fellBehind = options.fellBehind;
    this.wentLive = options.wentLive;
    this.deliveries = new Deliveries(options.relay.position());
  }

  /** Every live reader has been given everything up to here. */
  get position(): Cursor {
    return this.unsubscribe ? this.current : this.relay.position();
  }

  /** A reader counts from here until `leave`, so that nothing committed in between is missed. */
  enter(): void {
    this.readers += 1;
    if (this.unsubscribe) return;
    this.current = new Map(this.relay.position());
    this.unsubscribe = this.relay.subscribe((shard, events) => this.handle(shard, events));
  }

  /** Live from the current position on: the caller has seen to it that the reader has everything before. */
  goLive(reader: Reader): void {
    reader.state = 'live';
    const { topic } = reader.channel;
    const audience = this.topics.get(topic);
    if (audience) audience.add(reader);
    else this.topics.set(topic, new Set([reader]));
    this.wentLive(reader);
  }

  leave(reader: Reader): void {
    if (reader.state === 'closed') return;
    if (reader.state === 'live') this.forget(reader);
    reader.state = 'closed';
    this.readers -= 1;
    if (this.readers > 0) return;
    // Nobody follows: the relay need not read what other processes write.
    this.unsubscribe?.();
    this.unsubscribe = undefined;
    this.recent.clear();
  }

  /** Its channel has ended by what it was given last. */
  end(reader: Reader, cursor: string): void {
    if (reader.state === 'closed') return;
    this.leave(reader);
    reader.ended(cursor);
  }

  private handle(shard: number, events: readonly StoredEvent[]): void {
    this.recent.add(shard, events);
    if (this.topics.size === 0) {
      this.current.set(shard, (events.at(-1) as StoredEvent).seq);
      return;
    }
    for (const event of events) {
      this.current.set(shard, event.seq);
      this.handOut(event);
    }
  }

  private handOut(event: StoredEvent): void {
    const json = lazyJson(event);
    let cursor: string | undefined;
    const counts = { owner: 0, all: 0 };
    for (const topic of topicsOf(event)) {
      const audience = this.topics.get(topic);
      if (!audience) continue;
      cursor ??= formatCursor(this.current);
      counts.all += audience.size;
      if (isOwnersTopic(topic)) counts.owner += audience.size;
      let delivery: Delivery | undefined;
      for (const reader of audience) {
        // The followers of a topic know it by the same name.
        delivery ??= new Delivery(reader.channel.name, cursor, event, json);
        this.give(reader, delivery);
      }
    }
    this.deliveries.add(event, counts);
  }

  private give(reader: Reader, delivery: Delivery): void {
    try {
      if (!reader.sink.congested()) {
        reader.sink.deliver(delivery);
        if (reader.channel.closes(delivery.event)) this.end(reader, delivery.cursor);
        return;
      }
    } catch (error) {
      this.log.error({ err: error, channel: reader.channel.name }, 'an event could not be delivered');
    }
    const { shard, seq } = delivery.event;
    this.forget(reader);
    reader.state = 'behind';
    reader.cursor = new Map(this.current).set(shard, seq - 1);
    this.fellBehind(reader);
  }

  private forget(reader: Reader): void {
    const { topic } = reader.channel;
    const audience = this.topics.get(topic);
    audience?.delete(reader);
    if (audience?.size === 0) this.topics.delete(topic);
  }
}
