import type pg from 'pg';
import { CLOCK_STEP_MS_MAX, isFiltered, type Line, type LineFilter, SCAN } from './account-lines.ts';
import { SCAN_SIZE_MAX } from '../core/list-cursor.ts';
import { TRANSFERS_OF_ACCOUNT } from '../ledger/index.ts';
import { firstSeqAt } from './log-times.ts';
import { type MergedPage, mergeShards } from './merge.ts';
import { emptyPage, type Place } from './newest-first.ts';

/** What a transfer `t` did to the account `$1`. */
const MOVED = 'case when t.debit_account_id = $1::uuid then -t.amount else t.amount end';

/** Before the place. What was committed since is little, and need not be indexed yet. */
const BALANCE_BEFORE = `
select (a.balance - coalesce((
  select sum(${MOVED}) from unnest($2::smallint[], $3::bigint[]) as r (shard, before)
  join ${TRANSFERS_OF_ACCOUNT} t on t.shard = r.shard and t.seq >= r.before and $1::uuid in (t.debit_account_id, t.credit_account_id)
), 0))::text as balance
from whole_accounts a where a.id = $1::uuid`;

/** Every line that a page of a filtered statement looks at: those that it leaves out moved the balance too. */
const MOVES = `
select t.shard, t.seq, t.at, t.moved
from unnest($2::smallint[], $3::bigint[]) as r (shard, before)
cross join lateral (
  select t.shard, t.seq, t.at, ${MOVED} as moved
  from (${SCAN}) as scanned join ${TRANSFERS_OF_ACCOUNT} t on t.shard = r.shard and t.seq = scanned.seq
) as t
order by t.shard, t.seq desc`;

/** What the lines before the place did at `$4` or later, and at `$5` or later: as many are read as there are since then. */
const MOVED_SINCE = `
select coalesce(sum(${MOVED}) filter (where t.at >= $4::timestamptz), 0)::text as since_from,
  coalesce(sum(${MOVED}) filter (where t.at >= $5::timestamptz), 0)::text as since_to
from unnest($2::smallint[], $3::bigint[]) as r (shard, before)
cross join lateral (
  select ${firstSeqAt('transfers', `(least($4::timestamptz, $5::timestamptz) - interval '${CLOCK_STEP_MS_MAX} milliseconds')`)} as seq
) as first
join account_lines p on p.account_id = $1::uuid and p.shard = r.shard and p.first_seq < r.before
  and p.first_seq >= coalesce((
    select max(q.first_seq) from account_lines q
    where q.account_id = $1::uuid and q.shard = r.shard and q.first_seq <= first.seq), 0)
cross join lateral unnest(p.seqs) as entry (seq)
join ${TRANSFERS_OF_ACCOUNT} t on t.shard = r.shard and t.seq = entry.seq
where entry.seq < r.before`;

interface Account {
  id: string;
  place: Place;
}

interface Move {
  shard: number;
  seq: number;
  atMs: number;
  moved: bigint;
}

/** The account's balance when everything before the place had happened, in minor units. */
export async function balanceBefore(pool: pg.Pool, { id, place }: Account): Promise<bigint> {
  const { rows } = await pool.query<{ balance: string }>(BALANCE_BEFORE, [id, [...place.keys()], [...place.values()]]);
  return BigInt(rows[0]?.balance ?? 0);
}

export interface RunningBalances {
  /** After a line of the page. */
  after(line: Line): bigint;
  /** Before everything on the page, and what it left out: where the next page begins. */
  rest: bigint;
}

/**
 * The balance after each line of a page, from the balance before the page's place down: so a page costs what it looks at,
 * however long the statement is.
 */
export async function runningBalances(
  pool: pg.Pool,
  account: Account & { balance: bigint },
  filter: LineFilter,
  page: MergedPage<Line>,
): Promise<RunningBalances> {
  const moves = isFiltered(filter) ? await readMoves(pool, account) : page.data.map(moveOf);
  const balances = new Map<string, bigint>();
  let balance = account.balance;
  let rest = account.balance;
  for (const { shard, seq, moved } of moves) {
    balances.set(`${shard}-${seq}`, balance);
    balance -= moved;
    if (seq >= (page.reached.get(shard) ?? 0)) rest -= moved;
  }
  return { after: ({ shard, seq }) => balances.get(`${shard}-${seq}`) ?? account.balance, rest };
}

function moveOf({ shard, seq, atMs, row }: Line): Move {
  return { shard, seq, atMs, moved: row.is_debit ? -row.amount : row.amount };
}

async function readMoves(pool: pg.Pool, { id, place }: Account): Promise<Move[]> {
  const start = [id, [...place.keys()], [...place.values()], SCAN_SIZE_MAX];
  const { rows } = await pool.query<{ shard: number; seq: bigint; at: Date; moved: bigint }>(MOVES, start);
  const shards = emptyPage<Move>(place);
  for (const { shard, seq, at, moved } of rows)
    shards.get(shard)?.rows.push({ shard, seq: Number(seq), atMs: at.getTime(), moved });
  return mergeShards(shards, { limit: Number.POSITIVE_INFINITY, newestFirst: true }).data;
}

/** The balance before a period and after it, in minor units; an account begins with nothing. */
export async function balancesOfPeriod(
  pool: pg.Pool,
  account: Account,
  { from, to }: { from: Date | null; to: Date | null },
): Promise<{ opening: bigint; closing: bigint }> {
  const now = await balanceBefore(pool, account);
  if (from === null && to === null) return { opening: 0n, closing: now };
  const start = [account.id, [...account.place.keys()], [...account.place.values()], from, to];
  const { rows } = await pool.query<{ since_from: string; since_to: string }>(MOVED_SINCE, start);
  const { since_from, since_to } = rows[0] ?? { since_from: 0, since_to: 0 };
  return { opening: from === null ? 0n : now - BigInt(since_from), closing: now - BigInt(since_to) };
}
