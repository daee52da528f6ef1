import type { HoldingSortName, HoldingView, LoanStatusName } from '@millrace/contract';
import type pg from 'pg';
import { formatId } from '../../../core/ids.ts';
import { fraction, shortRate } from '../views.ts';
import { microsOf, PAGE_SIZE_MAX, readMicros, timeOfMicros } from '../../../core/list-cursor.ts';
import { cursorOf, pageOf, readCursor, readMatching, type ReadPart, readUuid } from '../../kit/index.ts';
import { type Asset, formatAmount } from '../../../core/money.ts';
import type { Page, Result } from '../../../core/result.ts';
import { EXPECTED_PARTS } from './expected.ts';
import { type LoanMovements, type Movements, outstandingOf } from './movements.ts';

export interface HoldingOptions {
  /** 1 to 200. */
  limit: number;
  cursor?: string | undefined;
  /** Default `newest`. */
  sort?: HoldingSortName | undefined;
  status?: LoanStatusName | undefined;
}

interface Sort {
  /** Over `own (…)` and `loans l`. */
  expression: string;
  /** Of the text that a cursor holds, and what SQL makes of it. */
  read: ReadPart;
  parse: (parameter: string) => string;
  text: string;
  direction: 'asc' | 'desc';
}

function amountSort(column: string): Sort {
  const expression = `own.${column}`;
  return {
    expression,
    text: `${expression}::text`,
    read: readMatching(/\d{1,20}/),
    parse: (p) => `${p}::numeric`,
    direction: 'desc',
  };
}

// In days, since not every text that looks like a date is one; past every date that a schedule reaches where there is none.
const NEXT_DUE = `coalesce(case when l.status <> 'defaulted' then l.next_due - date '1970-01-01' end, 9999999)`;

const SORTS: Record<HoldingSortName, Sort> = {
  newest: {
    expression: 'l.created_at',
    text: `${microsOf('l.created_at')}::text`,
    read: readMicros,
    parse: timeOfMicros,
    direction: 'desc',
  },
  invested: amountSort('funded'),
  outstanding: amountSort('outstanding'),
  interest: amountSort('interest'),
  rate: {
    expression: 'l.apr',
    text: 'l.apr::text',
    read: readMatching(/\d{1,3}\.\d{6}/),
    parse: (p) => `${p}::numeric`,
    direction: 'desc',
  },
  next_due: {
    expression: NEXT_DUE,
    text: `${NEXT_DUE}::text`,
    read: readMatching(/\d{1,7}/),
    parse: (p) => `${p}::integer`,
    direction: 'asc',
  },
};

function selectOf(sort: Sort): string {
  const beyond = sort.direction === 'asc' ? '>' : '<';
  return `
select l.id, l.purpose, l.grade, l.apr::text as apr, l.term_months, l.status, l.amount, ${sort.text} as key
from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[]) as own (id, funded, outstanding, interest)
join loans l on l.id = own.id
where ($5::text is null or l.status = $5)
  and ($6::text is null or (${sort.expression}, l.id) ${beyond} (${sort.parse('$6')}, $7::uuid))
order by ${sort.expression} ${sort.direction}, l.id ${sort.direction} limit $8`;
}

const EXPECTED = `
select loan_id, sum(principal + interest)::bigint as total, min(due_date) as next_due,
  (array_agg((principal + interest)::bigint order by due_date))[1] as next_amount
from (${EXPECTED_PARTS}) as part group by loan_id`;

interface HoldingRow {
  id: string;
  purpose: string;
  grade: string;
  apr: string;
  term_months: number;
  status: LoanStatusName;
  amount: bigint;
  key: string;
}

interface ExpectedRow {
  loan_id: string;
  total: bigint;
  next_due: string;
  next_amount: bigint;
}

/** A page of the loans that a user has put money into. Errors: `invalid_cursor`. */
export async function listHoldings(
  pool: pg.Pool,
  owner: { userId: string; asset: Asset; feeMillionths: bigint; movements: Movements },
  options: HoldingOptions,
): Promise<Result<Page<HoldingView>>> {
  const { userId, asset, feeMillionths, movements } = owner;
  const name = options.sort ?? 'newest';
  const sort = SORTS[name];
  const list = `holdings/${asset.code}/${name}/${options.status ?? ''}`;
  const after = readCursor(list, options.cursor, [sort.read, readUuid]);
  if (!after.ok) return after;
  const limit = Math.min(options.limit, PAGE_SIZE_MAX);
  const own = [...movements.subjects];
  const { rows } = await pool.query<HoldingRow>(selectOf(sort), [
    own.map(([id]) => id),
    own.map(([, loan]) => loan.funded),
    own.map(([, loan]) => outstandingOf(loan)),
    own.map(([, loan]) => loan.interest),
    options.status,
    ...after.value,
    limit + 1,
  ]);
  const expected = await pool.query<ExpectedRow>(EXPECTED, [
    userId,
    asset.code,
    feeMillionths,
    rows.slice(0, limit).map(({ id }) => id),
  ]);
  const expectedOf = new Map(expected.rows.map((row) => [row.loan_id, row]));
  const page = pageOf(rows, limit, {
    view: (row) => holdingView(row, movements.subjects.get(row.id) as LoanMovements, expectedOf.get(row.id), asset),
    cursor: ({ key, id }) => cursorOf(list, key, id),
  });
  return { ok: true, value: page };
}

function holdingView(
  loan: HoldingRow,
  moved: LoanMovements,
  expected: ExpectedRow | undefined,
  asset: Asset,
): HoldingView {
  const text = (minor: bigint): string => formatAmount(minor, asset.scale);
  return {
    loan_id: formatId('loan', loan.id),
    purpose: loan.purpose,
    asset: asset.code,
    grade: loan.grade,
    apr: shortRate(loan.apr),
    term_months: loan.term_months,
    status: loan.status,
    invested: text(moved.funded),
    outstanding: text(outstandingOf(moved)),
    principal_repaid: text(moved.principal),
    refunded: text(moved.refunded),
    interest_received: text(moved.interest),
    share: fraction(moved.funded, loan.amount),
    next_due: expected ? { date: expected.next_due, amount: text(expected.next_amount) } : null,
    expected_total: text(expected?.total ?? 0n),
  };
}
