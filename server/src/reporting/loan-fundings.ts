import type { LoanFundingView } from '@millrace/contract';
import type pg from 'pg';
import { type Caller, seesAll } from '../core/caller.ts';
import { formatId } from '../core/ids.ts';
import { formatAmount } from '../core/money.ts';
import type { Page, Result } from '../core/result.ts';
import { aliasOf } from '../desks/lending/index.ts';
import { type AccountIds, escrowOf } from '../ledger/index.ts';
import { readLines } from './account-lines.ts';
import type { IndexProjection } from './index-projection.ts';
import { SCAN_SIZE_MAX } from './list-cursor.ts';
import { encodePlace, readPlace } from './newest-first.ts';

export interface LoanFundingQueries {
  /**
   * A loan's investments, newest first, as they were when the first page was read: the statement of its escrow account.
   * undefined where there is no such loan. Investors have aliases; only operators see who they are. Of a loan that was not funded
   * a page may hold less than `limit` and still say that there is more.
   *
   * @returns or one of the problems invalid_cursor, not_ready.
   */
  fundings(
    caller: Caller,
    loanId: string,
    options: { limit: number; cursor?: string | undefined },
  ): Promise<Result<Page<LoanFundingView>> | undefined>;
}

const FIND = 'select l.asset, l.status, a.scale from loans l join assets a on a.code = l.asset where l.id = $1::uuid';
const NUMBERS = 'select user_id, number from loan_stakes where loan_id = $1::uuid and user_id = any($2::uuid[])';

interface LoanRow {
  asset: string;
  status: string;
  scale: number;
}

export function createLoanFundingQueries({
  pool,
  projection,
  accountIds,
}: {
  pool: pg.Pool;
  projection: IndexProjection;
  accountIds: AccountIds;
}): LoanFundingQueries {
  return {
    async fundings(caller, loanId, { limit, cursor }) {
      const loan = (await pool.query<LoanRow>(FIND, [loanId])).rows[0];
      if (!loan) return undefined;
      const list = `fundings/${loanId}`;
      const place = await readPlace(projection, { list, log: 'transferSeq', cursor });
      if (!place.ok) return place;
      // The payout is the one line of a funded loan's escrow that is no investment; one that was not has refunds before them all.
      const scanSize = loan.status === 'expired' || loan.status === 'closed' ? SCAN_SIZE_MAX : limit + 2;
      const account = { id: accountIds(escrowOf(loanId, loan.asset)), place: place.value };
      const page = await readLines(pool, account, { reason: 'loan_funding' }, { limit, scanSize });
      const lines = page.data.map(({ row }) => row);
      const numbers = await numbersOf(pool, loanId, [...new Set(lines.map(({ owner_id }) => owner_id))]);
      const data = lines.map(({ at, amount, owner_id }) => {
        const own = owner_id === caller.actingFor;
        const alias = aliasOf(numbers.get(owner_id) as number);
        return {
          at: at.toISOString(),
          amount: formatAmount(amount, loan.scale),
          investor: own ? 'you' : alias,
          alias,
          own,
          ...(seesAll(caller) && { user_id: formatId('user', owner_id) }),
        };
      });
      const next = page.hasMore ? encodePlace(list, page.reached) : null;
      return { ok: true, value: { data, has_more: page.hasMore, next_cursor: next } };
    },
  };
}

async function numbersOf(pool: pg.Pool, loanId: string, userIds: string[]): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ user_id: string; number: number }>(NUMBERS, [loanId, userIds]);
  return new Map(rows.map(({ user_id, number }) => [user_id, number]));
}
