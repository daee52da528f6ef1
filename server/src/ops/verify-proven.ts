import type pg from 'pg';
import type { UnprovenRows } from './verify-check.ts';

/** What an incremental run builds on. */
export interface Basis {
  /** When the newest part of it was proven. */
  at: string;
  /** When everything was read for the last time. */
  full_at: string;
}

export interface Proven extends Basis {
  unproven: UnprovenRows;
}

/** Keys are committed in another order than they were made, by the time that an order may wait. */
const KEYS_OVERLAP = "interval '1 hour'";

// Without the index projection there is nothing that its part of the proof could be about.
const INDEXED = "left join consumers c on c.name = 'index' and c.shard = s.id";

/**
 * `is_whole`: the marks are still behind what is there. They are not where the read models are being rebuilt, a database
 * was restored over a newer one's marks, or retention has gone past them.
 */
const MARKS = `
select s.id as shard, p.event_seq, p.transfer_seq, p.at, p.full_at, p.keys_from::text,
  p.event_seq <= c.event_seq and p.transfer_seq <= c.transfer_seq and coalesce(r.event_seq, 0) <= p.event_seq as is_whole
from shards s left join proven p on p.shard = s.id ${INDEXED} left join retention r on r.shard = s.id
order by s.id`;

const NEW_MARKS = `
select s.id as shard, least(s.event_seq, coalesce(c.event_seq, 0)) as event_seq,
  least(s.transfer_seq, coalesce(c.transfer_seq, 0)) as transfer_seq
from shards s ${INDEXED} order by s.id`;

interface Mark {
  shard: number;
  event_seq: bigint;
  transfer_seq: bigint;
}

interface MarkRow extends Mark {
  at: Date | null;
  full_at: Date;
  keys_from: string;
  is_whole: boolean | null;
}

/** undefined where a run has to read everything. */
export async function readProven(client: pg.ClientBase): Promise<Proven | undefined> {
  const { rows } = await client.query<MarkRow>(MARKS);
  const [first] = rows;
  if (!first?.at || rows.some(({ is_whole }) => is_whole !== true)) return undefined;
  const keysFrom = first.keys_from;
  return {
    at: first.at.toISOString(),
    full_at: first.full_at.toISOString(),
    unproven: { ...beyond(rows), keys: (alias) => `${alias}.created_at >= '${keysFrom}'::timestamptz` },
  };
}

/** Nothing where there are no marks: a database that no server has opened has no shards. Numbers in the text, so that the planner sees how few rows are meant. */
function beyond(marks: readonly Mark[]): Pick<UnprovenRows, 'events' | 'transfers'> {
  const condition = (column: 'event_seq' | 'transfer_seq') => (alias: string, seq: string) =>
    `(${['false', ...marks.map((mark) => `(${alias}.shard = ${mark.shard} and ${seq} > ${mark[column]})`)].join(' or ')})`;
  const events = condition('event_seq');
  const transfers = condition('transfer_seq');
  return {
    events: (alias, seq = `${alias}.seq`) => events(alias, seq),
    transfers: (alias, seq = `${alias}.seq`) => transfers(alias, seq),
  };
}

const sumsOf = (which: string): string => `
select id, sum(amount) as sum from (
  select credit_account_id as id, amount from transfers t where ${which}
  union all select debit_account_id, -amount from transfers t where ${which}
) as sides group by id`;

const REMEMBER = `
insert into proven (shard, event_seq, transfer_seq, keys_from, at, full_at)
select s.id, least(s.event_seq, coalesce(c.event_seq, 0)), least(s.transfer_seq, coalesce(c.transfer_seq, 0)),
  coalesce((select max(created_at) - ${KEYS_OVERLAP} from idempotency_keys), '-infinity'), now(), coalesce($1::timestamptz, now())
from shards s ${INDEXED}
on conflict (shard) do update set event_seq = excluded.event_seq, transfer_seq = excluded.transfer_seq,
  keys_from = excluded.keys_from, at = excluded.at, full_at = excluded.full_at`;

/** Counts and totals are those of the index projection's cursor, which is where the marks stand. */
const REMEMBER_NUMBERS = `
delete from proven_counts; delete from proven_totals;
insert into proven_counts select shard, type, kind, status, sum(count), sum(opened) from event_counts group by shard, type, kind, status;
insert into proven_totals select shard, reason, asset, count, amount from transfer_totals`;

/** Writes down what a run without a violation has proven, in the run's own snapshot. */
export async function remember(client: pg.ClientBase, builtOn: Proven | undefined): Promise<void> {
  const { rows } = await client.query<Mark>(NEW_MARKS);
  const isLater = beyond(rows).transfers('t');
  if (builtOn) {
    await client.query(`insert into proven_balances (account_id, balance)
select id, sum from (${sumsOf(`${builtOn.unproven.transfers('t')} and not ${isLater}`)}) as added
on conflict (account_id) do update set balance = proven_balances.balance + excluded.balance`);
  } else {
    await client.query(`delete from proven_balances; insert into proven_balances (account_id, balance)
select a.id, a.balance - coalesce(later.sum, 0) from accounts a left join (${sumsOf(isLater)}) as later on later.id = a.id`);
  }
  await client.query(REMEMBER_NUMBERS);
  await client.query(REMEMBER, [builtOn?.full_at ?? null]);
}

/** Something that was proven is not so any more: the next run reads everything. */
export async function forget(client: pg.ClientBase): Promise<void> {
  await client.query('delete from proven');
}
