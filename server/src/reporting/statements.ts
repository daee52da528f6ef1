import type { PeriodBalancesView, TransferReason, WireTransfer } from '@millrace/contract';
import type pg from 'pg';
import { type Caller, seesAll } from '../core/caller.ts';
import { formatId } from '../core/ids.ts';
import { ofUsers, wholeAccountId } from '../ledger/index.ts';
import { type Line, readLines, thingsOf } from './account-lines.ts';
import type { IndexProjection } from './index-projection.ts';
import { invalidCursor } from '../core/list-cursor.ts';
import { formatAmount } from '../core/money.ts';
import { type Page, problem, type Result } from '../core/result.ts';
import { encodePlace, keptIn, readPlace } from './newest-first.ts';
import { periodOf } from './period.ts';
import { balanceBefore, balancesOfPeriod, runningBalances } from './running-balance.ts';

export interface StatementOptions {
  /** 1 to 200. */
  limit: number;
  cursor?: string | undefined;
  /** RFC 3339; `from` is included, `to` is not. */
  from?: string | undefined;
  to?: string | undefined;
  reason?: TransferReason | undefined;
  direction?: 'debit' | 'credit' | undefined;
}

export interface StatementQueries {
  /**
   * An account's transfers, newest first, as they were when its first page was read; undefined where the account is
   * not the caller's (operators may read every one). A page of a period, or of one reason or direction, may hold less
   * than `limit` and still say that there is more.
   *
   * @returns or one of the problems invalid_request (a time that is none), invalid_cursor, not_ready.
   */
  statement(
    caller: Caller,
    accountId: string,
    options: StatementOptions,
  ): Promise<Result<Page<WireTransfer>> | undefined>;
  /** An account's balance before a period and after it. Otherwise as `statement`. */
  balances(
    caller: Caller,
    accountId: string,
    period: Pick<StatementOptions, 'from' | 'to'>,
  ): Promise<Result<PeriodBalancesView> | undefined>;
}

const FIND = `
select a.id, s.code as asset, s.scale from accounts a join assets s on s.code = a.asset
where a.id = ${wholeAccountId('$1')} and ($3::boolean or a.owner_id = $2::uuid and ${ofUsers('a')})`;

interface Found {
  id: string;
  asset: string;
  scale: number;
}

export function createStatementQueries({
  pool,
  projection,
}: {
  pool: pg.Pool;
  projection: IndexProjection;
}): StatementQueries {
  const find = async (caller: Caller, accountId: string): Promise<Found | undefined> =>
    (await pool.query<Found>(FIND, [accountId, caller.actingFor, seesAll(caller)])).rows[0];
  return {
    async statement(caller, accountId, options) {
      const found = await find(caller, accountId);
      if (!found) return undefined;
      const period = periodOf(options);
      if (!period.ok) return period;
      const list = `transfers/${found.id}`;
      const place = await readPlace(projection, { list, log: 'transferSeq', cursor: options.cursor });
      if (!place.ok) return place;
      const kept = keptIn(list, options.cursor);
      // At a place that was made up the balance would have to be summed up from there on: any number of lines.
      if (options.cursor !== undefined && kept === undefined) return invalidCursor();
      const account = { id: found.id, place: place.value };
      const filter = { ...period.value, reason: options.reason, direction: options.direction };
      const page = await readLines(pool, account, filter, { limit: options.limit });
      const balance = kept ?? (await balanceBefore(pool, account));
      const { after, rest } = await runningBalances(pool, { ...account, balance }, filter, page);
      return {
        ok: true,
        value: {
          data: page.data.map((line) => toView(line, after(line), found.scale)),
          has_more: page.hasMore,
          next_cursor: page.hasMore ? encodePlace(list, page.reached, rest) : null,
        },
      };
    },
    async balances(caller, accountId, options) {
      const found = await find(caller, accountId);
      if (!found) return undefined;
      const period = periodOf(options);
      if (!period.ok) return period;
      const { from, to } = period.value;
      if (from && to && from > to) {
        const errors = [{ pointer: '/to', detail: 'must not be before from' }];
        return problem('invalid_request', 'The period ends before it begins.', { errors });
      }
      const place = await readPlace(projection, { list: '', log: 'transferSeq', cursor: undefined });
      if (!place.ok) return place;
      const { opening, closing } = await balancesOfPeriod(pool, { id: found.id, place: place.value }, period.value);
      const { asset, scale } = found;
      return {
        ok: true,
        value: { asset, opening: formatAmount(opening, scale), closing: formatAmount(closing, scale) },
      };
    },
  };
}

function toView({ row }: Line, balance: bigint, scale: number): WireTransfer {
  return {
    id: `trf_${row.shard}-${row.seq}`,
    at: row.at.toISOString(),
    reason: row.reason,
    order_id: formatId('order', row.order_id),
    direction: row.is_debit ? 'debit' : 'credit',
    amount: formatAmount(row.amount, scale),
    balance: formatAmount(balance, scale),
    counterparty_purpose: row.purpose,
    ...thingsOf(row),
  };
}
