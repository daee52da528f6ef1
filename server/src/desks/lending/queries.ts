import type { LoanDetailView, LoanSortName, LoanStatusName, LoanView, Role, Scope } from '@millrace/contract';
import type pg from 'pg';
import { type Clock, dateOf } from '../../core/clock.ts';
import { formatId, isUuid } from '../../core/ids.ts';
import { seesAll } from '../../core/permission.ts';
import { type Page, problem, type Result } from '../../core/result.ts';
import { type DueCommand, dueCommands } from './due.ts';
import {
  INSTALLMENT_COLUMNS,
  type InstallmentRecord,
  installmentRow,
  LOAN_COLUMNS,
  type LoanRecord,
  loanRow,
} from './records.ts';
import { type LoanRow, notesOf } from './rows.ts';
import { installmentView, loanView, projectedSchedule, shareView } from './views.ts';

/** Who is looking: as much of intake's Caller as a view depends on. */
export interface LoanReader {
  role: Role;
  scopes: ReadonlySet<Scope>;
  actingFor: string;
}

export interface LoanFilter {
  /** 1 to 200, default 50. */
  limit?: number | undefined;
  cursor?: string | undefined;
  /** Default `newest`. */
  sort?: LoanSortName | undefined;
  status?: LoanStatusName | undefined;
  grade?: string | undefined;
  /** The whole purpose, exactly. */
  purpose?: string | undefined;
  asset?: string | undefined;
}

/** What readers may ask about loans. Never writes; sees only what is committed. */
export interface LendingQueries {
  /** Errors: `invalid_cursor`. Loans are public: every caller sees the same list. */
  list(caller: LoanReader, filter: LoanFilter): Promise<Result<Page<LoanView>>>;
  /** undefined where there is no such loan. The borrower is shown to operators and to the borrower only. */
  get(caller: LoanReader, loanId: string): Promise<LoanDetailView | undefined>;
  /** What the scheduler must submit now, at most `limit` (default 1,000) commands: see `dueCommands`. */
  due(at: number, limit?: number): Promise<DueCommand[]>;
}

export interface LendingQueriesOptions {
  pool: pg.Pool;
  clock: Clock;
  /** As for the desk. Default 90. */
  defaultAfterDays?: number;
}

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 200;
/** One scheduler run asks again until nothing is left; a bound keeps each answer small. */
const DUE_LIMIT_DEFAULT = 1_000;

export function createLendingQueries({ pool, clock, defaultAfterDays = 90 }: LendingQueriesOptions): LendingQueries {
  return {
    list: (_caller, filter) => list(pool, filter),
    get: (caller, loanId) => get(pool, clock, caller, loanId),
    due: (at, limit = DUE_LIMIT_DEFAULT) => dueCommands(pool, { at, limit, defaultAfterDays }),
  };
}

interface Sort {
  column: string;
  type: string;
  direction: 'asc' | 'desc';
  valueOf: (loan: LoanRow) => string;
  /** The value inside a cursor, as the database takes it; undefined where it is none. */
  parse: (text: string) => string | undefined;
}

/** Milliseconds up to the year 5138: whatever a cursor holds, the database can read it. */
const parseTime = (text: string): string | undefined =>
  /^\d{1,14}$/.test(text) ? new Date(Number(text)).toISOString() : undefined;
const parseRate = (text: string): string | undefined => (/^\d{1,3}\.\d{6}$/.test(text) ? text : undefined);

const SORTS: Record<LoanSortName, Sort> = {
  newest: {
    column: 'created_at',
    type: 'timestamptz',
    direction: 'desc',
    valueOf: (loan) => String(loan.createdAt),
    parse: parseTime,
  },
  deadline: {
    column: 'funding_deadline',
    type: 'timestamptz',
    direction: 'asc',
    valueOf: (loan) => String(loan.fundingDeadline),
    parse: parseTime,
  },
  rate: { column: 'apr', type: 'numeric', direction: 'desc', valueOf: (loan) => loan.apr, parse: parseRate },
};

async function list(pool: pg.Pool, filter: LoanFilter): Promise<Result<Page<LoanView>>> {
  const name = filter.sort ?? 'newest';
  const { column, type, direction, valueOf } = SORTS[name];
  const after = filter.cursor === undefined ? { value: null, id: null } : parseCursor(name, filter.cursor);
  if (!after) return problem('invalid_cursor', 'This cursor does not belong to this list of loans.');
  const limit = Math.min(Math.max(filter.limit ?? LIMIT_DEFAULT, 1), LIMIT_MAX);
  const beyond = direction === 'asc' ? '>' : '<';
  const { rows } = await pool.query<LoanRecord>(
    `select ${LOAN_COLUMNS} from loans l
where ($1::text is null or l.status = $1) and ($2::text is null or l.grade = $2)
  and ($3::text is null or l.purpose = $3) and ($4::text is null or l.asset = $4)
  and ($5::${type} is null or (l.${column}, l.id) ${beyond} ($5, $6::uuid))
order by l.${column} ${direction}, l.id ${direction} limit $7`,
    [filter.status, filter.grade, filter.purpose, filter.asset, after.value, after.id, limit + 1],
  );
  const loans = rows.slice(0, limit).map(loanRow);
  const last = loans.at(-1);
  const hasMore = rows.length > limit;
  const nextCursor = hasMore && last ? `${name},${valueOf(last)},${last.id}` : null;
  return { ok: true, value: { data: loans.map(loanView), has_more: hasMore, next_cursor: nextCursor } };
}

function parseCursor(sort: LoanSortName, text: string): { value: string; id: string } | undefined {
  const [name, value, id, ...rest] = text.split(',');
  if (name !== sort || value === undefined || id === undefined || rest.length > 0 || !isUuid(id)) return undefined;
  const parsed = SORTS[sort].parse(value);
  return parsed === undefined ? undefined : { value: parsed, id };
}

async function get(
  pool: pg.Pool,
  clock: Clock,
  caller: LoanReader,
  loanId: string,
): Promise<LoanDetailView | undefined> {
  const { rows } = await pool.query<LoanRecord & { invested: bigint | null; notes: bigint }>(
    `select ${LOAN_COLUMNS}, s.amount as invested, coalesce(n.balance, 0) as notes
from loans l
left join loan_stakes s on s.loan_id = l.id and s.user_id = $2::uuid
left join accounts n on n.id = $3::uuid
where l.id = $1::uuid`,
    [loanId, caller.actingFor, notesOf(loanId, caller.actingFor).id],
  );
  const record = rows[0];
  if (!record) return undefined;
  const loan = loanRow(record);
  const mayKnow = seesAll(caller) || caller.actingFor === loan.borrowerId;
  const projected = loan.status === 'open';
  return {
    ...loanView(loan),
    borrower_id: mayKnow ? formatId('user', loan.borrowerId) : null,
    projected,
    schedule: projected ? projectedSchedule(loan, clock.now()) : await schedule(pool, loan, clock.now()),
    own_share: record.invested === null ? null : shareView(loan, record.invested, record.notes),
  };
}

async function schedule(pool: pg.Pool, loan: LoanRow, nowMs: number): Promise<LoanDetailView['schedule']> {
  const { rows } = await pool.query<InstallmentRecord>(
    `select ${INSTALLMENT_COLUMNS} from installments where loan_id = $1::uuid order by number`,
    [loan.id],
  );
  const today = dateOf(nowMs);
  return rows.map((record) => installmentView(installmentRow(record), loan.scale, today));
}
