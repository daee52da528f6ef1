import type { IndexProjection } from './index-projection.ts';
import { cursorOf, invalidCursor, readCursor, readMatching } from '../core/list-cursor.ts';
import type { Result } from '../core/result.ts';
import { formatCursor, parseCursor } from '../events/event.ts';
import type { ShardRows } from './merge.ts';
import type { Position } from './positions.ts';

/** Where a page of a list, newest first, begins: shard → the sequence before which it does. */
export type Place = ReadonlyMap<number, number>;

/** What a smallint holds. */
const SHARD_MAX = 32_767;

/** The place, and what a list may keep with it: a balance, or nothing. */
const PARTS = [readMatching(/[0-9.-]{1,300}/), readMatching(/(-?\d{1,40})?/)] as const;

/**
 * The place that a cursor names; without one, the end of everything that was committed before the call. So the first
 * page fixes what the list shows: what comes later is not in later pages.
 *
 * @returns or one of the problems invalid_cursor, not_ready.
 */
export async function readPlace(
  projection: IndexProjection,
  { list, log, cursor }: { list: string; log: keyof Position; cursor: string | undefined },
): Promise<Result<Place>> {
  if (cursor !== undefined) {
    const key = readCursor(list, cursor, PARTS);
    const place = key.ok ? parseCursor(key.value[0] ?? '') : undefined;
    if (!place || Math.max(...place.keys()) > SHARD_MAX) return invalidCursor();
    // It was all indexed when the first page was read; not any more while the read models are rebuilt.
    const upTo = new Map([...place].map(([shard, seq]) => [shard, { eventSeq: 0, transferSeq: 0, [log]: seq - 1 }]));
    const isThere = await projection.catchUp(upTo);
    return isThere.ok ? { ok: true, value: place } : isThere;
  }
  const caughtUp = await projection.catchUp();
  if (!caughtUp.ok) return caughtUp;
  return { ok: true, value: new Map([...caughtUp.value].map(([shard, position]) => [shard, position[log] + 1])) };
}

/** `kept`: a number that the next page begins with; it is what it was at this place for ever. */
export function encodePlace(list: string, place: Place, kept?: bigint): string {
  return cursorOf(list, formatCursor(place), kept === undefined ? '' : String(kept));
}

/** The number that a cursor keeps; undefined: none. */
export function keptIn(list: string, cursor: string | undefined): bigint | undefined {
  const key = readCursor(list, cursor, PARTS);
  const kept = key.ok && key.value[1];
  return kept ? BigInt(kept) : undefined;
}

/** What the shards offer before anything is read: nothing, down to the beginning of the log. */
export function emptyPage<Row>(place: Place): Map<number, ShardRows<Row>> {
  return new Map([...place].map(([shard, start]) => [shard, { rows: [], start, end: 0, hasMore: false }]));
}
