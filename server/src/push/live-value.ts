import type { ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { problem, type Result } from '../core/result.ts';
import type { StreamLimits } from './stream-limits.ts';

export interface LiveValueLimits {
  /** Between two values. Default 1 s: faster than that nobody reads numbers. */
  everyMs: number;
  /** A reader with more than this unsent is skipped; a value is some 300 bytes to 20 KB. Default 64 KiB. */
  bufferBytesMax: number;
  /** How long a reader may be skipped; then its stream ends. Default 10 s. */
  drainMs: number;
  /** Longest silence: a comment keeps proxies from taking the stream for dead. Default 15 s. */
  heartbeatMs: number;
  /** Between two looks at whether the session or key is still good. Default 30 s. */
  recheckMs: number;
  /** After so long the stream ends, and the client comes back by itself: a balancer can move it. Default 30 min. */
  lifetimeMs: number;
}

const LIMITS: Readonly<LiveValueLimits> = {
  everyMs: 1_000,
  bufferBytesMax: 64 * 1024,
  drainMs: 10_000,
  heartbeatMs: 15_000,
  recheckMs: 30_000,
  lifetimeMs: 30 * 60_000,
};

/** What a client waits before it comes back. */
const RETRY_MS = 2_000;

const HEAD = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // nginx would hold events back until its buffer is full.
  'x-accel-buffering': 'no',
};

export interface LiveValueOptions {
  /** The events' name. */
  event: string;
  /** The value of now; asked for only while somebody listens, once for all of them. */
  read: () => Promise<unknown>;
  /** How many may listen, and how many of one key. */
  places: StreamLimits;
  log: Logger;
  limits?: Partial<LiveValueLimits> | undefined;
}

export interface Listening {
  /** What the places are counted by: a user, an address. */
  key: string;
  response: ServerResponse;
  /** Whether the listener may still listen. Absent: everybody may. */
  again?: (() => Promise<boolean>) | undefined;
}

/** One value that many follow as server-sent events: each event is the whole value, so that whoever missed some misses nothing. */
export interface LiveValue {
  /**
   * Writes the value of now, and then each one that differs from what this listener was sent last.
   *
   * Problems, with nothing written: `shutting_down`, `overloaded`, `rate_limited`. Rejects where the value cannot be read.
   */
  open(listening: Listening): Promise<Result<undefined>>;
  /** What a listener of this key came in by has ended: it is asked at once whether it may still listen. */
  recheck(key: string): void;
  /** How many listen. */
  readonly count: number;
  /** Ends every stream; clients come back. */
  close(): void;
}

interface Listener extends Listening {
  sent: string;
  toldAt: number;
  checkedAt: number;
  congestedSince: number | undefined;
  readonly endsAt: number;
}

export function createLiveValue(options: LiveValueOptions): LiveValue {
  const { event, read, places, log } = options;
  const limits: LiveValueLimits = { ...LIMITS, ...options.limits };
  const listeners = new Set<Listener>();
  let timer: NodeJS.Timeout | undefined;
  let isReading = false;
  let isClosing = false;

  const frameOf = (value: unknown): string => `event: ${event}\ndata: ${JSON.stringify(value)}\n\n`;

  function tick(): void {
    const now = performance.now();
    for (const listener of listeners) tend(listener, now, limits, log);
    // The database takes longer than a tick: what is under way will do.
    if (!isReading) void tell();
  }

  async function tell(): Promise<void> {
    isReading = true;
    try {
      const frame = frameOf(await read());
      for (const listener of listeners) give(listener, frame, limits);
    } catch (error) {
      // Who listens keeps the last value, and gets the next.
      log.warn({ err: error, event }, 'a live value could not be read');
    } finally {
      isReading = false;
    }
  }

  function add(listening: Listening, frame: string): void {
    const { response, key } = listening;
    const now = performance.now();
    const listener: Listener = {
      ...listening,
      sent: frame,
      toldAt: now,
      checkedAt: now,
      congestedSince: undefined,
      endsAt: now + limits.lifetimeMs,
    };
    listeners.add(listener);
    timer ??= setInterval(tick, limits.everyMs).unref();
    response.on('error', () => response.destroy());
    response.once('close', () => {
      places.leave(key);
      listeners.delete(listener);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    });
    response.writeHead(200, HEAD);
    response.write(`retry: ${RETRY_MS}\n\n${frame}`);
  }

  return {
    async open(listening) {
      const { key, response } = listening;
      if (isClosing) return refused('shutting_down', 'This server opens no new streams.');
      const full = places.enter(key);
      if (full === 'full') return refused('overloaded', 'Too many streams are open.');
      if (full === 'user_full') return refused('rate_limited', 'Too many streams are open already.');
      let frame: string;
      try {
        frame = frameOf(await read());
      } catch (error) {
        places.leave(key);
        throw error;
      }
      // It closed, or the client went, while the value was read.
      if (isClosing || response.destroyed) {
        places.leave(key);
        return isClosing
          ? refused('shutting_down', 'This server opens no new streams.')
          : { ok: true, value: undefined };
      }
      add(listening, frame);
      return { ok: true, value: undefined };
    },
    recheck(key) {
      for (const listener of listeners) if (listener.key === key && listener.again) void recheck(listener, limits, log);
    },
    get count() {
      return listeners.size;
    },
    close() {
      isClosing = true;
      for (const listener of listeners) end(listener, limits);
    },
  };
}

function refused(code: 'shutting_down' | 'overloaded' | 'rate_limited', detail: string): Result<undefined> {
  return problem(code, detail, { retryAfterSeconds: RETRY_MS / 1000 });
}

/** Ends what has to end, and breaks long silences. */
function tend(listener: Listener, now: number, limits: LiveValueLimits, log: Logger): void {
  const { response } = listener;
  if (response.writableEnded || response.destroyed) return;
  if (now >= listener.endsAt) return end(listener, limits);
  if (response.writableLength < limits.bufferBytesMax) listener.congestedSince = undefined;
  else {
    listener.congestedSince ??= now;
    if (now - listener.congestedSince >= limits.drainMs) response.destroy();
    return;
  }
  if (listener.again && now - listener.checkedAt >= limits.recheckMs) {
    listener.checkedAt = now;
    void recheck(listener, limits, log);
  }
  if (now - listener.toldAt >= limits.heartbeatMs) {
    listener.toldAt = now;
    response.write(':\n\n');
  }
}

async function recheck(listener: Listener, limits: LiveValueLimits, log: Logger): Promise<void> {
  try {
    if (!(await listener.again?.())) end(listener, limits);
  } catch (error) {
    // Nobody is shut out because the database is away; it is asked again.
    log.warn({ err: error }, 'a live stream’s session could not be checked');
  }
}

function give(listener: Listener, frame: string, limits: LiveValueLimits): void {
  const { response } = listener;
  if (frame === listener.sent || response.writableEnded || response.destroyed) return;
  if (response.writableLength >= limits.bufferBytesMax) return;
  listener.sent = frame;
  listener.toldAt = performance.now();
  response.write(frame);
}

/** What is buffered is still written, but not for ever. */
function end({ response }: Listener, limits: LiveValueLimits): void {
  response.end();
  setTimeout(() => response.destroy(), limits.drainMs).unref();
}
