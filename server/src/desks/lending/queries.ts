import type { LoanDetailView, LoanProjectionView, LoanView, Role, Scope } from '@millrace/contract';
import type pg from 'pg';
import { seesAll } from '../../core/caller.ts';
import { type Clock, dateOf } from '../../core/clock.ts';
import { formatId } from '../../core/ids.ts';
import type { Page, Result } from '../../core/result.ts';
import { type LoanFilter, listLoans } from './loan-list.ts';
import { projectInvestment } from './projection.ts';
import { installments, type LoanRow, loans, noteAssetOf } from './rows.ts';
import { type LendingOptions, lendingSettings } from './settings.ts';
import { installmentView, loanView, projectedSchedule, shareView } from './views.ts';

/** Who is looking: as much of intake's Caller as a view depends on. */
export interface LoanReader {
  role: Role;
  scopes: ReadonlySet<Scope>;
  actingFor: string;
}

/** What readers may ask about loans. Never writes; sees only what is committed. */
export interface LendingQueries {
  /** Errors: `invalid_cursor`. Loans are public: every caller sees the same list. */
  list(caller: LoanReader, filter: LoanFilter): Promise<Result<Page<LoanView>>>;
  /** undefined where there is no such loan. The borrower is shown to operators and to the borrower only. */
  get(caller: LoanReader, loanId: string): Promise<LoanDetailView | undefined>;
  /**
   * What the caller's part of each instalment would be if they put in so much now and the loan were fully funded today;
   * undefined where there is no such loan. Errors: `loan_not_open`, `invalid_amount` (none, or more than is still open).
   */
  project(caller: LoanReader, loanId: string, amount: string): Promise<Result<LoanProjectionView> | undefined>;
}

/** The settings as for the desk. */
export interface LendingQueriesOptions extends LendingOptions {
  pool: pg.Pool;
  clock: Clock;
}

export function createLendingQueries({ pool, clock, ...options }: LendingQueriesOptions): LendingQueries {
  const settings = lendingSettings(options);
  return {
    list: (_caller, filter) => listLoans(pool, filter),
    get: (caller, loanId) => get(pool, clock, caller, loanId),
    project: ({ actingFor }, loanId, amount) =>
      projectInvestment(pool, settings, { userId: actingFor, loanId, amount, at: clock.now() }),
  };
}

async function get(
  pool: pg.Pool,
  clock: Clock,
  caller: LoanReader,
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
