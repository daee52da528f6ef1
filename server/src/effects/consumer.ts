import type { EventType } from '@millrace/contract';
import type pg from 'pg';
import type { Logger } from 'pino';
import { setTimeout as pause } from 'node:timers/promises';
import { heads, READ_EVENTS_MAX, readEvents } from '../events/event-log.ts';
import type { StoredEvent } from '../events/event.ts';

/** How far one transaction moves the cursor at most: what is kept of it in memory stays within one read. */
const BATCH_SIZE_MAX = 1_000;
/** A safety net for a wake-up that never came: another process wrote, or a commit's answer was lost. */
const POLL_MS = 1_000;
/** Wake-ups that come closer together share a pass, so that a flood of commits costs 50 passes a second and not hundreds. */
const GATHER_MS = 20;
/** After a failure, doubled while it goes on. Nothing is ever skipped: it is tried until it succeeds. */
const RETRY_MS = 100;
const RETRY_MS_MAX = 30_000;
/** How far the stored cursor may stay behind where nothing was of interest: that much is read again after a crash. */
const UNSTORED_MAX = 10_000;

export interface ConsumerOptions {
  /** Names the cursor. A new name begins with the first event. */
  name: string;
  pool: pg.Pool;
  log: Logger;
  /** Shards that are followed. */
  shards: readonly number[];
  /** What it is told of; everything else only moves the cursor. */
  types: readonly EventType[];
  /**
   * Handles events of one shard, in order, within the transaction that also moves the cursor: what it writes with
   * `client` happens exactly once. What it throws undoes both, and the same events come again.
   */
  handle(events: readonly StoredEvent[], client: pg.PoolClient): Promise<void>;
  /** Events of one transaction. Default 1,000. */
  batchSizeMax?: number;
  /** Default 1,000 ms. */
  pollMs?: number;
}

/** A reader of the event log with a cursor in the table `consumers`. Several processes may run the same one. */
export interface Consumer {
  start(): void;
  /** Something was committed. Costs nothing. */
  wake(): void;
  /** Resolves when the batch in progress has ended; the rest is there at the next start. */
  stop(): Promise<void>;
  /** How far it is: the cursor in the table is behind that while nothing of interest happens. */
  progress(): ConsumerProgress;
}

export interface ConsumerProgress {
  name: string;
  types: readonly EventType[];
  /** Shard → up to here nothing is of interest that is not handled. */
  seen: ReadonlyMap<number, number>;
}

const STORED = {
  name: 'consumer_stored',
  text: 'select shard, event_seq from consumers where name = $1 and shard = any($2::smallint[])',
};
const OPEN = {
  name: 'consumer_open',
  text: 'insert into consumers (name, shard) values ($1, $2) on conflict do nothing',
};
const LOCK = {
  name: 'consumer_lock',
  text: 'select event_seq from consumers where name = $1 and shard = $2 for update skip locked',
};
// greatest: where another process has come further, its position stays.
const ADVANCE = {
  name: 'consumer_advance',
  text: 'update consumers set event_seq = greatest(event_seq, $3::bigint), moved_at = clock_timestamp() where name = $1 and shard = $2',
};

export function createConsumer(options: ConsumerOptions): Consumer {
  return new Runner(options);
}

/** Where the consumer stands in a shard. */
interface Position {
  /** In the table. */
  stored: number;
  /** Up to here nothing was of interest that is not handled. */
  seen: number;
}

class Runner implements Consumer {
  private readonly options: Required<ConsumerOptions>;
  private readonly positions = new Map<number, Position>();
  private readonly stopping = new AbortController();
  private isAwake = false;
  private endRest: (() => void) | undefined;
  private running: Promise<void> | undefined;

  constructor(options: ConsumerOptions) {
    const batchSizeMax = Math.min(options.batchSizeMax ?? BATCH_SIZE_MAX, READ_EVENTS_MAX);
    this.options = { pollMs: POLL_MS, ...options, batchSizeMax };
  }

  start(): void {
    this.running ??= this.run();
  }

