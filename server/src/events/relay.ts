import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import { droppedUpTo, heads, readEvents } from './event-log.ts';
import type { Cursor, StoredEvent } from './event.ts';

/** Events of one read: what a commit holds at most in practice, and little enough not to hold up the process. */
const RELAY_READ_SIZE = 1_000;
/** How often the heads of shards are read that other processes write: half of what a person notices as delay. */
const FOREIGN_POLL_MS = 100;
/** And of shards that this process writes: only for a commit whose answer was lost, so that nobody offered its events. */
const OWN_POLL_MS = 1_000;
/** The pause after a failed read, doubled while it keeps failing: a database that restarts is back within seconds. */
const RETRY_PAUSE_MS = 100;
const RETRY_PAUSE_MS_MAX = 5_000;

export type EventHandler = (shard: number, events: readonly StoredEvent[]) => void;

export interface RelayOptions {
  pool: pg.Pool;
  /** Every shard of the installation. */
  shards: readonly number[];
  log: Logger;
  /** Whether this process writes the shard, and so offers its events. Asked at each poll. Default: never. */
  isOwn?: (shard: number) => boolean;
  /** Default FOREIGN_POLL_MS. */
  pollMs?: number;
  /** Default OWN_POLL_MS. */
  ownPollMs?: number;
  /** Events of one read. Default RELAY_READ_SIZE. */
  readSize?: number;
}

/**
 * Hands the event log on, in the process: per shard each event once, in order, without a gap, after its commit. It keeps
 * no events of its own; what is not offered in order is read from the log.
 */
export interface Relay {
  /** The events of a commit, in memory: the fast path. Calls in the order of the commits; any other order costs a read. */
  offer(shard: number, events: readonly StoredEvent[]): void;
  /** Something was written to the shard; looks at once, instead of at the next poll. */
  wake(shard: number): void;
  /**
   * From now on: the first event that the handler gets in a shard is the one behind `position()`. The handler is called
   * synchronously and must not wait; what it throws is logged and hinders nobody else.
   */
  subscribe(handler: EventHandler): () => void;
  /** The last event of each shard that was handed on. */
  position(): Cursor;
  /** Begins at the log's end. */
  start(): Promise<void>;
  /** Resolves when nothing more is read or handed on. */
  stop(): Promise<void>;
}

type Shared = Required<Pick<RelayOptions, 'pool' | 'log' | 'readSize'>> & {
  handlers: Set<EventHandler>;
  stopping: AbortSignal;
};

/** One shard's way through the log. */
class Lane {
  readonly shard: number;
  /** Handed on up to here. */
  position: number;
  /** The last time that the log was read for this shard; over when it is not `busy`. */
  reading: Promise<void> = Promise.resolve();
  private busy = false;
  /** Committed up to here at least. */
  private target: number;
  /** The newest offer that came while reading. One and not all: where it does not fit, the log has everything. */
  private newest: readonly StoredEvent[] | undefined;
  private readonly shared: Shared;

  constructor(shared: Shared, shard: number, position: number) {
    this.shared = shared;
    this.shard = shard;
    this.position = position;
    this.target = position;
  }

  offer(events: readonly StoredEvent[]): void {
    const last = (events.at(-1) as StoredEvent).seq;
    if (this.busy) {
      this.newest = events;
      this.target = Math.max(this.target, last);
    } else if (!this.take(events)) {
      this.reach(last);
    }
  }

  /** The log is known to go on to `target`: reads what is missing. */
  reach(target: number): void {
    this.target = Math.max(this.target, target);
    if (this.position >= this.target || this.busy || this.shared.stopping.aborted) return;
    this.busy = true;
    this.reading = this.catchUp();
  }

  /** False where the events do not continue the position. */
  private take(events: readonly StoredEvent[]): boolean {
    const first = (events[0] as StoredEvent).seq;
    const last = (events.at(-1) as StoredEvent).seq;
    if (last <= this.position) return true;
    if (first > this.position + 1 || !isRun(events)) return false;
    this.handOn(first === this.position + 1 ? events : events.slice(this.position + 1 - first));
    return true;
  }

  private handOn(events: readonly StoredEvent[]): void {
    this.position = (events.at(-1) as StoredEvent).seq;
    for (const handler of this.shared.handlers) {
      try {
        handler(this.shard, events);
      } catch (error) {
        this.shared.log.error(
          { err: error, shard: this.shard, seq: this.position },
          'a reader of the event log failed',
        );
      }
    }
  }

