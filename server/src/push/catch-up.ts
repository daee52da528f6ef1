import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import { createPermits, type Permits } from '../core/permits.ts';
import { droppedUpTo, heads, readEvents } from '../events/event-log.ts';
import { formatCursor, type StoredEvent } from '../events/event.ts';
import type { Relay } from '../events/relay.ts';
import { Delivery, lazyJson } from './delivery.ts';
import type { Hub, Reader } from './hub.ts';

/** How far back a resume goes: some seconds at full speed, days in a quiet installation. Beyond, reading the state is cheaper. */
const REPLAY_SPAN_MAX = 50_000;
/** Events of the log that one read looks at: a few milliseconds of the database, so that many take turns. */
const SCAN_SIZE = 5_000;
/** Events that one read brings: about 1 MB, four of them at once. */
const READ_SIZE = 1_000;
/**
 * Readers that are served at once: half of the pool, so that a storm of resuming clients leaves room for requests. Those that
 * wait are bounded: a sink reads one chunk at a time, and the number of sinks has a limit.
 */
const READS_MAX = 4;
/** A failed read is tried again this often, over three seconds; then the reader comes back later. */
const TRIES_MAX = 5;
const RETRY_PAUSE_MS = 200;
/** A cursor that another server gave out may be ahead of what this one has heard of. It waits so long for its own news. */
const AHEAD_TRIES_MAX = 250;
const AHEAD_PAUSE_MS = 20;

export interface CatchUpOptions {
  hub: Hub;
  relay: Relay;
  pool: pg.Pool;
  log: Logger;
  /** Default REPLAY_SPAN_MAX. */
  spanMax?: number | undefined;
}

/** What the functions below share. */
type Context = Omit<CatchUpOptions, 'spanMax'> & { spanMax: number; permits: Permits; stopped: boolean };

/** Brings readers that are behind to the live position, without a gap or a repetition; those of one sink in turn. */
export interface CatchUp {
  add(reader: Reader): void;
  stop(): void;
}

export function createCatchUp(options: CatchUpOptions): CatchUp {
  const { log } = options;
  const queues = new Map<Reader['sink'], Reader[]>();
  const context: Context = {
    ...options,
    spanMax: options.spanMax ?? REPLAY_SPAN_MAX,
    permits: createPermits(READS_MAX),
    stopped: false,
  };

  async function run(sink: Reader['sink'], queue: Reader[]): Promise<void> {
    // The subscriber answers its client before the first event goes out.
    await Promise.resolve();
    for (let reader = queue.shift(); reader && !context.stopped; reader = queue.shift()) {
      try {
        await bringUp(context, reader);
      } catch (error) {
        log.error({ err: error, channel: reader.channel.name }, 'a reader could not be brought up to date');
        sink.unavailable();
      }
    }
    queues.delete(sink);
  }

  return {
    add(reader) {
      const queue = queues.get(reader.sink);
      if (queue) {
        // Readers that were closed since are of no use: a client that subscribes again and again does not make it grow.
        queue.splice(0, queue.length, ...queue.filter(({ state }) => state === 'behind'), reader);
      } else {
        const started = [reader];
        queues.set(reader.sink, started);
        void run(reader.sink, started);
      }
    },
    stop() {
      context.stopped = true;
    },
  };
}

async function bringUp(context: Context, reader: Reader): Promise<void> {
  const { hub } = context;
  await waitForOwnNews(context, reader);
  while (reader.state === 'behind' && !context.stopped) {
    const missing = missingFromMemory(hub, reader);
    if (missing && missing.span > context.spanMax) reader.lost ??= 'too_far_behind';
    if (reader.lost !== undefined) return reload(hub, reader, reader.lost);
    if (reader.sink.congested()) {
      if (!(await reader.sink.drained())) return;
    } else if (missing) {
      await readChunk(context, reader, missing.shard);
    } else {
      await context.permits.run(async () => {
        // A turn of its own: thousands that come back at once must not hold up everything else.
        await nextTurn();
        if (reader.state === 'behind') finish(hub, reader);
      });
    }
  }
}

