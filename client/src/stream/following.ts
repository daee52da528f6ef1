import type { ReloadReason, WireEventEnvelope } from '@millrace/contract';

/** What a subscriber is told. Handlers may be asynchronous; the next event waits for them. */
export interface Handlers {
  /** `cursor`: resuming with it gives exactly what came after this event. */
  event(event: WireEventEnvelope, cursor: string): void | Promise<void>;
  /** Events were left out: read the state again. What follows comes after `cursor`. */
  reload?(reason: ReloadReason, cursor: string): void | Promise<void>;
  /** The channel is followed. `resumed`: from where it was; otherwise from now on, whatever was before. */
  subscribed?(resumed: boolean): void;
  /** The channel has ended: nothing more will come, and it is not followed any more. */
  ended?(): void;
  /** A handler threw, or the server refused the subscription (`refused`: it has ended). Default: thrown, unhandled. */
  error?(error: unknown, refused: boolean): void;
}

type Item =
  | { type: 'event'; cursor: string; event: WireEventEnvelope }
  | { type: 'reload'; cursor: string; reason: ReloadReason }
  | { type: 'cursor'; cursor: string }
  | { type: 'ended'; cursor: string };

/** How frames get out; undefined while there is no connection. */
export type Send = (frame: object) => void;

/**
 * Frames that wait for a slow handler. Past it the channel is left, and followed again from the last event that was
 * handled when the rest is done: nothing is lost, and memory stays bounded (some 500 bytes each).
 */
const QUEUE_MAX = 1_000;

/**
 * One channel that is followed, over any number of connections. The cursor moves when an event has been handled, not when
 * it has arrived.
 */
export class Following {
  readonly channel: string;
  cursor: string | undefined;
  private readonly handlers: Handlers;
  private readonly onEnd: () => void;
  private readonly queueMax: number;
  private queue: Item[] = [];
  private handling = false;
  private closed = false;
  private send: Send | undefined;
  /** Frames count only when the answer to the newest `subscribe` has come: what is on the way before is of the one before. */
  private state: 'idle' | 'asked' | 'live' | 'full' = 'idle';
  private readonly ref: string;
  private asked = 0;

  constructor(
    channel: string,
    ref: string,
    options: { after?: string | undefined; handlers: Handlers; onEnd: () => void; queueMax?: number },
  ) {
    this.channel = channel;
    this.ref = ref;
    this.cursor = options.after;
    this.handlers = options.handlers;
    this.onEnd = options.onEnd;
    this.queueMax = options.queueMax ?? QUEUE_MAX;
  }

  /** A connection is there. */
  attach(send: Send): void {
    this.send = send;
    // What the last connection brought is handled first; then the cursor says where to go on.
    if (this.queue.length === 0 && !this.handling) this.ask();
    else this.state = 'full';
  }

  /** The connection is gone. */
  detach(): void {
    this.send = undefined;
    this.state = 'idle';
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.queue = [];
    this.send?.({ op: 'unsubscribe', channel: this.channel });
    this.detach();
  }

  /** Whether this is the ref of the newest `subscribe`. */
  isAskedBy(ref: string): boolean {
    return this.state === 'asked' && ref === this.newestRef();
  }

  subscribed(cursor: string): void {
    const resumed = this.cursor !== undefined;
    this.state = 'live';
    this.cursor ??= cursor;
    this.handlers.subscribed?.(resumed);
  }

  refused(error: unknown): void {
    this.closed = true;
    this.detach();
    this.report(error, true);
  }

  take(item: Item): void {
    if (this.state !== 'live') return;
    if (this.queue.length >= this.queueMax) {
      this.state = 'full';
      this.send?.({ op: 'unsubscribe', channel: this.channel });
      return;
    }
    this.queue.push(item);
    if (!this.handling) void this.handleAll();
  }

  private async handleAll(): Promise<void> {
    this.handling = true;
    for (let item = this.queue.shift(); item && !this.closed; item = this.queue.shift()) {
      try {
        if (item.type === 'event') await this.handlers.event(item.event, item.cursor);
        else if (item.type === 'reload') await this.handlers.reload?.(item.reason, item.cursor);
      } catch (error) {
        this.report(error, false);
      }
      this.cursor = item.cursor;
      if (item.type === 'ended') this.end();
    }
    this.handling = false;
    if (this.state === 'full' && !this.closed) this.ask();
  }

  /** After everything that came before it has been handled. */
  private end(): void {
    if (this.closed) return;
    this.closed = true;
    this.detach();
    this.onEnd();
    this.handlers.ended?.();
  }

  private ask(): void {
    if (!this.send) return;
    this.state = 'asked';
    this.asked += 1;
    const after = this.cursor === undefined ? {} : { after: this.cursor };
    this.send({ op: 'subscribe', channel: this.channel, ref: this.newestRef(), ...after });
  }

  private newestRef(): string {
    return `${this.ref}.${this.asked}`;
  }

  private report(error: unknown, refused: boolean): void {
    if (this.handlers.error) return this.handlers.error(error, refused);
    queueMicrotask(() => {
      throw error;
    });
  }
}
