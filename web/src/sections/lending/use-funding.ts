import type { LoanDetailView, LoanFundingView } from '@millrace/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Placing, type Ticket, ticketOf, useTicket } from '../../orders/index.ts';
import { loanKeys } from './keys.ts';
import type { Placed } from './pending.ts';
import type { FundingPages } from './queries.ts';
import { fundingKey } from './reducers.ts';

/** One investment on its way at a time. */
export interface Funding extends Pick<Placing<'fund_loan'>, 'isPending' | 'error' | 'place' | 'reset'> {
  /** What was sent last; undefined before, and after `reset`. */
  placed: Placed | undefined;
}

const NOTHING: ReadonlySet<string> = new Set();

/** An order with an id of this page's choice: what is sent again is the same order. */
export function orderFor(loan: LoanDetailView, amount: string, allowPartial: boolean): Ticket<'fund_loan'> {
  const partial = allowPartial ? { allow_partial: true } : {};
  return ticketOf<'fund_loan'>({ kind: 'fund_loan', loan_id: loan.id, amount, ...partial });
}

export function useFunding(loanId: string): Funding {
  const cache = useQueryClient();
  const [before, setBefore] = useState(NOTHING);
  const { sent, answer, place, ...ticket } = useTicket<'fund_loan'>([
    { queryKey: loanKeys.loan(loanId), exact: true },
    { queryKey: loanKeys.fundings(loanId) },
  ]);
  return {
    ...ticket,
    placed: sent && { order: sent.ticket, at: sent.at, before, answer },
    place(order) {
      const pages = cache.getQueryData<FundingPages>(loanKeys.fundings(loanId))?.pages;
      const listed: LoanFundingView[] = pages?.flatMap((page) => page.data) ?? [];
      const isSent = place(order);
      if (isSent) setBefore(new Set(listed.map(fundingKey)));
      return isSent;
    },
  };
}
