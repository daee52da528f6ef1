import type pg from 'pg';
import type { Caller } from '../core/caller.ts';
import { EVENT_COLUMNS, type EventRow, isVisibleTo, toStoredEvent } from './event-rows.ts';
import type { IndexProjection } from './index-projection.ts';
import { PAGE_SIZE_MAX } from '../core/list-cursor.ts';
import type { Page, Result } from '../core/result.ts';
import { type StoredEvent, toWire, type WireEvent } from '../events/event.ts';
import { mergeShards } from './merge.ts';
import { handlesIn, type Names, thingsIn, withNames } from './names.ts';
import { emptyPage, encodePlace, readPlace } from './newest-first.ts';
import { newestEntries, USER_EVENTS } from './packed-rows.ts';

export interface NotificationQueries {
  /**
   * The caller's own events, newest first, for operators too: everything that was committed before the first page was read.
   *
   * @returns or one of the problems invalid_cursor, not_ready.
   */
  newest(
    caller: Caller,
    options: { limit: number; cursor?: string | undefined },
  ): Promise<Result<Page<WireEvent & { names: Names }>>>;
}

type PlacedEvent = StoredEvent & { atMs: number };

/** The list's name in its cursors. */
const LIST = 'notifications';

const NEWEST = `
select own.*
from unnest($2::smallint[], $3::bigint[]) as r (shard, before)
cross join lateral (
  select ${EVENT_COLUMNS} from (${newestEntries(USER_EVENTS, '$4')}) as scanned
  join events e on e.shard = r.shard and e.seq = scanned.seq
  order by e.seq desc
) as own
order by own.shard, own.seq desc`;

export function createNotificationQueries({
  pool,
  projection,
}: {
  pool: pg.Pool;
  projection: IndexProjection;
}): NotificationQueries {
  return {
    async newest(caller, options) {
      const limit = Math.min(options.limit, PAGE_SIZE_MAX);
      const list = `${LIST}/${caller.actingFor}`;
      const place = await readPlace(projection, { list, log: 'eventSeq', cursor: options.cursor });
      if (!place.ok) return place;
      const { rows } = await pool.query<EventRow>(NEWEST, [
        caller.actingFor,
        [...place.value.keys()],
        [...place.value.values()],
        limit + 1,
      ]);
      const shards = emptyPage<PlacedEvent>(place.value);
      for (const row of rows) shards.get(row.shard)?.rows.push({ ...toStoredEvent(row), atMs: row.at.getTime() });
      const { data, hasMore, reached } = mergeShards(shards, { limit, newestFirst: true });
      return {
        ok: true,
        value: {
          data: await withNames(
            pool,
            data.filter((event) => isVisibleTo(caller, event)).map(toWire),
            ({ data: told }) => [
              ...thingsIn([...Object.values(told), ...valuesOf(told['result'])]),
              ...handlesIn(told),
            ],
          ),
          has_more: hasMore,
          next_cursor: hasMore ? encodePlace(list, reached) : null,
        },
      };
    },
  };
}

/** What an order came to may name something too. */
function valuesOf(result: unknown): unknown[] {
  return typeof result === 'object' && result !== null ? Object.values(result) : [];
}
