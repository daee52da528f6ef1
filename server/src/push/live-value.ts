import type { Logger } from 'pino';
import { problem, type Result } from '../core/result.ts';
import {
  beginListening,
  end,
  give,
  type Listener,
  type Listening,
  type LiveValueLimits,
  recheck,
  RETRY_MS,
  tend,
} from './live-listener.ts';
import { noPlaceProblem, type StreamLimits } from './stream-limits.ts';

const LIMITS: Readonly<LiveValueLimits> = {
  everyMs: 1_000,
  bufferBytesMax: 64 * 1024,
  drainMs: 10_000,
  heartbeatMs: 15_000,
  recheckMs: 30_000,
  lifetimeMs: 30 * 60_000,
};

const CLOSING = 'This server opens no new streams.';

export interface LiveValueOptions {
  /** The events' name. */
  event: string;
  /** The value of now; asked for only while there are listeners, once for all of them. */
  read: () => Promise<unknown>;
  /** How many may listen, and how many of one user and address. */
  places: StreamLimits;
  log: Logger;
  limits?: Partial<LiveValueLimits> | undefined;
}

/** One value that many follow as server-sent events: each event is the whole value, so that a listener that missed some misses nothing. */
export interface LiveValue {
  /**
   * Writes the value of now, and then each one that differs from what this listener was sent last.
   *
   * Problems, with nothing written: `shutting_down`, `overloaded`, `rate_limited`. Rejects where the value cannot be read.
   */
  open(listening: Listening): Promise<Result<undefined>>;
  /** What a listener of this user came in by has ended: it is asked at once whether it may still listen. */
  recheck(userId: string): void;
  /** How many listen. */
  readonly count: number;
  /** Ends every stream; clients come back. */
  close(): void;
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
    const { response, place } = listening;
    const listener = beginListening(listening, frame, limits.lifetimeMs);
    listeners.add(listener);
    timer ??= setInterval(tick, limits.everyMs).unref();
    response.once('close', () => {
      places.leave(place);
      listeners.delete(listener);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    });
  }

  return {
    async open(listening) {
      const { place, response } = listening;
      if (isClosing) return refused('shutting_down', CLOSING);
      const full = places.enter(place);
      if (full !== undefined) return { ok: false, problem: noPlaceProblem(full, RETRY_MS / 1000) };
      let frame: string;
      try {
        frame = frameOf(await read());
      } catch (error) {
        places.leave(place);
        throw error;
      }
      // It closed, or the client went, while the value was read.
      if (isClosing || response.destroyed) {
        places.leave(place);
        return isClosing ? refused('shutting_down', CLOSING) : { ok: true, value: undefined };
      }
      add(listening, frame);
      return { ok: true, value: undefined };
    },
    recheck(userId) {
      for (const listener of listeners)
        if (listener.place.userId === userId && listener.again) void recheck(listener, limits, log);
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

function refused(code: 'shutting_down', detail: string): Result<undefined> {
  return problem(code, detail, { retryAfterSeconds: RETRY_MS / 1000 });
}
