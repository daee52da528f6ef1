import type { ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { StreamPlace } from './stream-limits.ts';

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

/** What a client waits before it comes back. */
export const RETRY_MS = 2_000;

const HEAD = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // nginx would hold events back until its buffer is full.
  'x-accel-buffering': 'no',
};

export interface Listening {
  place: StreamPlace;
  response: ServerResponse;
  /** Whether the listener may still listen. Absent: everybody may. */
  again?: (() => Promise<boolean>) | undefined;
}

export interface Listener extends Listening {
  sent: string;
  toldAt: number;
  checkedAt: number;
  congestedSince: number | undefined;
  readonly endsAt: number;
}

/** Writes the head and the first value. */
export function beginListening(listening: Listening, frame: string, lifetimeMs: number): Listener {
  const { response } = listening;
  const now = performance.now();
  // A connection that breaks is noticed by its close.
  response.on('error', () => response.destroy());
  response.writeHead(200, HEAD);
  response.write(`retry: ${RETRY_MS}\n\n${frame}`);
  return {
    ...listening,
    sent: frame,
    toldAt: now,
    checkedAt: now,
    congestedSince: undefined,
    endsAt: now + lifetimeMs,
  };
}

/** Ends what has to end, and breaks long silences. */
export function tend(listener: Listener, now: number, limits: LiveValueLimits, log: Logger): void {
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

export async function recheck(listener: Listener, limits: LiveValueLimits, log: Logger): Promise<void> {
  try {
    if (!(await listener.again?.())) end(listener, limits);
  } catch (error) {
    // No access ends because the database is away; it is asked again.
    log.warn({ err: error }, 'a live stream’s session could not be checked');
  }
}

export function give(listener: Listener, frame: string, limits: LiveValueLimits): void {
  const { response } = listener;
  if (frame === listener.sent || response.writableEnded || response.destroyed) return;
  if (response.writableLength >= limits.bufferBytesMax) return;
  listener.sent = frame;
  listener.toldAt = performance.now();
  response.write(frame);
}

/** What is buffered is still written, but not for ever. */
export function end({ response }: Listener, limits: LiveValueLimits): void {
  response.end();
  setTimeout(() => response.destroy(), limits.drainMs).unref();
}