  wake(): void {
    this.isAwake = true;
    this.endRest?.();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.endRest?.();
    await this.running;
  }

  progress(): ConsumerProgress {
    const { name, types, shards } = this.options;
    return { name, types, seen: new Map(shards.map((shard) => [shard, this.positions.get(shard)?.seen ?? 0])) };
  }

  private async run(): Promise<void> {
    const { log, name } = this.options;
    let retryMs = RETRY_MS;
    while (!this.stopping.signal.aborted) {
      this.isAwake = false;
      try {
        await this.pass();
        retryMs = RETRY_MS;
        await this.sleep(GATHER_MS);
        if (!this.isAwake) await this.rest();
      } catch (error) {
        log.error({ err: error, consumer: name }, 'a consumer of the event log failed; it tries again');
        await this.sleep(retryMs);
        retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
      }
    }
    await this.storePositions().catch((error: unknown) =>
      log.warn({ err: error, consumer: name }, 'a cursor was not stored'),
    );
  }

  /** Goes on until nothing is left in any shard. */
  private async pass(): Promise<void> {
    const { pool, name, shards, batchSizeMax } = this.options;
    const { rows } = await pool.query<{ shard: number; event_seq: bigint | string }>({
      ...STORED,
      values: [name, shards],
    });
    const stored = new Map(rows.map((row) => [row.shard, Number(row.event_seq)]));
    for (const [shard, head] of await heads(pool, shards)) {
      const position = { stored: stored.get(shard) ?? 0, seen: 0 };
      position.seen = Math.max(position.stored, this.positions.get(shard)?.seen ?? 0);
      this.positions.set(shard, position);
      while (position.seen < head && !this.stopping.signal.aborted) {
        const upTo = Math.min(head, position.seen + batchSizeMax);
        if (!(await this.step(shard, position, upTo))) break;
      }
    }
  }

  /** One batch. False where another process is at this shard. */
  private async step(shard: number, position: Position, upTo: number): Promise<boolean> {
    const { pool, types, batchSizeMax: limit } = this.options;
    const events = await readEvents(pool, { shard, after: position.seen, upTo, types, limit });
    if (events.length > 0) return this.handle(shard, position, upTo, events);
    position.seen = upTo;
    if (upTo - position.stored >= UNSTORED_MAX) await this.store(shard, position);
    return true;
  }

  private async handle(
    shard: number,
    position: Position,
    upTo: number,
    events: readonly StoredEvent[],
  ): Promise<boolean> {
    const { pool, name } = this.options;
    const client = await pool.connect();
    try {
      await client.query('begin');
      await client.query({ ...OPEN, values: [name, shard] });
      const { rows } = await client.query<{ event_seq: bigint | string }>({ ...LOCK, values: [name, shard] });
      const stored = rows[0] === undefined ? Number.POSITIVE_INFINITY : Number(rows[0].event_seq);
      if (stored > position.seen) {
        await client.query('rollback');
        client.release();
        // Another process has handled some of these: on from there. Or it is about to: not now.
        if (!Number.isFinite(stored)) return false;
        Object.assign(position, { stored, seen: stored });
        return true;
      }
      await this.options.handle(events, client);
      await client.query({ ...ADVANCE, values: [name, shard, upTo] });
      await client.query('commit');
      client.release();
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      // Whatever broke may be the connection.
      client.release(true);
      throw error;
    }
    position.stored = upTo;
    position.seen = upTo;
    return true;
  }

  private async store(shard: number, position: Position): Promise<void> {
    const { pool, name } = this.options;
    await pool.query({ ...OPEN, values: [name, shard] });
    await pool.query({ ...ADVANCE, values: [name, shard, position.seen] });
    position.stored = position.seen;
  }

  private async storePositions(): Promise<void> {
    for (const [shard, position] of this.positions) {
      if (position.seen > position.stored) await this.store(shard, position);
    }
  }

  private async sleep(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  /** Until it is woken, or the next poll. */
  private async rest(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.options.pollMs);
      this.endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.endRest = undefined;
  }
}
