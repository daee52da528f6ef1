import type { EventType } from '@millrace/contract';
import type pg from 'pg';
import { type Caller, seesAll } from '../core/caller.ts';
import { heads, readEvents } from '../events/event-log.ts';
import { EVENT_COLUMNS, type EventRow, isVisibleTo, toStoredEvent } from './event-rows.ts';
import type { IndexProjection } from './index-projection.ts';
import { PAGE_SIZE_MAX, SCAN_SIZE_MAX } from '../core/list-cursor.ts';
import { type Page, problem, type Result } from '../core/result.ts';
import { formatCursor, parseCursor, type StoredEvent, toWire, type WireEvent } from '../events/event.ts';
import { mergeShards, type ShardRows } from './merge.ts';
import { oldestEntries, USER_EVENTS } from './packed-rows.ts';

export interface EventListOptions {
  /** Where the reader stands: `<shard>-<sequence>` for each shard. Default: before the first event. */
  after?: string | undefined;
  /** 1 to 200. */
  limit: number;
  type?: EventType | undefined;
}

export interface EventQueries {
  /**
   * Events oldest first: the caller's own, for operators all. Everything is there that was committed before the call.
   * `next_cursor` is where the reader stands now, also after an empty page (null only before the first shard exists);
   * the same cursor goes on in the event stream and on the WebSocket. A page of a filtered list may hold less than
   * `limit` and still say that there is more.
   *
   * @returns or one of the problems invalid_cursor (unreadable, or ahead of the log), not_ready.
   */
  list(caller: Caller, options: EventListOptions): Promise<Result<Page<WireEvent>>>;
}

/** One shard's part of a page: events in (after, until]. */
interface Range {
  shard: number;
  after: number;
  until: number;
  /** Where the log ends for this request. */
  end: number;
}

type PlacedEvent = StoredEvent & { atMs: number };

const SCAN = oldestEntries(USER_EVENTS, '$5');

const RANGES = 'unnest($2::smallint[], $3::bigint[], $4::bigint[]) as r (shard, after, until)';

const OWN = `
select own.*
from ${RANGES}
cross join lateral (
  select ${EVENT_COLUMNS} from (${SCAN}) as scanned join events e on e.shard = r.shard and e.seq = scanned.seq
  where $6::text is null or e.type = $6::text
  order by e.seq limit $7::integer
) as own
order by own.shard, own.seq`;

/** The last of the entries that one page may look at, for each shard that has so many. */
const SCAN_ENDS = `
select r.shard, last.seq
from ${RANGES}
cross join lateral (select seq from (${SCAN}) as scanned order by seq offset $5::integer - 1 limit 1) as last`;

/** The same in the log itself. */
const LOG_SCAN_ENDS = `
select r.shard, last.seq
from unnest($1::smallint[], $2::bigint[], $3::bigint[]) as r (shard, after, until)
cross join lateral (
  select e.seq from events e where e.shard = r.shard and e.seq > r.after and e.seq <= r.until
  order by e.seq offset $4::integer - 1 limit 1
) as last`;

export function createEventQueries({ pool, projection }: { pool: pg.Pool; projection: IndexProjection }): EventQueries {
  return {
    async list(caller, options) {
      const limit = Math.min(options.limit, PAGE_SIZE_MAX);
      const after = options.after === undefined ? new Map<number, number>() : parseCursor(options.after);
      if (!after) return problem('invalid_cursor', 'The cursor is not one of the event log.');
      const everybodys = seesAll(caller);
      const ends = everybodys ? { ok: true as const, value: await heads(pool) } : await indexedEnds(projection);
      if (!ends.ok) return ends;
      for (const [shard, seq] of after) {
        const end = ends.value.get(shard);
        if (end === undefined || seq > end) return problem('invalid_cursor', 'The cursor is ahead of the event log.');
      }
      const ranges = [...ends.value].map(([shard, end]) => ({ shard, after: after.get(shard) ?? 0, until: end, end }));
      const events = everybodys
        ? await readAll(pool, ranges, limit, options.type)
        : await readOwn(pool, caller, ranges, limit, options.type);
      return { ok: true, value: pageOf(ranges, events, limit) };
    },
  };
}

async function indexedEnds(projection: IndexProjection): Promise<Result<ReadonlyMap<number, number>>> {
  const caughtUp = await projection.catchUp();
  if (!caughtUp.ok) return caughtUp;
  return { ok: true, value: new Map([...caughtUp.value].map(([shard, { eventSeq }]) => [shard, eventSeq])) };
}

/** For operators: ranges of the log itself. With a filter a page looks at a bounded part of it. */
async function readAll(
  pool: pg.Pool,
  ranges: Range[],
  limit: number,
  type: EventType | undefined,
): Promise<StoredEvent[]> {
  if (type) await boundScans(pool, ranges);
  const parts = ranges.map(({ shard, after, until }) =>
    readEvents(pool, { shard, after, upTo: until, limit: limit + 1, ...(type ? { types: [type] } : {}) }),
  );
  return (await Promise.all(parts)).flat();
}

/** By events and not by sequences: of a long part of the log retention may have left a few. */
async function boundScans(pool: pg.Pool, ranges: Range[]): Promise<void> {
  const fields = (['shard', 'after', 'end'] as const).map((name) => ranges.map((range) => range[name]));
  const { rows } = await pool.query<{ shard: number; seq: bigint }>(LOG_SCAN_ENDS, [...fields, SCAN_SIZE_MAX]);
  for (const { shard, seq } of rows) {
    const range = ranges.find((one) => one.shard === shard);
    if (range) range.until = Number(seq);
  }
}

async function readOwn(
  pool: pg.Pool,
  caller: Caller,
  ranges: Range[],
  limit: number,
  type: EventType | undefined,
): Promise<StoredEvent[]> {
  const fields = (['shard', 'after', 'end'] as const).map((name) => ranges.map((range) => range[name]));
  const scan = [caller.actingFor, ...fields, type ? SCAN_SIZE_MAX : limit + 1];
  const { rows } = await pool.query<EventRow>(OWN, [...scan, type ?? null, limit + 1]);
  // Without a filter a shard's rows are what was looked at; a full one was looked at as far as its last.
  const stopped = type
    ? (await pool.query<{ shard: number; seq: bigint }>(SCAN_ENDS, scan)).rows
    : rows.filter((row, i) => i >= limit && rows[i - limit]?.shard === row.shard);
  for (const { shard, seq } of stopped) {
    const range = ranges.find((one) => one.shard === shard);
    if (range) range.until = Number(seq);
  }
  return rows.map(toStoredEvent).filter((event) => isVisibleTo(caller, event));
}

function pageOf(ranges: readonly Range[], events: readonly StoredEvent[], limit: number): Page<WireEvent> {
  const shards = new Map<number, ShardRows<PlacedEvent>>(
    ranges.map(({ shard, after, until, end }) => [shard, { rows: [], start: after, end: until, hasMore: until < end }]),
  );
  for (const event of events) shards.get(event.shard)?.rows.push({ ...event, atMs: Date.parse(event.at) });
  const { data, hasMore, reached } = mergeShards(shards, { limit, newestFirst: false });
  return { data: data.map(toWire), has_more: hasMore, next_cursor: formatCursor(reached) || null };
}
