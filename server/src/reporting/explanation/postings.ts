import { EXPLANATION_ENTRIES_MAX, type OrderExplanationView } from '@millrace/contract';
import type pg from 'pg';
import { formatId } from '../../core/ids.ts';
import { formatAmount } from '../../core/money.ts';
import { holdOf, ofUsers, sideFor } from '../../ledger/index.ts';
import { firstSeqAt } from '../log-times.ts';

/**
 * Transfers of one moment that are looked at for those of an order: ten batches of a thousand commands with two each,
 * all of one millisecond.
 */
const SCAN_MAX = 20_000;

/** Moments of one order that are looked at: it is decided once, retried and settled a few times. */
const MOMENTS_MAX = 16;

/** A moment at which an order was decided: transfers carry their command's time, as its events do. */
export interface Moment {
  shard: number;
  at: Date;
}

/**
 * Transfers have no index by order, since the order path would have to write it. An order's events say when and in which
 * shard it was decided, and that finds its transfers in the log. The limit within keeps the planner from reading all of it.
 */
const POSTINGS = `
select t.shard, t.seq, t.at, t.amount, t.reason, s.scale, d.asset,
  coalesce(dp.account_id, d.id) as debit_id, d.owner_id as debit_owner, d.purpose as debit_purpose,
  coalesce(cp.account_id, c.id) as credit_id, c.owner_id as credit_owner, c.purpose as credit_purpose
from unnest($1::smallint[], $2::timestamptz[]) as r (shard, at)
cross join lateral ${firstSeqAt('transfers', 'r.at')} as start (seq)
cross join lateral ${firstSeqAt('transfers', "(r.at + interval '1 millisecond')")} as behind (seq)
cross join lateral (
  select f.* from (
    select * from transfers u where u.shard = r.shard and u.seq >= start.seq and u.seq < behind.seq
    order by u.seq limit ${SCAN_MAX}
  ) as f
  where f.order_id = any ($3::uuid[])
) as t
join accounts d on d.id = t.debit_account_id
join accounts c on c.id = t.credit_account_id
join assets s on s.code = d.asset
left join account_parts dp on dp.id = d.id
left join account_parts cp on cp.id = c.id
where $4::uuid is null or ($4::uuid = d.owner_id and ${ofUsers('d')}) or ($4::uuid = c.owner_id and ${ofUsers('c')})
order by t.at, t.shard, t.seq limit ${EXPLANATION_ENTRIES_MAX + 1}`;

const HOLDS = `
select h.account_id, h.amount, h.captured, h.released, h.updated_at, a.asset, s.scale
from holds h join accounts a on a.id = h.account_id join assets s on s.code = a.asset where h.id = $1::uuid`;

interface PostingRow {
  shard: number;
  seq: bigint;
  at: Date;
  amount: bigint;
  reason: string;
  scale: number;
  asset: string;
  debit_id: string;
  debit_owner: string;
  debit_purpose: string;
  credit_id: string;
  credit_owner: string;
  credit_purpose: string;
}

interface HoldRow {
  account_id: string;
  amount: bigint;
  captured: bigint;
  released: bigint;
  updated_at: Date;
  asset: string;
  scale: number;
}

type Posting = OrderExplanationView['postings'][number];

/**
 * What orders moved. `onlyOf`: a user (bare UUID) who sees the postings of their own
 * accounts alone, and of the other side only the purpose; null: a reader who sees all.
 */
export async function readPostings(
  pool: pg.Pool,
  orderIds: readonly string[],
  { moments, onlyOf }: { moments: readonly Moment[]; onlyOf: string | null },
): Promise<{ postings: Posting[]; hasMore: boolean }> {
  const places = new Map(moments.map((moment) => [`${moment.shard} ${moment.at.getTime()}`, moment]));
  const asked = [...places.values()].slice(0, MOMENTS_MAX);
  const parameters = [asked.map(({ shard }) => shard), asked.map(({ at }) => at), orderIds, onlyOf];
  const { rows } = await pool.query<PostingRow>(POSTINGS, parameters);
  return {
    postings: rows.slice(0, EXPLANATION_ENTRIES_MAX).map((row) => toPosting(row, onlyOf)),
    hasMore: rows.length > EXPLANATION_ENTRIES_MAX || places.size > asked.length,
  };
}

/** The money that the order has set aside, or had. */
export async function readHolds(pool: pg.Pool, orderId: string): Promise<OrderExplanationView['holds']> {
  const { rows } = await pool.query<HoldRow>(HOLDS, [holdOf(orderId)]);
  return rows.map((row) => ({
    account: formatId('account', row.account_id),
    asset: row.asset,
    amount: formatAmount(row.amount, row.scale),
    captured: formatAmount(row.captured, row.scale),
    released: formatAmount(row.released, row.scale),
    state: stateOf(row),
    updated_at: row.updated_at.toISOString(),
  }));
}

function stateOf({ amount, captured, released }: HoldRow): 'held' | 'captured' | 'released' | 'settled' {
  if (captured + released < amount) return 'held';
  if (released === 0n) return 'captured';
  return captured === 0n ? 'released' : 'settled';
}

function toPosting(row: PostingRow, onlyOf: string | null): Posting {
  const { asset } = row;
  const debit = { id: row.debit_id, ownerId: row.debit_owner, purpose: row.debit_purpose, asset };
  const credit = { id: row.credit_id, ownerId: row.credit_owner, purpose: row.credit_purpose, asset };
  return {
    id: `trf_${row.shard}-${row.seq}`,
    at: row.at.toISOString(),
    debit: sideFor(debit, onlyOf),
    credit: sideFor(credit, onlyOf),
    amount: formatAmount(row.amount, row.scale),
    reason: row.reason,
  };
}
