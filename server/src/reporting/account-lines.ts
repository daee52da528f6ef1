import type { DESK_LINES as DESK_FIELDS, TransferReason, WireTransfer } from '@millrace/contract';
import type pg from 'pg';
import { PAGE_SIZE_MAX, SCAN_SIZE_MAX } from '../core/list-cursor.ts';
import { DESKS } from '../desks/index.ts';
import type { DeskModule } from '../desks/module.ts';
import type { LineField } from '../desks/read-models.ts';
import { TRANSFERS_OF_ACCOUNT } from '../ledger/index.ts';
import { type MergedPage, mergeShards } from './merge.ts';
import { emptyPage, type Place } from './newest-first.ts';
import { ACCOUNT_LINES, newestEntries } from './packed-rows.ts';

/**
 * How far the times in a shard's log may step back, when the clock of the machine was set: a reader of a period stops
 * at the first line that is older than its beginning by more than this.
 */
export const CLOCK_STEP_MS_MAX = 86_400_000;

/** An account's lines before a place, newest first: see `newestEntries`. */
export const SCAN = newestEntries(ACCOUNT_LINES, '$4');

const DESK_LINES = DESKS.flatMap(({ lines }: DeskModule) => lines ?? []);
const ORDERS = DESK_LINES.flatMap(({ orders = {} }) => Object.entries(orders));
const FIELDS = DESK_LINES.flatMap(({ fields = {} }) => Object.entries<LineField<unknown>>(fields));

/** The order that a line `t` belongs to. */
const ORDER_ID =
  ORDERS.length === 0
    ? 't.order_id'
    : `case t.reason ${ORDERS.map(([reason, sql]) => `when '${reason}' then (${sql})`).join(' ')} else t.order_id end`;
/** What it is about, by field; null where it is about no such thing. */
const THINGS = FIELDS.map(
  ([field], index) => `, case when thing_${index}.id is not null then to_jsonb(thing_${index}) end as "${field}"`,
);
const JOINS = FIELDS.map(
  ([, { thingsSql, subjectSql }], index) =>
    `left join (${thingsSql}) as thing_${index} on thing_${index}.id = (${subjectSql})`,
);

const LINES = `
select t.shard, t.seq, t.at, t.reason,
  ${ORDER_ID} as order_id, t.amount, t.debit_account_id = $1::uuid as is_debit,
  other.purpose, other.owner_id${THINGS.join('')}
from unnest($2::smallint[], $3::bigint[]) as r (shard, before)
cross join lateral (
  select u.* from (${SCAN}) as scanned
  join ${TRANSFERS_OF_ACCOUNT} u on u.shard = r.shard and u.seq = scanned.seq
  where ($5::timestamptz is null or u.at >= $5::timestamptz) and ($6::timestamptz is null or u.at < $6::timestamptz)
    and ($8::text is null or u.reason = $8) and ($9::boolean is null or (u.debit_account_id = $1::uuid) = $9)
  order by scanned.seq desc limit $7::integer
) as t
join accounts other on other.id = case when t.debit_account_id = $1::uuid then t.credit_account_id else t.debit_account_id end
${JOINS.join('\n')}
order by t.shard, t.seq desc`;

/** The last of the lines that one page may look at, for each shard that has so many. */
const SCAN_ENDS = `
select r.shard, last.seq, t.at
from unnest($2::smallint[], $3::bigint[]) as r (shard, before)
cross join lateral (select seq from (${SCAN}) as scanned order by seq desc offset $4::integer - 1 limit 1) as last
join transfers t on t.shard = r.shard and t.seq = last.seq`;

export interface LineRow {
  shard: number;
  seq: bigint;
  at: Date;
  reason: TransferReason;
  order_id: string;
  amount: bigint;
  is_debit: boolean;
  /** Of the account on the other side. */
  purpose: string;
  owner_id: string;
}

/** What a line is about: the fields that desks have declared. */
export function thingsOf(row: LineRow): Pick<WireTransfer, keyof typeof DESK_FIELDS> {
  const things = row as unknown as Readonly<Record<string, unknown>>;
  const fields = FIELDS.map(([field, { view }]) => [
    field,
    things[field] === null ? null : view(things[field] as never),
  ]);
  return Object.fromEntries(fields) as Pick<WireTransfer, keyof typeof DESK_FIELDS>;
}

export interface Line {
  shard: number;
  seq: number;
  atMs: number;
  row: LineRow;
}

export interface LineFilter {
  from?: Date | null;
  /** Not included. */
  to?: Date | null;
  reason?: TransferReason | undefined;
  direction?: 'debit' | 'credit' | undefined;
}

export interface LinePage {
  /** Of this no more than PAGE_SIZE_MAX. */
  limit: number;
  /** How many lines to look at, where not all of them fit the filter. Default SCAN_SIZE_MAX. */
  scanSize?: number;
}

/** Whether lines are left out: then a page looks at more than it shows. */
export function isFiltered({ from = null, to = null, reason, direction }: LineFilter): boolean {
  return from !== null || to !== null || reason !== undefined || direction !== undefined;
}

/** An account's transfers before the place, newest first. */
export async function readLines(
  pool: pg.Pool,
  account: { id: string; place: Place },
  { from = null, to = null, reason, direction }: LineFilter,
  { limit: asked, scanSize = SCAN_SIZE_MAX }: LinePage,
): Promise<MergedPage<Line>> {
  const limit = Math.min(asked, PAGE_SIZE_MAX);
  const filtered = isFiltered({ from, to, reason, direction });
  const start = [account.id, [...account.place.keys()], [...account.place.values()]];
  const size = filtered ? scanSize : limit + 1;
  const isDebit = direction === undefined ? null : direction === 'debit';
  const { rows } = await pool.query<LineRow>(LINES, [...start, size, from, to, limit + 1, reason, isDebit]);
  const shards = emptyPage<Line>(account.place);
  for (const row of rows) {
    shards.get(row.shard)?.rows.push({ shard: row.shard, seq: Number(row.seq), atMs: row.at.getTime(), row });
  }
  if (filtered) {
    const stopped = await pool.query<{ shard: number; seq: bigint; at: Date }>(SCAN_ENDS, [...start, size]);
    for (const { shard, seq, at } of stopped.rows) {
      const part = shards.get(shard);
      if (!part || (from !== null && at.getTime() < from.getTime() - CLOCK_STEP_MS_MAX)) continue;
      part.end = Number(seq);
      part.hasMore = true;
    }
  }
  return mergeShards(shards, { limit, newestFirst: true });
}
