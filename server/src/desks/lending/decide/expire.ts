import { formatId } from '../../../core/ids.ts';
import { cashOf, escrowOf, type LedgerEntry } from '../../../ledger/index.ts';
import { type LoanRow, mustGet } from '../rows.ts';
import {
  amountText,
  type CommandOf,
  completed,
  type LendingDecision,
  type LendingView,
  loanEvent,
  loanUuid,
  ownEvent,
  rejectFor,
} from './common.ts';

/**
 * Closes a loan that was not funded by its deadline, and gives every investor their money back.
 * Rejected, the first that applies: `loan_not_found`, `loan_closed` (not open any more), `not_due`, `balance_limit` (an
 * investor's account cannot take the refund now: the next day's attempt may).
 */
export function decideExpiry(command: CommandOf<'expire_loan'>, view: LendingView): LendingDecision {
  const loanId = loanUuid(command.params.loan_id);
  const loan = view.rows.loans.get(loanId);
  if (!loan) return rejectFor(loanId, 'loan_not_found');
  if (loan.status !== 'open') return rejectFor(loanId, 'loan_closed');
  if (command.at < loan.fundingDeadline) return rejectFor(loanId, 'not_due');
  const stakes = wholeStakes(loan, view);
  if (stakes.some(([userId, amount]) => !view.ledger.canCredit(cashOf(userId, loan.asset), amount))) {
    return rejectFor(loanId, 'balance_limit');
  }
  const debit = escrowOf(loanId, loan.asset);
  const entries = stakes.map(
    ([userId, amount]): LedgerEntry => ({
      type: 'transfer',
      debit,
      credit: cashOf(userId, loan.asset),
      amount,
      reason: 'investment_refund',
    }),
  );
  const refunded = amountText(loan, loan.funded);
  const events = [
    loanEvent('loan_expired', loanId, { refunded }),
    ...stakes.map(([userId, amount]) =>
      ownEvent('investment_refunded', loan, userId, { amount: amountText(loan, amount) }),
    ),
  ];
  return completed(
    { loan_id: formatId('loan', loanId), refunded },
    { entries, changes: [{ type: 'loan_expired', loanId }], events },
  );
}

function wholeStakes(loan: LoanRow, view: LendingView): [userId: string, amount: bigint][] {
  if (!view.rows.wholeStakes.has(loan.id)) throw new Error(`not all stakes of loan ${loan.id} were loaded`);
  return [...mustGet(view.rows.stakes, loan.id, 'stakes of loan')].sort(([a], [b]) => (a < b ? -1 : 1));
}
