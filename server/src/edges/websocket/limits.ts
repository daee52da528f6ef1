import type { BucketLimits } from '../../core/token-bucket.ts';

/** What one socket may do: each bound with its reason. */
export interface SocketLimits {
  /** One frame from the client. An order is a few hundred bytes; the HTTP edge takes as much. Default 64 KiB. */
  frameBytesMax: number;
  /** Channels on one socket: more than a page can show at once. Default 100. */
  channelsMax: number;
  /** Orders of one socket under way: a quarter of a batch, so that four busy sockets fill one. Default 256. */
  ordersMax: number;
  /**
   * Frames that are read from one socket: beyond it reading waits, and so does the client. One that waits for each answer places
   * some hundred orders a second (docs/benchmarks.md). Default 2,000 a second, 4,000 at once.
   */
  frames: BucketLimits;
  /**
   * What may still come once the server has ended a socket: what was on its way, orders of a full socket. Then it is read no further.
   * Default 256 KiB.
   */
  afterEndBytesMax: number;
  /**
   * How long a client that goes on sending beyond that may take to read that it was closed. It would not see the end of the connection
   * before, since nobody reads it to where it answers. Default 2 s.
   */
  cutMs: number;
  /** Frames that could not be understood before the socket is closed: a client that errs so often does not learn. Default 10. */
  malformedMax: number;
  /**
   * What may be buffered before events wait in the log instead of in memory: some 2,000 of them. More than the 64 KiB
   * from which on a connection tells when it has emptied. Default 1 MiB.
   */
  bufferBytesMax: number;
  /** How long a full buffer may take to empty; a reader below 100 KiB/s is too slow. Default 10 s. */
  drainMs: number;
  /** Between two pings. Well below the minute after which proxies drop idle connections. Default 20 s. */
  heartbeatMs: number;
  /** Pings that may stay unanswered; then the client is gone. Default 2. */
  missedPingsMax: number;
  /** Between two looks at whether the session or key is still good. Default 30 s. */
  recheckMs: number;
  /** How long a client may take to answer a close before it is cut off: it may have a full buffer to read first. Default 30 s. */
  closeTimeoutMs: number;
}

export const SOCKET_LIMITS: Readonly<SocketLimits> = {
  frameBytesMax: 64 * 1024,
  channelsMax: 100,
  ordersMax: 256,
  frames: { perSecond: 2_000, burst: 4_000 },
  afterEndBytesMax: 256 * 1024,
  cutMs: 2_000,
  malformedMax: 10,
  bufferBytesMax: 1024 * 1024,
  drainMs: 10_000,
  heartbeatMs: 20_000,
  missedPingsMax: 2,
  recheckMs: 30_000,
  closeTimeoutMs: 30_000,
};

/** At the server's end: orders under way are answered, and closes are awaited, for so long at most. */
export const STOP_DRAIN_MS = 5_000;
export const STOP_CLOSE_MS = 2_000;