  private async catchUp(): Promise<void> {
    const { handlers, stopping, log } = this.shared;
    let pauseMs = RETRY_PAUSE_MS;
    while (this.position < this.target && !stopping.aborted) {
      try {
        // Nobody to tell: the position moves, and nothing is read.
        if (handlers.size === 0) this.position = this.target;
        else await this.readOnce();
        pauseMs = RETRY_PAUSE_MS;
      } catch (error) {
        log.error(
          { err: error, shard: this.shard, position: this.position, target: this.target },
          'the event log cannot be read',
        );
        await pause(pauseMs, undefined, { signal: stopping }).catch(() => undefined);
        pauseMs = Math.min(pauseMs * 2, RETRY_PAUSE_MS_MAX);
      }
    }
    // In the same turn as the last look at the target: an offer comes either before it or finds that nothing reads.
    this.newest = undefined;
    this.busy = false;
  }

  private async readOnce(): Promise<void> {
    const { shard, position } = this;
    const events = await readEvents(this.shared.pool, { shard, after: position, limit: this.shared.readSize });
    if (this.shared.stopping.aborted) return;
    if (events[0]?.seq === position + 1 && isRun(events)) this.handOn(events);
    else await this.stepOver(events);
    const { newest } = this;
    this.newest = undefined;
    if (newest) this.take(newest);
  }

  /**
   * What was to follow is not there: this process was cut off for so long that retention has come by, or the log is
   * damaged, or the offer was a lie. Nothing else is ever skipped; it is tried again.
   */
  private async stepOver(events: readonly StoredEvent[]): Promise<void> {
    const { shard, position, target } = this;
    const dropped = (await droppedUpTo(this.shared.pool, [shard])).get(shard) ?? 0;
    const parts = runs(events);
    let before = position;
    for (const part of parts) {
      const first = (part[0] as StoredEvent).seq;
      if (first > before + 1 && first - 1 > dropped)
        throw new Error(`the log has a gap behind event ${shard}-${before}`);
      before = (part.at(-1) as StoredEvent).seq;
    }
    for (const part of parts) this.handOn(part);
    if (parts.length > 0) return;
    if (dropped <= position) throw new Error(`event ${shard}-${position + 1} is not in the log`);
    this.position = Math.min(dropped, target);
  }
}

/** Parts without a gap, in order. */
function runs(events: readonly StoredEvent[]): StoredEvent[][] {
  const all: StoredEvent[][] = [];
  for (const event of events) {
    const current = all.at(-1);
    if (current && (current.at(-1) as StoredEvent).seq + 1 === event.seq) current.push(event);
    else all.push([event]);
  }
  return all;
}

export function createRelay(options: RelayOptions): Relay {
  const { pool, log, pollMs = FOREIGN_POLL_MS, ownPollMs = OWN_POLL_MS, isOwn = () => false } = options;
  const lanes = new Map<number, Lane>();
  const handlers = new Set<EventHandler>();
  const stopping = new AbortController();
  const shared: Shared = {
    pool,
    log,
    readSize: options.readSize ?? RELAY_READ_SIZE,
    handlers,
    stopping: stopping.signal,
  };
  let polling: Promise<void> | undefined;

  /** False where the database did not answer. */
  async function lookAt(shards: readonly number[]): Promise<boolean> {
    try {
      for (const [shard, seq] of await heads(pool, shards)) lanes.get(shard)?.reach(seq);
      return true;
    } catch (error) {
      if (!stopping.signal.aborted) log.error({ err: error }, 'the heads of the event log cannot be read');
      return false;
    }
  }

  async function poll(): Promise<void> {
    let pauseMs = pollMs;
    for (let sinceOwnMs = pollMs; ; sinceOwnMs += pauseMs) {
      await pause(pauseMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      const all = sinceOwnMs >= ownPollMs;
      if (all) sinceOwnMs = 0;
      const due = options.shards.filter((shard) => all || !isOwn(shard));
      const answered = due.length === 0 || (await lookAt(due));
      pauseMs = answered ? pollMs : Math.min(pauseMs * 2, RETRY_PAUSE_MS_MAX);
    }
  }

  return {
    offer(shard, events) {
      if (events.length > 0 && !stopping.signal.aborted) lanes.get(shard)?.offer(events);
    },
    wake(shard) {
      if (lanes.has(shard) && !stopping.signal.aborted) void lookAt([shard]);
    },
    subscribe(handler) {
      // A function of its own, so that the same handler given twice is two subscriptions.
      const own: EventHandler = (shard, events) => handler(shard, events);
      handlers.add(own);
      return () => void handlers.delete(own);
    },
    position: () => new Map([...lanes.values()].map((lane) => [lane.shard, lane.position])),
    async start() {
      const now = await heads(pool, options.shards);
      for (const shard of options.shards) lanes.set(shard, new Lane(shared, shard, now.get(shard) ?? 0));
      polling = poll();
    },
    async stop() {
      stopping.abort();
      await polling;
      await Promise.all([...lanes.values()].map((lane) => lane.reading));
    },
  };
}

/** Whether the sequences follow each other without a gap. */
function isRun(events: readonly StoredEvent[]): boolean {
  for (let i = 1; i < events.length; i += 1) {
    if ((events[i] as StoredEvent).seq !== (events[i - 1] as StoredEvent).seq + 1) return false;
  }
  return true;
}
