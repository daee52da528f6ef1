import type { LoanFundingView, LoanView, WireEventEnvelope } from '@millrace/contract';
import { numberOf, textOf } from '../../live/index.ts';
import { subtract } from '../../money/index.ts';

/** The loan that `loan_created` is about. */
export function createdLoan(event: WireEventEnvelope): LoanView {
  const amount = textOf(event, 'amount');
  return {
    id: textOf(event, 'loan_id'),
    purpose: textOf(event, 'purpose'),
    asset: textOf(event, 'asset'),
    amount,
    funded: subtract(amount, amount),
    remaining: amount,
    progress: '0.0000',
    apr: textOf(event, 'apr'),
    term_months: numberOf(event, 'term_months'),
    grade: textOf(event, 'grade'),
    status: 'open',
    investors: 0,
    funding_deadline: textOf(event, 'funding_deadline'),
    created_at: event.time,
    funded_at: null,
  };
}

/** The investments that `loan_progress` brings, newest last. */
export function fundingsOf({ data }: WireEventEnvelope): LoanFundingView[] {
  const { fundings } = data;
  if (!Array.isArray(fundings)) return [];
  return (fundings as Pick<LoanFundingView, 'at' | 'amount' | 'alias'>[]).map(({ at, amount, alias }) => ({
    at,
    amount,
    alias,
    investor: alias,
    own: false,
  }));
}
