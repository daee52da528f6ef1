import type { LoanFundingView } from '@millrace/contract';
import type pg from 'pg';
import { type Caller, seesAll } from '../../core/caller.ts';
import { formatId } from '../../core/ids.ts';
import { formatAmount } from '../../core/money.ts';
import type { Page, Result } from '../../core/result.ts';
import { readRow } from '../kit/index.ts';
import type { LogReaders } from '../readers.ts';
import { aliasOf, escrowOf, loans } from './rows.ts';

const NUMBERS = 'select user_id, number from loan_stakes where loan_id = $1::uuid and user_id = any($2::uuid[])';

/**
 * A loan's investments, newest first, as they were when the first page was read: the statement of its escrow account.
 * undefined where there is no such loan. Investors have aliases; only operators see who they are. Of a loan that was not funded
 * a page may hold less than `limit` and still say that there is more.
 *
 * @returns or one of the problems invalid_cursor, not_ready.
 */
export async function listFundings(
  { pool, readers }: { pool: pg.Pool; readers: Pick<LogReaders, 'lines'> },
  caller: Caller,
  loanId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Result<Page<LoanFundingView>> | undefined> {
  const loan = await readRow(pool, loans, loanId);
  if (!loan) return undefined;
  // The payout is the one line of a funded loan's escrow that is no investment; one that was not has refunds before them all.
  const isOver = loan.status === 'expired' || loan.status === 'closed';
  const page = await readers.lines(escrowOf(loanId, loan.asset), {
    list: `fundings/${loanId}`,
    reason: 'loan_funding',
    limit,
    cursor,
    ...(!isOver && { scanSize: limit + 2 }),
  });
  if (!page.ok) return page;
  const lines = page.value.data;
  const numbers = await numbersOf(pool, loanId, [...new Set(lines.map(({ ownerId }) => ownerId))]);
  const data = lines.map(({ at, amount, ownerId }) => {
    const own = ownerId === caller.actingFor;
    const alias = aliasOf(numbers.get(ownerId) as number);
    return {
      at: at.toISOString(),
      amount: formatAmount(amount, loan.scale),
      investor: own ? 'you' : alias,
      alias,
      own,
      ...(seesAll(caller) && { user_id: formatId('user', ownerId) }),
    };
  });
  return { ok: true, value: { ...page.value, data } };
}

async function numbersOf(pool: pg.Pool, loanId: string, userIds: string[]): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ user_id: string; number: number }>(NUMBERS, [loanId, userIds]);
  return new Map(rows.map(({ user_id, number }) => [user_id, number]));
}