/** The cursor may be ahead of what this process has heard of; ahead of the log itself, it is none of this log. */
async function waitForOwnNews(context: Context, reader: Reader): Promise<void> {
  const { hub, relay, pool } = context;
  const ahead = (): number[] =>
    [...reader.cursor].filter(([shard, seq]) => seq > (hub.position.get(shard) ?? 0)).map(([shard]) => shard);
  const shards = reader.lost === undefined ? ahead() : [];
  if (shards.length === 0) return;
  const known = await context.permits.run(() => heads(pool, shards));
  if (shards.some((shard) => (reader.cursor.get(shard) as number) > (known.get(shard) ?? 0))) {
    reader.lost = 'cursor_unknown';
    return;
  }
  for (const shard of shards) relay.wake(shard);
  for (let tries = 0; ahead().length > 0 && reader.state === 'behind' && !context.stopped; tries += 1) {
    if (tries === AHEAD_TRIES_MAX) throw new Error('the relay does not reach a position that the log has');
    await pause(AHEAD_PAUSE_MS);
  }
}

/** A shard whose next events only the database has, and how many events that are in all shards together. */
function missingFromMemory({ position, recent }: Hub, { cursor }: Reader): { shard: number; span: number } | undefined {
  let shard: number | undefined;
  let span = 0;
  for (const [each, seq] of position) {
    const from = cursor.get(each) ?? 0;
    if (from >= seq || recent.has(each, from)) continue;
    shard ??= each;
    span += seq - from;
  }
  return shard === undefined ? undefined : { shard, span };
}

/** The rest, from memory. In one turn: whatever is committed next is given live. */
function finish(hub: Hub, reader: Reader): void {
  for (const [shard, seq] of hub.position) {
    const from = reader.cursor.get(shard) ?? 0;
    if (from >= seq) continue;
    if (!hub.recent.has(shard, from) || !give(hub, reader, hub.recent.after(shard, from))) return;
  }
  hub.goLive(reader);
}

function reload(hub: Hub, reader: Reader, reason: NonNullable<Reader['lost']>): void {
  reader.lost = undefined;
  hub.goLive(reader);
  reader.sink.reload(reader.channel.name, formatCursor(hub.position), reason);
}

/**
 * Events of one shard that continue the reader's cursor, some left out by its filter. False where there is no room, or its
 * channel has ended.
 */
function give(hub: Hub, reader: Reader, events: readonly StoredEvent[]): boolean {
  const { channel, sink, cursor } = reader;
  for (const event of events) {
    if (channel.includes(event)) {
      if (sink.congested()) return false;
      cursor.set(event.shard, event.seq);
      const delivery = new Delivery(channel.name, formatCursor(cursor), event, lazyJson(event));
      sink.deliver(delivery);
      if (channel.closes(event)) {
        hub.end(reader, delivery.cursor);
        return false;
      }
    } else {
      cursor.set(event.shard, event.seq);
    }
  }
  return true;
}

/**
 * What does not fit into the sink is dropped and read again later: to hold it for every slow reader would need memory
 * without bound.
 */
async function readChunk({ hub, pool, log, permits }: Context, reader: Reader, shard: number): Promise<void> {
  const after = reader.cursor.get(shard) as number;
  const upTo = Math.min(after + SCAN_SIZE, hub.position.get(shard) as number);
  for (let tries = 1; ; tries += 1) {
    try {
      await permits.run(async () => {
        if (reader.state !== 'behind') return;
        const events = await readEvents(pool, { ...reader.channel.filter, shard, after, upTo, limit: READ_SIZE });
        // Retention has dropped some of what follows: events are missing, and the client may show orders that are there no more.
        if (((await droppedUpTo(pool, [shard])).get(shard) ?? 0) > after) reader.lost = 'too_far_behind';
        if (reader.lost !== undefined || reader.state !== 'behind') return;
        if (give(hub, reader, events) && events.length < READ_SIZE) reader.cursor.set(shard, upTo);
      });
      return;
    } catch (error) {
      if (tries === TRIES_MAX) throw error;
      log.warn({ err: error, channel: reader.channel.name }, 'a resume reads the log again');
      await pause(RETRY_PAUSE_MS * 2 ** (tries - 1));
    }
  }
}
