import { LRUCache } from 'lru-cache';
import type { Clock } from '../../core/clock.ts';
import { ProblemError } from '../../core/result.ts';

/**
 * Keys of one query. Some 500 index probes take a few milliseconds, so that even a flood of unknown tokens, 100,000 a
 * second, is served by one connection.
 */
const BATCH_MAX = 500;
/** Keys that wait for the next queries; more are refused. Twenty queries' worth: a fraction of a second. */
const WAITING_MAX = 10_000;
const RETRY_AFTER_SECONDS = 1;

export interface Found<Value> {
  value: Value;
  /** The value must not be used from this moment on, ms since the epoch. */
  validUntilMs: number;
}

export interface CachedLookupOptions<Value> {
  clock: Clock;
  /** Reads many at once. Keys that do not exist are missing from the answer. */
  load(keys: readonly string[]): Promise<ReadonlyMap<string, Found<Value>>>;
  /** Values that are kept, least recently used out first. */
  entriesMax: number;
  /** How long a value is used without being read again. */
  ttlMs: number;
}

export interface CachedLookup<Value> {
  /**
   * Undefined where there is no such key. What does not exist is not remembered: it is asked for again, in a batch.
   *
   * @throws ProblemError `overloaded` where too many keys wait; whatever `load` throws.
   */
  get(key: string): Promise<Value | undefined>;
  /** From now on the key is read again, and no answer that was read before is kept. */
  forget(key: string): void;
  forgetWhere(test: (value: Value) => boolean): void;
}

interface Entry<Value> {
  value: Value;
  /** Already resolved: a hit allocates nothing. */
  answer: Promise<Value>;
  loadedAtMs: number;
  freshUntilMs: number;
}

interface Waiting<Value> extends PromiseWithResolvers<Value | undefined> {
  key: string;
}

/** A cache before a lookup that gathers: while one query runs, the keys for the next one collect. */
export function createCachedLookup<Value extends object>(options: CachedLookupOptions<Value>): CachedLookup<Value> {
  const { clock, ttlMs } = options;
  const cache = new LRUCache<string, Entry<Value>>({ max: options.entriesMax });
  let waiting = new Map<string, Waiting<Value>>();
  let running = false;
  // Counts what was forgotten: an answer whose query began before must not be cached after.
  let generation = 0;

  async function answer(batch: readonly Waiting<Value>[]): Promise<void> {
    const began = generation;
    const loadedAtMs = clock.now();
    const found = await options.load(batch.map(({ key }) => key));
    for (const { key, resolve } of batch) {
      const hit = found.get(key);
      if (hit && generation === began) {
        const freshUntilMs = Math.min(hit.validUntilMs, loadedAtMs + ttlMs);
        cache.set(key, { value: hit.value, answer: Promise.resolve(hit.value), loadedAtMs, freshUntilMs });
      }
      resolve(hit && loadedAtMs < hit.validUntilMs ? hit.value : undefined);
    }
  }

  async function drain(): Promise<void> {
    running = true;
    while (waiting.size > 0) {
      const batch = [...waiting.values()].slice(0, BATCH_MAX);
      if (batch.length === waiting.size) waiting = new Map();
      else for (const { key } of batch) waiting.delete(key);
      try {
        await answer(batch);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    running = false;
  }

  function read(key: string): Promise<Value | undefined> {
    const same = waiting.get(key);
    if (same) return same.promise;
    if (waiting.size >= WAITING_MAX) {
      const problem = {
        code: 'overloaded',
        detail: 'Too many tokens are being checked.',
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      } as const;
      return Promise.reject(new ProblemError(problem));
    }
    const mine: Waiting<Value> = { key, ...Promise.withResolvers<Value | undefined>() };
    waiting.set(key, mine);
    if (!running) void drain();
    return mine.promise;
  }

  return {
    get(key) {
      const hit = cache.get(key);
      if (hit) {
        const now = clock.now();
        // A clock that was set back must not keep an entry alive.
        if (now < hit.freshUntilMs && now >= hit.loadedAtMs) return hit.answer;
      }
      return read(key);
    },
    forget(key) {
      generation += 1;
      cache.delete(key);
    },
    forgetWhere(test) {
      generation += 1;
      for (const [key, { value }] of cache.entries()) if (test(value)) cache.delete(key);
    },
  };
}
