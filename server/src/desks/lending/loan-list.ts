import type { LoanSortName, LoanStatusName, LoanView } from '@millrace/contract';
import { idsIn, searchTerm } from '@millrace/contract/search-text';
import type pg from 'pg';
import { parseId } from '../../core/ids.ts';
import type { Page, Result } from '../../core/result.ts';
import { cursorOf, pageOf, readCursor, readMatching, type ReadPart, readTime, readUuid } from '../kit/index.ts';
import { type LoanRow, loans } from './rows.ts';
import { loanView } from './views.ts';

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
  /** Part of the purpose, in either case, or the beginning of the loan's id. At most 100 characters, no control character. */
  search?: string | undefined;
  /** Only these, `loan_…,loan_…`: read by their ids, however many loans there are. */
  ids?: string | undefined;
  /** At most so many months. */
  term_max?: number | undefined;
  /** At least this yearly rate, a decimal. */
  rate_min?: string | undefined;
}

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 200;

/**
 * How many loans one page looks at. The newest come by their index; what an order on the loan changes is in no index, since that
 * would slow the order down, so other sorts and texts are a scan: 100,000 loans of one are 50 to 100 ms.
 */
export const SCAN_SIZE_MAX = 100_000;

interface Sort {
  /** Of `loans l`. */
  expression: string;
  type: string;
  direction: 'asc' | 'desc';
  valueOf: (loan: LoanRow) => string;
  /** The value inside a cursor, as the database takes it. */
  parse: ReadPart;
}

const parseRate = readMatching(/\d{1,3}\.\d{6}/);
const parseMinor = readMatching(/\d{1,18}/);

/** Fine enough to tell any two loans of up to a million apart, coarse enough for a cursor. */
const PROGRESS_PARTS = 1_000_000_000n;

const SORTS: Record<LoanSortName, Sort> = {
  newest: {
    expression: 'l.created_at',
    type: 'timestamptz',
    direction: 'desc',
    valueOf: (loan) => String(loan.createdAt),
    parse: readTime,
  },
  deadline: {
    expression: 'l.funding_deadline',
    type: 'timestamptz',
    direction: 'asc',
    valueOf: (loan) => String(loan.fundingDeadline),
    parse: readTime,
  },
  rate: { expression: 'l.apr', type: 'numeric', direction: 'desc', valueOf: (loan) => loan.apr, parse: parseRate },
  progress: {
    expression: `div(l.funded::numeric * ${PROGRESS_PARTS}, l.amount)`,
    type: 'numeric',
    direction: 'desc',
    valueOf: (loan) => String((loan.funded * PROGRESS_PARTS) / loan.amount),
    parse: parseMinor,
  },
  amount: {
    expression: 'l.amount',
    type: 'bigint',
    direction: 'desc',
    valueOf: (loan) => String(loan.amount),
    parse: parseMinor,
  },
};

const MATCHES = `($2::text is null or l.status = $2) and ($3::text is null or l.grade = $3)
  and ($4::text is null or l.purpose = $4) and ($5::text is null or l.asset = $5)
  and ($6::integer is null or l.term_months <= $6) and ($7::numeric is null or l.apr >= $7)
  and ($8::text is null or strpos(l.search_key, $8) > 0 or l.id between $9::uuid and $10::uuid)`;

/** The loans that the page may look at: all that follow the cursor where the list is by time, else the newest. */
function windowOf(sort: LoanSortName, isNamed: boolean): string {
  if (isNamed) return '(select * from loans where id = any ($13::uuid[])) as l';
  const after = sort === 'newest' ? 'where $11::timestamptz is null or (created_at, id) < ($11, $12::uuid)' : '';
  return `(select * from loans ${after} order by created_at desc, id desc limit ${SCAN_SIZE_MAX}) as l`;
}

function selectOf(sort: LoanSortName, isNamed: boolean): string {
  const { expression, type, direction } = SORTS[sort];
  const beyond = direction === 'asc' ? '>' : '<';
  return `select ${loans.columnsOf('l')} from ${windowOf(sort, isNamed)}
where ${MATCHES} and ($11::${type} is null or (${expression}, l.id) ${beyond} ($11, $12::uuid))
order by ${expression} ${direction}, l.id ${direction} limit $1`;
}

/** Where the window of a page by time ended that was not filled: the next page goes on behind it. */
const WINDOW_END = `select created_at, id from loans
where $1::timestamptz is null or (created_at, id) < ($1, $2::uuid)
order by created_at desc, id desc offset ${SCAN_SIZE_MAX} - 1 limit 1`;

const cursorName = (sort: LoanSortName): string => `loans/${sort}`;

export async function listLoans(pool: pg.Pool, filter: LoanFilter): Promise<Result<Page<LoanView>>> {
  const sort = filter.sort ?? 'newest';
  const after = readCursor(cursorName(sort), filter.cursor, [SORTS[sort].parse, readUuid]);
  if (!after.ok) return after;
  const limit = Math.min(Math.max(filter.limit ?? LIMIT_DEFAULT, 1), LIMIT_MAX);
  const { status, grade, purpose, asset, term_max, rate_min, search } = filter;
  const filters = [status, grade, purpose, asset, term_max, rate_min, search && searchTerm(search)];
  const [from, to] = idsFrom(search);
  const parameters = [limit + 1, ...filters, from, to, ...after.value];
  const named = filter.ids?.split(',').flatMap((id) => parseId('loan', id) ?? []);
  const { rows } = await pool.query<object>(
    selectOf(sort, named !== undefined),
    named === undefined ? parameters : [...parameters, named],
  );
  const page = pageOf(rows.map(loans.rowOf), limit, {
    view: loanView,
    cursor: (last) => cursorOf(cursorName(sort), SORTS[sort].valueOf(last), last.id),
  });
  const isFiltered = filters.some((value) => value !== undefined);
  if (page.has_more || named !== undefined || sort !== 'newest' || !isFiltered) return { ok: true, value: page };
  const next = await windowEnd(pool, after.value);
  return { ok: true, value: { ...page, has_more: next !== null, next_cursor: next } };
}

async function windowEnd(pool: pg.Pool, after: readonly (string | null)[]): Promise<string | null> {
  const { rows } = await pool.query<{ created_at: Date; id: string }>(WINDOW_END, [...after]);
  const end = rows[0];
  return end ? cursorOf(cursorName('newest'), String(end.created_at.getTime()), end.id) : null;
}

const ID_BEGINNING = /^(?:loan_)?([0-9a-f]{4,8}(?:-[0-9a-f]{0,4}){0,3}(?:-[0-9a-f]{0,12})?)$/i;

/** The first and the last id that begin with the text, so that they are a range; nothing where it does not look like an id. */
export function idsFrom(search: string | undefined): [string | undefined, string | undefined] {
  const typed = (search ?? '').trim();
  const [pasted, another] = idsIn(typed);
  const digits = ID_BEGINNING.exec(pasted && !another ? pasted.id : typed)?.[1]
    ?.replaceAll('-', '')
    .toLowerCase();
  if (digits === undefined || digits.length > 32) return [undefined, undefined];
  const filled = (digit: string): string =>
    digits.padEnd(32, digit).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return [filled('0'), filled('f')];
}
