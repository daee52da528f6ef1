import type { LoanSortName, LoanStatusName, LoansQuery, LoanView } from '@millrace/contract';
import { idsIn, searchKey, searchTerm } from '@millrace/contract/search-text';
import { compare } from '../../money/index.ts';
import { SEARCH_LENGTH_MAX, textIn, wordIn } from '../../navigation/index.ts';
import { GRADES } from '../../wording/index.ts';

export const LOAN_STATUSES = [
  'open',
  'repaying',
  'late',
  'repaid',
  'defaulted',
  'expired',
  'closed',
] as const satisfies readonly LoanStatusName[];
export const TERMS = ['12', '24', '36', '48', '60'] as const;
export const RATES = ['0.05', '0.075', '0.1', '0.125', '0.15'] as const;
export const SORTS = ['newest', 'deadline', 'rate', 'progress', 'amount'] as const satisfies readonly LoanSortName[];

/** What the marketplace shows, as its address says it. Without a status: loans that can be funded. */
export interface LoanFilters {
  status: LoanStatusName | 'any' | undefined;
  grade: string | undefined;
  term: string | undefined;
  rate: string | undefined;
  sort: LoanSortName | undefined;
  search: string | undefined;
}

export function readFilters(raw: Record<string, unknown>): LoanFilters {
  return {
    status: wordIn(raw, 'status', [...LOAN_STATUSES, 'any']),
    grade: wordIn(raw, 'grade', GRADES),
    term: wordIn(raw, 'term', TERMS),
    rate: wordIn(raw, 'rate', RATES),
    sort: wordIn(raw, 'sort', SORTS),
    search: textIn(raw, 'search')?.slice(0, SEARCH_LENGTH_MAX),
  };
}

export function hasFilters({ status, grade, term, rate, search }: LoanFilters): boolean {
  return [status, grade, term, rate, search].some((filter) => filter !== undefined);
}

export function queryOf({ status = 'open', grade, term, rate, sort, search }: LoanFilters): LoansQuery {
  return {
    ...(status === 'any' ? {} : { status }),
    ...(grade === undefined ? {} : { grade }),
    ...(term === undefined ? {} : { term_max: Number(term) }),
    ...(rate === undefined ? {} : { rate_min: rate }),
    ...(sort === undefined ? {} : { sort }),
    ...(search === undefined ? {} : { search }),
  };
}

/** Whether a loan belongs into the list that the server makes of the query. */
export function isWanted(loan: LoanView, query: LoansQuery): boolean {
  const { status, grade, purpose, asset, search, term_max, rate_min } = query;
  return (
    (status === undefined || loan.status === status) &&
    (grade === undefined || loan.grade === grade) &&
    (purpose === undefined || loan.purpose === purpose) &&
    (asset === undefined || loan.asset === asset) &&
    (term_max === undefined || loan.term_months <= term_max) &&
    (rate_min === undefined || compare(loan.apr, rate_min) >= 0) &&
    (search === undefined || holds(loan, search))
  );
}

/** Of an id the server takes four digits or more for one. */
const ID_BEGINNING = /^(?:loan_)?([0-9a-f]{4}[0-9a-f-]*)$/;

function holds({ id, purpose }: LoanView, search: string): boolean {
  const [pasted, another] = idsIn(search);
  if (pasted && !another) return pasted.id === id;
  return searchKey(purpose).includes(searchTerm(search)) || isBeginning(search, id);
}

function isBeginning(search: string, id: string): boolean {
  const beginning = ID_BEGINNING.exec(search.trim().toLowerCase())?.[1];
  return beginning !== undefined && id.startsWith(`loan_${beginning}`);
}
