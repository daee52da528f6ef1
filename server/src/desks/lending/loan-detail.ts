import type { LoanDetailView } from '@millrace/contract';
import type pg from 'pg';
import { type Caller, seesAll } from '../../core/caller.ts';
import { type Clock, dateOf } from '../../core/clock.ts';
import { formatId } from '../../core/ids.ts';
import { installments, type LoanRow, loans, noteAssetOf } from './rows.ts';
import { installmentView, loanView, projectedSchedule, shareView } from './views.ts';

/**
 * A loan with its schedule and the caller's own part in it; undefined where there is no such loan. The borrower is shown to
 * operators and to the borrower only.
 */
export async function readLoan(
  { pool, clock }: { pool: pg.Pool; clock: Clock },
  caller: Caller,
  loanId: string,
): Promise<LoanDetailView | undefined> {
  const { rows } = await pool.query<{ invested: bigint | null; number: number | null; notes: string }>(
    `select ${loans.columnsOf('l')}, s.amount as invested, s.number, coalesce(n.balance, 0) as notes
from loans l
left join loan_stakes s on s.loan_id = l.id and s.user_id = $2::uuid
left join accounts n on n.owner_id = $2::uuid and n.purpose = 'notes' and n.asset = $3::text
where l.id = $1::uuid`,
    [loanId, caller.actingFor, noteAssetOf(loanId)],
  );
  const record = rows[0];
  if (!record) return undefined;
  const loan = loans.rowOf(record);
  const mayKnow = seesAll(caller) || caller.actingFor === loan.borrowerId;
  const projected = loan.status === 'open';
  return {
    ...loanView(loan),
    borrower_id: mayKnow ? formatId('user', loan.borrowerId) : null,
    projected,
    schedule: projected ? projectedSchedule(loan, clock.now()) : await schedule(pool, loan, clock.now()),
    own_share:
      record.invested === null
        ? null
        : shareView(loan, { ...record, invested: record.invested, notes: BigInt(record.notes) }),
  };
}

async function schedule(pool: pg.Pool, loan: LoanRow, nowMs: number): Promise<LoanDetailView['schedule']> {
  const { rows } = await pool.query<object>(
    `select ${installments.columnsOf('i')} from installments i where i.loan_id = $1::uuid order by i.number`,
    [loan.id],
  );
  const today = dateOf(nowMs);
  return rows.map((record) => installmentView(installments.rowOf(record), loan.scale, today));
}
