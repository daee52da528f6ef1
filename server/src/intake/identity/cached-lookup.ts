import type { Clock } from '../../core/clock.ts';
import { ProblemError } from '../../core/result.ts';

/**
 * Keys of one query. Some 500 index probes take a few milliseconds, so that even a flood of unknown tokens, 100,000 a
 * second, is served by one connection.
 */
const BATCH_MAX = 500;
/** From this share of its time on, a value that was used is read again together with what is asked for. */
const OLD_SHARE = 0.75;
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
  /** Values that are kept, those that were read longest ago out first. */
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
  /** Asked for since it was read. */
  isUsed: boolean;
}

interface Waiting<Value> extends PromiseWithResolvers<Value | undefined> {
  key: string;
}

/** What was read, in the order in which it was: a hit moves nothing, which every request would pay for. */
class Entries<Value> {
  private readonly ttlMs: number;
  private readonly sizeMax: number;
  private readonly byKey = new Map<string, Entry<Value>>();

  constructor({ ttlMs, entriesMax }: Pick<CachedLookupOptions<Value>, 'ttlMs' | 'entriesMax'>) {
    this.ttlMs = ttlMs;
    this.sizeMax = entriesMax;
  }

  use(key: string, now: number): Promise<Value> | undefined {
    const hit = this.byKey.get(key);
    // A clock that was set back must not keep an entry alive.
    if (!hit || now >= hit.freshUntilMs || now < hit.loadedAtMs) return undefined;
    hit.isUsed = true;
    return hit.answer;
  }

  keep(key: string, { value, validUntilMs }: Found<Value>, loadedAtMs: number): void {
    const freshUntilMs = Math.min(validUntilMs, loadedAtMs + this.ttlMs);
    this.byKey.delete(key);
    this.byKey.set(key, { value, answer: Promise.resolve(value), loadedAtMs, freshUntilMs, isUsed: false });
    if (this.byKey.size > this.sizeMax) this.byKey.delete(this.byKey.keys().next().value as string);
  }

  /**
   * Adds keys that will be asked for soon, by all that is known: a thousand users who ask all the time are then a query or two a
   * second, and not one for nearly each of them, which took a twentieth of the processor's time. What was not used is forgotten.
   */
  addOld(keys: Set<string>, now: number): void {
    for (const [key, { loadedAtMs, freshUntilMs, isUsed }] of this.byKey) {
      if (keys.size >= BATCH_MAX || now < loadedAtMs + this.ttlMs * OLD_SHARE) return;
      if (isUsed) keys.add(key);
      else if (now >= freshUntilMs) this.byKey.delete(key);
    }
  }

  delete(key: string): void {
    this.byKey.delete(key);
  }

  deleteWhere(test: (value: Value) => boolean): void {
    for (const [key, { value }] of this.byKey) if (test(value)) this.byKey.delete(key);
  }
}

/** A cache before a lookup that gathers: while one query runs, the keys for the next one collect. */
export function createCachedLookup<Value extends object>(options: CachedLookupOptions<Value>): CachedLookup<Value> {
  const { clock } = options;
  const entries = new Entries<Value>(options);
  let waiting = new Map<string, Waiting<Value>>();
  let running = false;
  // Counts what was forgotten: an answer whose query began before must not be cached after.
  let generation = 0;

  async function answer(batch: readonly Waiting<Value>[]): Promise<void> {
    const began = generation;
    const loadedAtMs = clock.now();
    const keys = new Set(batch.map(({ key }) => key));
    entries.addOld(keys, loadedAtMs);
    const found = await options.load([...keys]);
    if (generation === began) {
      for (const key of keys) {
        const hit = found.get(key);
        if (hit) entries.keep(key, hit, loadedAtMs);
        else entries.delete(key);
      }
    }
    for (const { key, resolve } of batch) {
      const hit = found.get(key);
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
    get: (key) => entries.use(key, clock.now()) ?? read(key),
    forget(key) {
      generation += 1;
      entries.delete(key);
    },
    forgetWhere(test) {
      generation += 1;
      entries.deleteWhere(test);
    },
  };
}
