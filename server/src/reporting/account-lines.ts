import type { TransferReason } from '@millrace/contract';
import type pg from 'pg';
import { PAGE_SIZE_MAX, SCAN_SIZE_MAX } from '../core/list-cursor.ts';
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

/** A withdrawal's money leaves by the command that settles it, which nobody can look up: the line is the withdrawal's. */
const WITHDRAWAL = `
select coalesce(substr(o.params->>'order_id', 5)::uuid, o.id) from orders o where o.id = t.order_id`;

/** Of the line `t` and the account `other` on its other side; an instalment's loan is in the order that moved it. */
const LOAN = `case
  when other.asset like 'loan:%' then substr(other.asset, 6)::uuid
  when other.purpose = 'escrow' then other.owner_id
  when t.reason in ('loan_funding', 'investment_refund', 'loan_disbursal') then (
    select own.owner_id from accounts own where own.id = $1::uuid and own.purpose = 'escrow')
  when t.reason in ('repayment_principal', 'repayment_interest', 'servicing_fee') then (
    select substr(o.params ->> 'loan_id', 6)::uuid from orders o where o.id = t.order_id)
end`;

const LINES = `
select t.shard, t.seq, t.at, t.reason,
  case t.reason when 'withdrawal' then (${WITHDRAWAL}) else t.order_id end as order_id, t.amount, t.debit_account_id = $1::uuid as is_debit,
  other.purpose, other.owner_id, l.id as loan_id, l.purpose as loan_purpose
from unnest($2::smallint[], $3::bigint[]) as r (shard, before)
cross join lateral (
  select u.* from (${SCAN}) as scanned
  join account_transfers u on u.shard = r.shard and u.seq = scanned.seq
  where ($5::timestamptz is null or u.at >= $5::timestamptz) and ($6::timestamptz is null or u.at < $6::timestamptz)
    and ($8::text is null or u.reason = $8) and ($9::boolean is null or (u.debit_account_id = $1::uuid) = $9)
  order by scanned.seq desc limit $7::integer
) as t
join accounts other on other.id = case when t.debit_account_id = $1::uuid then t.credit_account_id else t.debit_account_id end
left join loans l on l.id = (${LOAN})
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
  loan_id: string | null;
  loan_purpose: string | null;
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
