import type { LoanFundingView, LoansQuery, LoanView } from '@millrace/contract';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { atCursor, firstPage, nextPage, type Pages } from '../../live/index.ts';
import { previewQuery, type RequestOf } from '../../orders/index.ts';
import { client } from '../../session/index.ts';
import { loanKeys } from './keys.ts';

/** Loans of one page: two screens. */
const LOANS_PAGE = 24;
/** Investments of one page: what the loan's page shows without being asked. */
export const FUNDINGS_PAGE = 10;
/** How long a preview is worth anything, once nobody looks at it. */
const PREVIEW_KEPT_MS = 30_000;

export type LoanPages = Pages<LoanView>;
export type FundingPages = Pages<LoanFundingView>;

export const loansQuery = (filters: LoansQuery) =>
  infiniteQueryOptions({
    queryKey: loanKeys.loans(filters),
    queryFn: ({ pageParam, signal }) =>
      client.loans.list({ ...filters, limit: LOANS_PAGE, ...atCursor(pageParam) }, { signal }),
    initialPageParam: firstPage,
    getNextPageParam: nextPage,
    // Another filter replaces the rows when they are there: the page does not jump in between.
    placeholderData: keepPreviousData,
  });

export const loanQuery = (id: string) =>
  queryOptions({ queryKey: loanKeys.loan(id), queryFn: ({ signal }) => client.loans.get(id, { signal }) });

export const fundingsQuery = (loanId: string) =>
  infiniteQueryOptions({
    queryKey: loanKeys.fundings(loanId),
    queryFn: ({ pageParam, signal }) =>
      client.loans.fundings(loanId, { limit: FUNDINGS_PAGE, ...atCursor(pageParam) }, { signal }),
    initialPageParam: firstPage,
    getNextPageParam: nextPage,
  });

export type FundLoan = RequestOf<'fund_loan'>;

/** Kept a while: one goes back and forth between amounts. */
export const investmentPreviewQuery = (order: FundLoan) => ({ ...previewQuery(order), gcTime: PREVIEW_KEPT_MS });

export const projectionQuery = (loanId: string, amount: string) =>
  queryOptions({
    queryKey: loanKeys.projection(loanId, amount),
    queryFn: ({ signal }) => client.loans.projection(loanId, amount, { signal }),
    gcTime: PREVIEW_KEPT_MS,
    staleTime: 0,
  });
