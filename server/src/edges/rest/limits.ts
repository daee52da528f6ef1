/** What one HTTP server gives its clients: each bound with its reason. */
export interface HttpLimits {
  /** The whole request must have arrived within this. A slow phone sends 2 MiB in it. Default 30 s. */
  requestTimeoutMs: number;
  /** The headers must have arrived within this. Default 10 s. */
  headersTimeoutMs: number;
  /** An idle connection is kept this long: longer than the 60 s of the usual load balancers, so that they close first. Default 65 s. */
  keepAliveTimeoutMs: number;
  /** How often the three above are looked at. Default 1 s: what they are exact to. */
  timeoutCheckMs: number;
  /** Request line and headers together. Default 16 KiB, Node's own. */
  headerBytesMax: number;
  /** Connections of one process, each some 20 KiB: 10,000 sockets and event streams, and room for requests. Default 12,000. */
  connectionsMax: number;
  /**
   * Connections of one address that are served; an office behind one address is some hundred people with a browser each,
   * which opens up to seven. More are answered with 429, twice as many cut. Loopback may have twenty times as many. Default 1,000.
   */
  connectionsPerAddress: number;
}

export const HTTP_LIMITS: Readonly<HttpLimits> = {
  requestTimeoutMs: 30_000,
  headersTimeoutMs: 10_000,
  keepAliveTimeoutMs: 65_000,
  timeoutCheckMs: 1_000,
  headerBytesMax: 16 * 1024,
  connectionsMax: 12_000,
  connectionsPerAddress: 1_000,
};

/** A path parameter is an id or a code; the longest id has 41 characters. */
export const PATH_PARAMETER_LENGTH_MAX = 64;

/** `X-Request-Id` of the caller's choice goes to the log, so it must be short and plain. */
export const REQUEST_ID_LENGTH_MAX = 128;

/** `Prefer: wait=N`: nobody needs to hold a connection longer than this. */
export const WAIT_SECONDS_MAX = 60;

/**
 * Requests of one address to registration and login in a minute, successful ones too: each costs some 25 ms of
 * hashing. Identity counts the failures.
 */
export const AUTH_REQUESTS_PER_MINUTE = 300;

/** Addresses that are counted at a time: some 2 MB. The one that was quiet for longest is forgotten first. */
export const AUTH_ADDRESSES_MAX = 10_000;

/** Loopback may do so many times as much: tests and tools register users by the thousand. */
export const LOOPBACK_FACTOR = 50;

/** When to come back, where the refusal itself does not know. */
export const RETRY_AFTER_SECONDS = 1;
