import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import { readCutoffs, type RetentionLimits } from './cutoffs.ts';
import { dropLetters, keyPortions, type Portion } from './drop-keys.ts';
import { dropSlice, foldCounts, readLanes } from './drop-orders.ts';

/** A run ends after so many portions of each kind, four million events; what is left is there at the next. */
const PORTIONS_MAX = 2_000;
/** Keys are gone through so often where no order makes it necessary. */
const KEYS_EVERY_MS = 24 * 3_600_000;

export const DROPPED = ['orders', 'keys', 'dead_letters'] as const;
/** How many rows were dropped. */
export type Dropped = Record<(typeof DROPPED)[number], number>;

/** Drops what the ledger does not need when it is old; `docs/operations.md` says what, when and why. */
export interface Retention {
  /** One run. May be ended between two portions, by `signal` or by force: the next one goes on. */
  run(signal?: AbortSignal): Promise<Dropped>;
  /** Since the process began. */
  readonly dropped: Readonly<Dropped>;
}

export interface RetentionOptions {
  pool: pg.Pool;
  clock: Clock;
  limits: RetentionLimits;
  log: Logger;
}

export function createRetention({ pool, clock, limits, log }: RetentionOptions): Retention {
  const total: Dropped = { orders: 0, keys: 0, dead_letters: 0 };
  let keysAt = Number.NEGATIVE_INFINITY;

  async function dropOrders(run: Run, before: Date, lanes: Awaited<ReturnType<typeof readLanes>>): Promise<void> {
    for (const lane of lanes) {
      await run.repeat('orders', async () => {
        const dropped = await dropSlice(pool, lane, before);
        return { dropped, more: lane.after < lane.until };
      });
      await foldCounts(pool, lane.shard);
    }
  }

  return {
    dropped: total,
    async run(signal) {
      const run = createRun(signal);
      const cutoffs = await readCutoffs(pool, clock, limits);
      // In this order: every key of these orders is committed before the keys are gone through.
      const lanes = await readLanes(pool, cutoffs.rejectedOrders);
      const isKeysTurn = lanes.length > 0 || performance.now() - keysAt >= KEYS_EVERY_MS;
      const keysDone = isKeysTurn && (await run.repeat('keys', await keyPortions(pool, cutoffs)));
      if (keysDone) {
        keysAt = performance.now();
        await dropOrders(run, cutoffs.rejectedOrders, lanes);
      }
      await run.repeat('dead_letters', () => dropLetters(pool, cutoffs));
      for (const what of DROPPED) total[what] += run.dropped[what];
      if (DROPPED.some((what) => run.dropped[what] > 0)) log.info(run.dropped, 'what is old was dropped');
      return run.dropped;
    },
  };
}

interface Run {
  dropped: Dropped;
  /** True where nothing is left. */
  repeat(what: keyof Dropped, portion: () => Promise<Portion>): Promise<boolean>;
}

/** Rests as long as it works, so that orders have the server at least half of the time. */
function createRun(signal: AbortSignal | undefined): Run {
  const dropped: Dropped = { orders: 0, keys: 0, dead_letters: 0 };
  const isEnded = (): boolean => signal?.aborted === true;
  return {
    dropped,
    async repeat(what, portion) {
      for (let count = 0; count < PORTIONS_MAX && !isEnded(); count += 1) {
        const started = performance.now();
        const { dropped: rows, more } = await portion();
        dropped[what] += rows;
        if (!more) return true;
        await pause(performance.now() - started, undefined, { signal }).catch(() => undefined);
      }
      return false;
    },
  };
}
