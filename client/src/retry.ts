/** How often and how patiently a call is repeated. */
export interface RetryOptions {
  /** Calls in all, the first included. Default 5: with the delays below, about three seconds of trouble are ridden out. */
  attemptsMax?: number;
  /** Default 100. Doubles with each attempt. */
  delayMs?: number;
  /** Default 5,000. */
  delayMaxMs?: number;
  /** A server that asks for a longer pause than this is not waited for. Default 30,000. */
  retryAfterMaxMs?: number;
}

export const RETRY_DEFAULTS = {
  attemptsMax: 5,
  delayMs: 100,
  delayMaxMs: 5_000,
  retryAfterMaxMs: 30_000,
} as const satisfies Required<RetryOptions>;

/**
 * The pause before the next attempt: exponential with full jitter between half and all of it, so that clients that failed
 * together do not come back together; never shorter than what the server asked for.
 */
export function delayBefore(
  attempt: number,
  options: Required<RetryOptions>,
  retryAfterMs = 0,
  random: () => number = Math.random,
): number {
  const full = Math.min(options.delayMaxMs, options.delayMs * 2 ** Math.min(attempt - 1, 20));
  return Math.max(retryAfterMs, full * (0.5 + random() / 2));
}

/** Resolves after the pause, or rejects with the signal's reason. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
