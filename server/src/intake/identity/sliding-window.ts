import { LRUCache } from 'lru-cache';
import type { Clock } from '../../core/clock.ts';

export interface SlidingWindowOptions {
  clock: Clock;
  windowMs: number;
  /** Default limit of one key within the window. */
  limit: number;
  /**
   * Keys that are remembered. Past it the key that was quiet for longest is forgotten, which only ever favours a
   * caller. With 10,000 keys and limits up to 200, at most 16 MB.
   */
  keysMax: number;
}

/** Counts per key within the last `windowMs`, exactly: the moments themselves are kept, and never more than the limit. */
export interface SlidingWindow {
  /** 0 where there is room; otherwise whole seconds (at least 1) until there is. */
  secondsUntilRoom(key: string, limit?: number): number;
  /** Counts one now. Past the limit nothing is added: a refused attempt does not prolong the refusal. */
  count(key: string, limit?: number): void;
}

export function createSlidingWindow(options: SlidingWindowOptions): SlidingWindow {
  const { clock, windowMs } = options;
  const moments = new LRUCache<string, number[]>({ max: options.keysMax });

  function recent(key: string): number[] {
    const all = moments.get(key);
    if (!all) return [];
    const oldest = clock.now() - windowMs;
    const first = all.findIndex((at) => at > oldest);
    if (first === 0) return all;
    if (first < 0) moments.delete(key);
    else all.splice(0, first);
    return first < 0 ? [] : all;
  }

  return {
    secondsUntilRoom(key, limit = options.limit) {
      const within = recent(key);
      if (within.length < limit) return 0;
      const freed = (within[within.length - limit] as number) + windowMs;
      // A clock that was set back must not make anybody wait for longer than a window.
      return Math.max(1, Math.ceil(Math.min(freed - clock.now(), windowMs) / 1000));
    },
    count(key, limit = options.limit) {
      const within = recent(key);
      if (within.length >= limit) return;
      within.push(clock.now());
      moments.set(key, within);
    },
  };
}
