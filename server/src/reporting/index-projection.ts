import type pg from 'pg';
import type { Logger } from 'pino';
import { problem, type Result } from '../core/result.ts';
import type { StoredEvent } from '../events/event.ts';
import { CHUNK_SIZE_MAX, indexChunk } from './index-chunk.ts';
import { restMs } from './pacing.ts';
import { createRecentCounts } from './recent-counts.ts';
import { endsOf, hasPassed, lagOf, type Positions, readProgress, type ShardProgress } from './positions.ts';

/** Fills the read models behind the order path: see `docs/architecture.md`, and `pacing.ts` for how fast. */
export interface IndexProjection {
  /** Begins, with whatever an earlier process left over. */
  start(): void;
  /** Something was committed. Costs nothing: the work begins a little later, so that it is done for many at once. */
  wake(): void;
  /** As `wake`, where the events are at hand: what is known of them need not be read. */
  offer(shard: number, events: readonly StoredEvent[]): void;
  /**
   * Waits until everything is indexed that was committed when this was called (of that no more than `upTo`), so that
   * a user who placed an order finds it in the next list. Indexing does not rest while a reader waits.
   *
   * @returns the positions that the index has passed; the problem `not_ready` after `catchUpTimeoutMs`, or
   *   `shutting_down` after `stop`.
   */
  catchUp(upTo?: Positions): Promise<Result<Positions>>;
  /** How many entries of the log are not indexed yet, over all shards. */
  lag(): Promise<number>;
  /** Lets the chunk in progress end; those who wait are refused. */
  stop(): Promise<void>;
}

export interface IndexProjectionOptions {
  pool: pg.Pool;
  log: Logger;
  /**
   * From the first `wake` to the work, ms. Default 500: nobody waits for it, and of ten thousand entries one costs half as
   * much as of five thousand.
   */
  delayMs?: number;
  /** How long `catchUp` waits, ms. Default 5,000: longer, and the caller's own deadline has passed. */
  catchUpTimeoutMs?: number;
  /** Most entries a transaction. Default 10,000. */
  chunkSizeMax?: number;
}

/** How many may wait in `catchUp`; more requests than any server holds open at once. Beyond it: `not_ready` at once. */
const WAITERS_MAX = 10_000;

/** After an error of the database, before the next try. */
const RETRY_MS = 1_000;

/** While another process indexes the shard and a reader here waits for it. */
const BUSY_MS = 20;

interface Waiter {
  target: Positions;
  settle: (result: Result<Positions>) => void;
}

export function createIndexProjection(options: IndexProjectionOptions): IndexProjection {
  return new Runner(options);
}

class Runner implements IndexProjection {
  private readonly options: Required<IndexProjectionOptions>;
  private readonly recent = createRecentCounts();
  private readonly waiters = new Set<Waiter>();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  /** Something was committed after the run looked last. */
  private isStale = false;
  private isStopped = false;
  private endRest: (() => void) | undefined;

  constructor(options: IndexProjectionOptions) {
    this.options = { delayMs: 500, catchUpTimeoutMs: 5_000, chunkSizeMax: CHUNK_SIZE_MAX, ...options };
  }

  start(): void {
    this.runNow();
  }

  wake(): void {
    if (this.running) this.isStale = true;
    else this.runLater(this.options.delayMs);
  }

  offer(shard: number, events: readonly StoredEvent[]): void {
    this.recent.record(shard, events);
    this.wake();
  }

  async catchUp(upTo?: Positions): Promise<Result<Positions>> {
    const progress = await readProgress(this.options.pool);
    const target = endsOf(progress, upTo);
    if (hasPassed(progress, target)) return { ok: true, value: target };
    if (this.isStopped) return problem('shutting_down', 'The server is shutting down.');
    if (this.waiters.size >= WAITERS_MAX)
      return problem('not_ready', 'Too many requests wait for the index.', { retryAfterSeconds: 1 });
    const result = this.passed(target);
    this.runNow();
    return result;
  }

  async lag(): Promise<number> {
    const progress = await readProgress(this.options.pool);
    return progress.reduce((sum, shard) => sum + lagOf(shard), 0);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    for (const waiter of this.waiters) waiter.settle(problem('shutting_down', 'The server is shutting down.'));
    this.endRest?.();
    await this.running;
  }

  private passed(target: Positions): Promise<Result<Positions>> {
    return new Promise((resolve) => {
      const late = problem('not_ready', 'The index of orders and events is still behind what was committed.', {
        retryAfterSeconds: 1,
      });
      const timeout = setTimeout(() => waiter.settle(late), this.options.catchUpTimeoutMs);
      const waiter: Waiter = {
        target,
        settle: (result) => {
          clearTimeout(timeout);
          this.waiters.delete(waiter);
          resolve(result);
        },
      };
      this.waiters.add(waiter);
    });
  }

  private runLater(delayMs: number): void {
    if (this.isStopped || this.timer) return;
    this.timer = setTimeout(() => this.runNow(), delayMs);
    // What is left undone at the process's end is done at the next start.
    this.timer.unref();
  }

  private runNow(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.isStale = true;
    this.endRest?.();
    if (this.isStopped || this.running) return;
    this.running = this.run().then(
      () => {
        this.running = undefined;
        // A reader began to wait after the run had looked for the last time.
        if (this.isStale && this.waiters.size > 0) this.runNow();
        else if (this.isStale || this.waiters.size > 0) this.runLater(this.options.delayMs);
      },
      (error: unknown) => {
        this.running = undefined;
        this.options.log.warn({ err: error }, 'the index projection failed and will try again');
        this.runLater(RETRY_MS);
      },
    );
  }

  /** Chunk after chunk, over all shards in turn, until nothing is behind. */
  private async run(): Promise<void> {
    while (!this.isStopped) {
      this.isStale = false;
      const progress = await readProgress(this.options.pool);
      for (const waiter of this.waiters) {
        if (hasPassed(progress, waiter.target)) waiter.settle({ ok: true, value: waiter.target });
      }
      const behind = progress.filter((shard) => lagOf(shard) > 0);
      if (behind.length === 0) return;
      await this.rest(await this.indexAll(behind));
    }
  }

  /** One chunk for each shard. @returns how long to rest, ms. */
  private async indexAll(behind: readonly ShardProgress[]): Promise<number> {
    const started = performance.now();
    let isBusy = true;
    for (const { shard } of behind) {
      if ((await indexChunk(this.options.pool, shard, this.options.chunkSizeMax, this.recent.tally)) !== 'busy')
        isBusy = false;
      if (this.isStopped) return 0;
    }
    const { delayMs, chunkSizeMax } = this.options;
    if (isBusy) return this.waiters.size > 0 ? BUSY_MS : delayMs;
    if (this.waiters.size > 0) return 0;
    const left = Math.max(0, ...behind.map(lagOf).map((lag) => lag - chunkSizeMax));
    const rest = restMs(left, performance.now() - started);
    return left > 0 ? rest : Math.max(rest, delayMs);
  }

  private async rest(ms: number): Promise<void> {
    if (ms <= 0 || this.isStopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      timer.unref();
      this.endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.endRest = undefined;
  }
}
