import type { DESK_TOTALS, WireInstallationTotals, WireOverview } from '@millrace/contract';
import type pg from 'pg';
import type { Clock } from '../core/clock.ts';
import { type Asset, formatAmount } from '../core/money.ts';
import { DESKS } from '../desks/index.ts';
import type { DeskModule } from '../desks/module.ts';
import type { Counted } from '../desks/read-models.ts';
import { isCounted, isSummed } from './rollups.ts';

type OrderNumbers = Pick<WireOverview['orders'], 'last_hour' | 'by_kind'>;

/**
 * Numbers of the whole installation, out of the rollups. Only what is not final is counted over orders, by the indexes of
 * what waits: the rollups know that an order came to be pending, and not that it is no longer.
 */
export interface InstallationNumbers {
  totals(): Promise<Omit<WireInstallationTotals, 'orders_per_second'>>;
  /**
   * Each of the last 60 minutes, the current one last; and the last 24 hours by kind. An order counts once, by the status
   * that it has now: in the minute in which it came to it, or was placed where it still waits.
   */
  orders(): Promise<OrderNumbers>;
}

const COUNTS = `
select type, sum(count)::float8 as count, sum(opened)::float8 as opened from event_counts group by type`;
const MOVED = `
select reason, sum(amount)::text as amount from transfer_totals where asset = $1::text group by reason`;
const USERS = 'select count(*)::float8 as users from users';

// By shard, so that the primary key leads to the minutes that are asked for.
const COUNTED_SINCE = `
from shards s join event_counts c on c.shard = s.id and c.grain = 'minute' and c.at >= $1::timestamptz
where c.type = 'order_processed'`;
const BY_MINUTE = `
select c.at, c.status, sum(c.count)::float8 as count ${COUNTED_SINCE} group by c.at, c.status`;
const BY_KIND = `
select c.kind, c.status, sum(c.count)::float8 as count, sum(c.opened)::float8 as opened ${COUNTED_SINCE} group by c.kind, c.status`;

/** Orders that wait, and those that failed and were not retried with success; each once. */
const UNFINISHED = `
select date_trunc('minute', u.at, 'UTC') as at, u.kind, u.status, count(*)::float8 as count
from (
  select o.id, o.kind, o.status, o.created_at as at from orders o
  where o.status in ('pending', 'open') and o.created_at >= $1::timestamptz and o.visible
  union
  select o.id, o.kind, o.status, o.updated_at from dead_letters d join orders o on o.id = d.order_id
  where d.created_at >= $1::timestamptz and o.status = 'failed' and o.visible
) as u where u.at >= $1::timestamptz group by 1, 2, 3`;
const MINUTE_MS = 60_000;
const MINUTES = 60;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What is counted may take a twentieth of the time, so that much of it costs no more than little. */
const REST_FACTOR = 20;

export function createInstallationNumbers({
  pool,
  clock,
  currency,
}: {
  pool: pg.Pool;
  clock: Clock;
  currency: Asset;
}): InstallationNumbers {
  // Users are no events.
  const countUsers = paced(async () => (await pool.query<{ users: number }>(USERS)).rows[0]?.users ?? 0);
  const readUnfinished = paced(
    async () => (await pool.query<UnfinishedRow>(UNFINISHED, [new Date(clock.now() - DAY_MS)])).rows,
  );
  return {
    async totals() {
      const counts = await pool.query<{ type: string; count: number; opened: number }>(COUNTS);
      const sums = await pool.query<{ reason: string; amount: string }>(MOVED, [currency.code]);
      const byType = new Map(counts.rows.map((row) => [row.type, row]));
      const byReason = new Map(sums.rows.map(({ reason, amount }) => [reason, BigInt(amount)]));
      const counted: Counted = {
        events(type) {
          if (!isCounted(type)) throw new Error(`no desk has said that ${type} is counted`);
          return byType.get(type)?.count ?? 0;
        },
        moved(reason) {
          if (!isSummed(reason)) throw new Error(`no desk has said that ${reason} is summed`);
          return byReason.get(reason) ?? 0n;
        },
        amount: (minor) => formatAmount(minor, currency.scale),
      };
      const ofDesks = DESKS.map(({ totals }: DeskModule) => totals?.of(counted) ?? {});
      return {
        users: await countUsers(),
        ...(Object.assign({}, ...ofDesks) as Pick<WireInstallationTotals, keyof typeof DESK_TOTALS>),
        orders: byType.get('order_processed')?.opened ?? 0,
      };
    },
    async orders() {
      const now = clock.now();
      const first = Math.floor(now / MINUTE_MS) * MINUTE_MS - (MINUTES - 1) * MINUTE_MS;
      const minutes = await pool.query<{ at: Date; status: string; count: number }>(BY_MINUTE, [new Date(first)]);
      const kinds = await pool.query<KindRow>(BY_KIND, [new Date(now - DAY_MS)]);
      const unfinished = await readUnfinished();
      const last_hour = Array.from({ length: MINUTES }, (_, index) => {
        const at = first + index * MINUTE_MS;
        const isOf = (row: { at: Date; status: string }, status: string): boolean =>
          row.at.getTime() === at && row.status === status;
        const came = (status: string): number => minutes.rows.find((row) => isOf(row, status))?.count ?? 0;
        const stands = (status: string): number => sumOf(unfinished.filter((row) => isOf(row, status)));
        return {
          minute: new Date(at).toISOString(),
          completed: came('completed'),
          rejected: came('rejected'),
          failed: stands('failed'),
          pending: stands('pending'),
          open: stands('open'),
          canceled: came('canceled'),
        };
      });
      return { last_hour, by_kind: byKind(kinds.rows, unfinished) };
    },
  };
}

interface UnfinishedRow {
  at: Date;
  kind: string;
  status: string;
  count: number;
}

const sumOf = (rows: readonly { count: number }[]): number => rows.reduce((sum, { count }) => sum + count, 0);

interface KindRow {
  kind: string;
  status: string;
  count: number;
  opened: number;
}

function byKind(rows: readonly KindRow[], unfinished: readonly UnfinishedRow[]): OrderNumbers['by_kind'] {
  return [...Map.groupBy(rows, ({ kind }) => kind)]
    .map(([kind, own]) => {
      const of = (status: string): number => own.find((row) => row.status === status)?.count ?? 0;
      return {
        kind,
        completed: of('completed'),
        rejected: of('rejected'),
        failed: sumOf(unfinished.filter((row) => row.kind === kind && row.status === 'failed')),
        canceled: of('canceled'),
        opened: own.reduce((sum, row) => sum + row.opened, 0),
      };
    })
    .sort((a, b) => b.opened - a.opened || a.kind.localeCompare(b.kind));
}

/** Reads again when that is due; the first answer is waited for, later ones are as old as the pace says. */
function paced<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let last: { value: Value } | undefined;
  let nextAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const started = performance.now();
    if (last && started < nextAt) return last.value;
    last = { value: await read() };
    const ended = performance.now();
    nextAt = ended + (ended - started) * REST_FACTOR;
    return last.value;
  };
}
