import type pg from 'pg';
import type { Logger } from 'pino';
import type { Caller } from '../core/caller.ts';
import type { Result } from '../core/result.ts';
import { type Cursor, formatCursor, parseCursor } from '../events/event.ts';
import type { Relay } from '../events/relay.ts';
import { createCatchUp } from './catch-up.ts';
import { openChannel } from './channels.ts';
import type { Sink } from './delivery.ts';
import type { Deliveries } from './event-memory.ts';
import { createEndedChannels } from './ended-channels.ts';
import { Hub, type Reader } from './hub.ts';

export interface PushOptions {
  /** Started before the first subscription. */
  relay: Relay;
  pool: pg.Pool;
  log: Logger;
  /** How many events of the log a resume may have to look at. Default 50,000. */
  replaySpanMax?: number;
  /** How many events of each shard are kept in memory for short resumes. Default 4,096. */
  recentMax?: number;
}

export interface Subscribe {
  caller: Caller;
  /** `me`, `loans`, `loan:<id>`, `operators`. */
  channel: string;
  /** Cursor of the last event that the reader has handled. Absent: from now on. */
  after?: string | undefined;
  sink: Sink;
  /**
   * The channel has ended, behind this cursor, perhaps long before: the subscription is closed. Not called before `subscribe` returns,
   * and never where the channel does not end.
   */
  ended?: ((cursor: string) => void) | undefined;
}

export interface Subscription {
  /** The channel's name in its normal form. */
  readonly channel: string;
  /** The subscription begins behind it. */
  readonly cursor: string;
  /** Where a reader would resume that has handled everything sent to it; undefined while it is being brought up to date. */
  progress(): string | undefined;
  close(): void;
}

/** Hands committed events to those who may see them, the instant they are committed. */
export interface Push {
  /**
   * Nothing is delivered before this returns. A cursor that is no cursor, is ahead of the log or too far behind, is
   * no error: the sink is told to reload, and the subscription goes on from now.
   *
   * Errors: `not_found` (no such channel), `forbidden`.
   */
  subscribe(request: Subscribe): Result<Subscription>;
  /**
   * How many live subscriptions of this process were handed an event when it was committed, and when; those that were
   * brought up to date later do not count. undefined where that is not kept any more.
   */
  handed(shard: number, seq: number): ReturnType<Deliveries['of']>;
  /** No reader is brought up to date any more. */
  stop(): void;
}

export function createPush(options: PushOptions): Push {
  const { relay, pool, log } = options;
  const endedChannels = createEndedChannels({ pool, log });
  const hub: Hub = new Hub({
    relay,
    log,
    ...(options.recentMax === undefined ? {} : { recentMax: options.recentMax }),
    fellBehind: (reader) => catchUp.add(reader),
    wentLive: (reader) => endedChannels.look(hub, reader),
  });
  const catchUp = createCatchUp({ hub, relay, pool, log, spanMax: options.replaySpanMax });

  return {
    subscribe({ caller, channel: name, after, sink, ended = () => undefined }) {
      const opened = openChannel(caller, name);
      if (!opened.ok) return opened;
      hub.enter();
      const from = after === undefined ? hub.position : startOf(after, hub.position);
      const start = new Map(from ?? hub.position);
      const reader: Reader = {
        channel: opened.value,
        sink,
        ended,
        state: 'behind',
        cursor: start,
        lost: from === undefined ? 'cursor_unknown' : undefined,
      };
      const cursor = formatCursor(start);
      if (after === undefined) hub.goLive(reader);
      else catchUp.add(reader);
      return {
        ok: true,
        value: {
          channel: opened.value.name,
          cursor,
          progress: () => (reader.state === 'live' ? formatCursor(hub.position) : undefined),
          close: () => hub.leave(reader),
        },
      };
    },
    handed: (shard, seq) => hub.deliveries.of(shard, seq),
    stop: () => catchUp.stop(),
  };
}

/** A shard that the cursor does not name is new since: everything in it is news. Undefined where the cursor is not ours. */
function startOf(text: string, position: Cursor): Cursor | undefined {
  const cursor = parseCursor(text);
  if (!cursor || [...cursor.keys()].some((shard) => !position.has(shard))) return undefined;
  return new Map([...position.keys()].map((shard) => [shard, cursor.get(shard) ?? 0]));
}
