import type { LoanDetailView, LoanFundingView, LoansQuery, LoanView, WireEventEnvelope } from '@millrace/contract';
import type { QueryClient } from '@tanstack/react-query';
import { changesNothing, growList, keys, numberOf, textOf } from '../../live/index.ts';
import { compare, subtract } from '../../money/index.ts';
import type { DeskEvents } from '../section.ts';
import { createdLoan, fundingsOf } from './event-data.ts';
import { loanKeys } from './keys.ts';
import type { LoanPages } from './queries.ts';
import { changed, type LoanChange, withChangedLoan, withFundings, withNewLoan } from './reducers.ts';

/** What `loan_progress` carries of a batch at most: with so many there may have been more. */
const FUNDINGS_SHOWN_MAX = 20;

function change(cache: QueryClient, id: string, changeOf: (loan: LoanView) => LoanChange): void {
  cache.setQueriesData<LoanPages>(
    { queryKey: loanKeys.loans() },
    (pages) => pages && withChangedLoan(pages, id, changeOf),
  );
  cache.setQueryData<LoanDetailView>(loanKeys.loan(id), (loan) => loan && changed(loan, changeOf(loan)));
}

function readAgain(cache: QueryClient, id: string): void {
  void cache.invalidateQueries({ queryKey: loanKeys.loan(id), exact: true });
}

function progress(event: WireEventEnvelope, cache: QueryClient): void {
  const id = textOf(event, 'loan_id');
  const [funded, remaining, investors] = [
    textOf(event, 'funded'),
    textOf(event, 'remaining'),
    numberOf(event, 'investors'),
  ];
  // Batches of several shards may arrive in another order than they were funded in: money only ever comes.
  change(cache, id, (loan) =>
    compare(funded, loan.funded) >= 0 && loan.status === 'open' ? { funded, remaining, investors } : {},
  );
  const ownAlias = cache.getQueryData<LoanDetailView>(loanKeys.loan(id))?.own_share?.alias;
  const arrived = fundingsOf(event);
  growList<LoanFundingView>(cache, loanKeys.fundings(id), (pages) => withFundings(pages, arrived, ownAlias));
  if (arrived.length >= FUNDINGS_SHOWN_MAX) void cache.invalidateQueries({ queryKey: loanKeys.fundings(id) });
}

function created(event: WireEventEnvelope, cache: QueryClient): void {
  const loan = createdLoan(event);
  for (const [queryKey] of cache.getQueriesData<LoanPages>({ queryKey: loanKeys.loans() })) {
    const query: LoansQuery = queryKey[1] ?? {};
    growList<LoanView>(cache, queryKey, (pages) => withNewLoan(pages, query, loan));
  }
}

/** A change of status, with what goes with it; the loan's own page also has its schedule read again. */
function becomes(changeOf: (event: WireEventEnvelope, loan: LoanView) => LoanChange) {
  return (event: WireEventEnvelope, cache: QueryClient): void => {
    const id = textOf(event, 'loan_id');
    change(cache, id, (loan) => changeOf(event, loan));
    readAgain(cache, id);
  };
}

/** An own event that says something about a loan's share. */
function ownShare(event: WireEventEnvelope, cache: QueryClient): void {
  readAgain(cache, textOf(event, 'loan_id'));
}

/** One's own investment was decided, here or elsewhere. */
function ownFunding(event: WireEventEnvelope, cache: QueryClient): void {
  const result = event.data['result'] as Record<string, unknown> | undefined;
  const loanId = result?.['loan_id'];
  if (textOf(event, 'kind') !== 'fund_loan' || textOf(event, 'status') !== 'completed') return;
  if (typeof loanId !== 'string' || cache.getQueryData<{ id: string }>(keys.me())?.id !== textOf(event, 'user_id'))
    return;
  void cache.invalidateQueries({ queryKey: loanKeys.loan(loanId), exact: true });
  void cache.invalidateQueries({ queryKey: loanKeys.fundings(loanId) });
}

export const lendingEvents: DeskEvents<'lending'> = {
  loan_progress: progress,
  loan_created: created,
  loan_funded: becomes((event, { amount }) => ({
    status: 'repaying',
    funded: amount,
    remaining: subtract(amount, amount),
    investors: numberOf(event, 'investors'),
    funded_at: event.time,
  })),
  loan_expired: becomes(() => ({ status: 'expired' })),
  loan_closed: becomes(() => ({ status: 'closed' })),
  loan_late: becomes(() => ({ status: 'late' })),
  loan_current: becomes(() => ({ status: 'repaying' })),
  loan_repaid: becomes(() => ({ status: 'repaid' })),
  loan_defaulted: becomes(() => ({ status: 'defaulted' })),
  installment_paid: becomes(() => ({})),
  repayment_received: ownShare,
  notes_issued: ownShare,
  investment_refunded: ownShare,
  // `loan_funded` has said it to the loan's page.
  loan_disbursed: changesNothing,
  order_processed: ownFunding,
};
