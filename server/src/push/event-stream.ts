import type { ReloadReason } from '@millrace/contract';
import type { ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { type Caller, isAbout, isSameCaller, seesAll } from '../core/caller.ts';
import { problem, type Result } from '../core/result.ts';
import { parseCursor } from '../events/event.ts';
import type { Delivery, Encoder, Sink } from './delivery.ts';
import type { Push, Subscription } from './push.ts';
import { noPlaceProblem, type StreamLimits } from './stream-limits.ts';

export interface EventStreamLimits {
  /** What may be buffered before events wait in the log instead of in memory. More than 64 KiB. Default 1 MiB. */
  bufferBytesMax: number;
  /** How long a full buffer may take to empty; then the stream ends. Default 10 s. */
  drainMs: number;
  /** Between two comments that keep proxies from taking the stream for dead. Default 15 s. */
  heartbeatMs: number;
  /** Between two looks at whether the session or key is still good. Default 30 s. */
  recheckMs: number;
  /** After so long the stream ends, and the client comes back by itself: a balancer can move it. Default 30 min. */
  lifetimeMs: number;
}

const LIMITS: Readonly<EventStreamLimits> = {
  bufferBytesMax: 1024 * 1024,
  drainMs: 10_000,
  heartbeatMs: 15_000,
  recheckMs: 30_000,
  lifetimeMs: 30 * 60_000,
};

/** What a client waits before it comes back. */
const RETRY_MS = 2_000;

export interface EventStreamsOptions {
  push: Push;
  /** Shared with the WebSockets. */
  streams: StreamLimits;
  log: Logger;
  limits?: Partial<EventStreamLimits> | undefined;
}

export interface FollowingStream {
  caller: Caller;
  /** The client's, as `addressKey` makes it. */
  address: string;
  after: string | undefined;
  response: ServerResponse;
  /** Who the caller is now: the stream ends when that is another one, or nobody. Default: it is not asked. */
  again?: () => Promise<Caller | undefined>;
}

/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export interface EventStreams {
  /**
   * Writes the caller's own events, for operators all, until the client or the server ends it; begins behind `after`,
   * or now. Answers with a problem where nothing was written.
   *
   * Errors, first come first: `shutting_down`, `invalid_cursor`, `rate_limited`, `overloaded`, `forbidden`.
   */
  sse(following: FollowingStream): Promise<Result<undefined>>;
  /** Something of this user's has ended (bare UUID): the streams that were opened by it end now. */
  recheck(userId: string): void;
  /** How many streams are open. */
  readonly count: number;
  /** Ends every stream; clients come back. */
  close(): void;
}

export function createEventStreams(options: EventStreamsOptions): EventStreams {
  const { push, streams, log } = options;
  const limits: EventStreamLimits = { ...LIMITS, ...options.limits };
  const open = new Map<ResponseSink, { caller: Caller; recheck: () => void }>();

  let closing = false;

  const sse: EventStreams['sse'] = async ({ caller, address, after, response, again }) => {
    if (closing)
      return problem('shutting_down', 'This server opens no new streams.', { retryAfterSeconds: RETRY_MS / 1000 });
    // The client has gone while it was looked up; there is nobody to tell.
    if (response.destroyed) return { ok: true, value: undefined };
    if (after !== undefined && !parseCursor(after))
      return problem('invalid_cursor', 'The cursor is not one of the event log.');
    const place = { userId: caller.actingFor, address };
    const full = streams.enter(place);
    if (full !== undefined) return { ok: false, problem: noPlaceProblem(full, RETRY_MS / 1000) };
    const sink = new ResponseSink(response, limits);
    const subscribed = push.subscribe({ caller, channel: seesAll(caller) ? 'operators' : 'me', after, sink });
    if (!subscribed.ok) {
      streams.leave(place);
      return subscribed;
    }
    const recheck = (): void => void (again && checkAgain(sink, caller, again));
    open.set(sink, { caller, recheck });
    const subscription = subscribed.value;
    const timers = [
      setInterval(() => sink.heartbeat(subscription), limits.heartbeatMs).unref(),
      setTimeout(() => sink.end(), limits.lifetimeMs).unref(),
      ...(again ? [setInterval(recheck, limits.recheckMs).unref()] : []),
    ];
    response.once('close', () => {
      open.delete(sink);
      subscription.close();
      streams.leave(place);
      for (const timer of timers) clearInterval(timer);
    });
    sink.begin(subscription.cursor);
    return { ok: true, value: undefined };
  };

  async function checkAgain(
    sink: ResponseSink,
    caller: Caller,
    again: () => Promise<Caller | undefined>,
  ): Promise<void> {
    try {
      if (!isSameCaller(caller, await again())) sink.end();
    } catch (error) {
      // No access ends because the database is away; it is asked again.
      log.warn({ err: error }, 'an event stream’s session could not be checked');
    }
  }

  return {
    sse,
    get count() {
      return open.size;
    },
    recheck(userId) {
      for (const { caller, recheck } of open.values()) if (isAbout(caller, userId)) recheck();
    },
    close() {
      closing = true;
      for (const sink of open.keys()) sink.end();
    },
  };
}

const encodeEvent: Encoder = ({ cursor, event }, json) =>
  Buffer.from(`id: ${cursor}\nevent: ${event.type}\ndata: ${json}\n\n`);

class ResponseSink implements Sink {
  private readonly response: ServerResponse;
  private readonly limits: EventStreamLimits;
  private told = '';
  private corked = false;

  constructor(response: ServerResponse, limits: EventStreamLimits) {
    this.response = response;
    this.limits = limits;
    // A connection that breaks is noticed by its close.
    response.on('error', () => response.destroy());
  }

  begin(cursor: string): void {
    this.response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // nginx would hold events back until its buffer is full.
      'x-accel-buffering': 'no',
    });
    this.write(`retry: ${RETRY_MS}\n${this.idLine(cursor)}\n`);
  }

  /** A field without data is no event, and yet a client remembers its id: a later resume is short. */
  heartbeat(subscription: Subscription): void {
    const cursor = subscription.progress();
    this.write(cursor === undefined || cursor === this.told ? ':\n\n' : `:\n${this.idLine(cursor)}\n`);
  }

  deliver(delivery: Delivery): void {
    this.write(delivery.as(encodeEvent));
  }

  reload(_channel: string, cursor: string, reason: ReloadReason): void {
    this.write(`${this.idLine(cursor)}event: reload\ndata: ${JSON.stringify({ cursor, reason })}\n\n`);
  }

  congested(): boolean {
    return this.response.writableLength >= this.limits.bufferBytesMax;
  }

  async drained(): Promise<boolean> {
    if (this.congested() && !this.response.destroyed) await this.emptied();
    if (this.congested()) this.response.destroy();
    return !this.response.destroyed && !this.response.writableEnded;
  }

  unavailable(): void {
    this.end();
  }

  /** What is buffered is still written, but not for ever. */
  end(): void {
    this.response.end();
    setTimeout(() => this.response.destroy(), this.limits.drainMs).unref();
  }

  private idLine(cursor: string): string {
    this.told = cursor;
    return `id: ${cursor}\n`;
  }

  private write(data: string | Buffer): void {
    const { response } = this;
    if (response.writableEnded || response.destroyed) return;
    if (!this.corked) {
      // Events of one turn leave in one system call.
      this.corked = true;
      response.cork();
      process.nextTick(() => {
        this.corked = false;
        response.uncork();
      });
    }
    response.write(data);
  }

  private emptied(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.response.off('drain', done);
        this.response.off('close', done);
        resolve();
      };
      const timer = setTimeout(done, this.limits.drainMs);
      this.response.once('drain', done);
      this.response.once('close', done);
    });
  }
}
