import type pg from 'pg';
import { formatId } from '../core/ids.ts';
import { formatAmount } from '../core/money.ts';
import { type Page, problem, type Result } from '../core/result.ts';
import { type Caller, seesAll } from '../intake/intake.ts';
import type { IndexProjection } from './index-projection.ts';
import { PAGE_SIZE_MAX, SCAN_SIZE_MAX } from './list-cursor.ts';
import { type MergedPage, mergeShards } from './merge.ts';
import { emptyPage, encodePlace, type Place, readPlace } from './newest-first.ts';
import { ACCOUNT_LINES, newestEntries } from './packed-rows.ts';

/** A line of an account's statement. */
export interface TransferView {
  /** `trf_<shard>-<sequence>` */
  id: string;
  at: string;
  reason: string;
  order_id: string;
  /** debit: the money left this account. */
  direction: 'debit' | 'credit';
  /** A decimal string at the asset's scale. */
  amount: string;
  counterparty_purpose: string;
}

export interface StatementOptions {
  /** 1 to 200. */
  limit: number;
  cursor?: string | undefined;
  /** RFC 3339; `from` is included, `to` is not. */
  from?: string | undefined;
  to?: string | undefined;
}

export interface StatementQueries {
  /**
   * An account's transfers, newest first, as they were when its first page was read; undefined where the account is
   * not the caller's (operators may read every one). A page of a period may hold less than `limit` and still say that
   * there is more.
   *
   * @returns or one of the problems invalid_request (a time that is none), invalid_cursor, not_ready.
   */
  statement(
    caller: Caller,
    accountId: string,
    options: StatementOptions,
  ): Promise<Result<Page<TransferView>> | undefined>;
}

/**
 * How far the times in a shard's log may step back, when the clock of the machine was set: a reader of a period stops
 * at the first line that is older than its beginning by more than this.
 */
const CLOCK_STEP_MS_MAX = 86_400_000;

const FIND = `
select s.scale from accounts a join assets s on s.code = a.asset
where a.id = $1::uuid and ($3::boolean or a.owner_id = $2::uuid)`;

const SCAN = newestEntries(ACCOUNT_LINES, '$4');

const LINES = `
select t.shard, t.seq, t.at, t.reason, t.order_id, t.amount, t.debit_account_id = $1::uuid as is_debit, other.purpose
from unnest($2::smallint[], $3::bigint[]) as r (shard, before)
cross join lateral (
  select u.* from (${SCAN}) as scanned
  join transfers u on u.shard = r.shard and u.seq = scanned.seq
  where ($5::timestamptz is null or u.at >= $5::timestamptz) and ($6::timestamptz is null or u.at < $6::timestamptz)
  order by scanned.seq desc limit $7::integer
) as t
join accounts other on other.id = case when t.debit_account_id = $1::uuid then t.credit_account_id else t.debit_account_id end
order by t.shard, t.seq desc`;

/** The last of the lines that one page may look at, for each shard that has so many. */
const SCAN_ENDS = `
select r.shard, last.seq, t.at
from unnest($2::smallint[], $3::bigint[]) as r (shard, before)
cross join lateral (select seq from (${SCAN}) as scanned order by seq desc offset $4::integer - 1 limit 1) as last
join transfers t on t.shard = r.shard and t.seq = last.seq`;

interface LineRow {
  shard: number;
  seq: bigint;
  at: Date;
  reason: string;
  order_id: string;
  amount: bigint;
  is_debit: boolean;
  purpose: string;
}

interface Line {
  shard: number;
  seq: number;
  atMs: number;
  row: LineRow;
}

export function createStatementQueries({
  pool,
  projection,
}: {
  pool: pg.Pool;
  projection: IndexProjection;
}): StatementQueries {
  return {
    async statement(caller, accountId, options) {
      const found = await pool.query<{ scale: number }>(FIND, [accountId, caller.actingFor, seesAll(caller)]);
      const account = found.rows[0];
      if (!account) return undefined;
      const period = periodOf(options);
      if (!period.ok) return period;
      const list = `transfers/${accountId}`;
      const place = await readPlace(projection, { list, log: 'transferSeq', cursor: options.cursor });
      if (!place.ok) return place;
      const { data, hasMore, reached } = await readPage(pool, accountId, place.value, {
        ...period.value,
        limit: options.limit,
      });
      return {
        ok: true,
        value: {
          data: data.map(({ row }) => toView(row, account.scale)),
          has_more: hasMore,
          next_cursor: hasMore ? encodePlace(list, reached) : null,
        },
      };
    },
  };
}

interface Period {
  from: Date | null;
  to: Date | null;
}

/** PostgreSQL never sees the text: a schema's date-time may be one that it refuses. */
function periodOf(options: StatementOptions): Result<Period> {
  const period: Period = { from: null, to: null };
  for (const name of ['from', 'to'] as const) {
    const text = options[name];
    if (text === undefined) continue;
    const time = new Date(text);
    if (Number.isNaN(time.getTime())) {
      const errors = [{ pointer: `/${name}`, detail: 'must be a time' }];
      return problem('invalid_request', `${name} is not a time.`, { errors });
    }
    period[name] = time;
  }
  return { ok: true, value: period };
}

async function readPage(
  pool: pg.Pool,
  accountId: string,
  place: Place,
  { from, to, limit: asked }: Period & { limit: number },
): Promise<MergedPage<Line>> {
  const limit = Math.min(asked, PAGE_SIZE_MAX);
  const isFiltered = from !== null || to !== null;
  const start = [accountId, [...place.keys()], [...place.values()]];
  const scanSize = isFiltered ? SCAN_SIZE_MAX : limit + 1;
  const { rows } = await pool.query<LineRow>(LINES, [...start, scanSize, from, to, limit + 1]);
  const shards = emptyPage<Line>(place);
  for (const row of rows) {
    shards.get(row.shard)?.rows.push({ shard: row.shard, seq: Number(row.seq), atMs: row.at.getTime(), row });
  }
  if (isFiltered) {
    const stopped = await pool.query<{ shard: number; seq: bigint; at: Date }>(SCAN_ENDS, [...start, SCAN_SIZE_MAX]);
    for (const { shard, seq, at } of stopped.rows) {
      const part = shards.get(shard);
      if (!part || (from !== null && at.getTime() < from.getTime() - CLOCK_STEP_MS_MAX)) continue;
      part.end = Number(seq);
      part.hasMore = true;
    }
  }
  return mergeShards(shards, { limit, newestFirst: true });
}

function toView(row: LineRow, scale: number): TransferView {
  return {
    id: `trf_${row.shard}-${row.seq}`,
    at: row.at.toISOString(),
    reason: row.reason,
    order_id: formatId('order', row.order_id),
    direction: row.is_debit ? 'debit' : 'credit',
    amount: formatAmount(row.amount, scale),
    counterparty_purpose: row.purpose,
  };
}
