import type { LoanDetailView, LoanFundingView } from '@millrace/contract';
import { newOrderId } from '@millrace/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { keys } from '../../live/index.ts';
import { client } from '../../session/index.ts';
import { loanKeys } from './keys.ts';
import type { Placed } from './pending.ts';
import type { FundingPages, FundLoan } from './queries.ts';
import { fundingKey } from './reducers.ts';

/** One investment on its way at a time. */
export interface Funding {
  /** What was sent last; undefined before, and after `reset`. */
  placed: Placed | undefined;
  isPending: boolean;
  /** No answer came, or the server could not take it. */
  error: unknown;
  /** Sends the order: however often it is called, its id makes it act once. */
  place(order: FundLoan): void;
  reset(): void;
}

type Sent = Omit<Placed, 'answer'>;

/** An order with an id of this page's choice: what is sent again is the same order. */
export function orderFor(loan: LoanDetailView, amount: string, allowPartial: boolean): FundLoan {
  const partial = allowPartial ? { allow_partial: true } : {};
  return { kind: 'fund_loan', id: newOrderId(), loan_id: loan.id, amount, ...partial };
}

export function useFunding(loanId: string): Funding {
  const cache = useQueryClient();
  const busy = useRef(false);
  const { mutate, data, variables, isPending, error, reset } = useMutation({
    mutationFn: ({ order }: Sent) => client.orders.submit(order),
    onSuccess: (answer) => {
      void cache.invalidateQueries({ queryKey: keys.accounts() });
      if (answer.status !== 'completed') return;
      void cache.invalidateQueries({ queryKey: loanKeys.loan(loanId), exact: true });
      void cache.invalidateQueries({ queryKey: loanKeys.fundings(loanId) });
    },
    onSettled: () => {
      busy.current = false;
    },
  });
  const place = (order: FundLoan): void => {
    // A second click comes before the button knows that it was pressed.
    if (busy.current) return;
    busy.current = true;
    const listed: LoanFundingView[] =
      cache.getQueryData<FundingPages>(loanKeys.fundings(loanId))?.pages.flatMap((page) => page.data) ?? [];
    mutate({ order, at: new Date().toISOString(), before: new Set(listed.map(fundingKey)) });
  };
  return { placed: variables && { ...variables, answer: data }, isPending, error, place, reset };
}
