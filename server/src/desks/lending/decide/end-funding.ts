import { formatId } from '../../../core/ids.ts';
import { cashOf, type LedgerEntry } from '../../../ledger/index.ts';
import type { EventDraft } from '../../desk.ts';
import { refuse } from '../../desk.ts';
import { type CommandOf, completed } from '../../kit/index.ts';
import { escrowOf, type LoanRow, type StakeRow } from '../rows.ts';
import {
  amountText,
  type LendingDecision,
  type LendingView,
  loanEvent,
  loanUuid,
  ownEvent,
  rejectFor,
} from './common.ts';

/** As for a purpose: others read it, and PostgreSQL's text cannot hold U+0000. */
const CONTROL = /\p{Cc}/u;

/**
 * Ends the funding of a loan that was not funded by its deadline, and gives every investor their money back.
 * Rejected, the first that applies: `loan_not_found`, `loan_closed` (not open any more), `not_due`, `balance_limit` (an
 * investor's account cannot take the refund now: the next day's attempt may).
 */
export function decideExpiry(command: CommandOf<'expire_loan'>, view: LendingView): LendingDecision {
  const loanId = loanUuid(command.params.loan_id);
  const loan = view.rows.loans.get(loanId);
  if (!loan) return rejectFor(loanId, 'loan_not_found');
  if (loan.status !== 'open') return rejectFor(loanId, 'loan_closed');
  if (command.at < loan.fundingDeadline) return rejectFor(loanId, 'not_due');
  return endFunding(loan, view, 'expired', (refunded) => loanEvent('loan_expired', loanId, { refunded }));
}

/**
 * An operator ends the funding of an open loan before its deadline. Who did it is in the order, why is told to everybody.
 * Refused: a reason with control characters. Rejected, the first that applies: `loan_not_found`, `loan_closed` (not open any
 * more), `balance_limit`.
 */
export function decideClosing(command: CommandOf<'close_loan'>, view: LendingView): LendingDecision {
  const { reason } = command.params;
  if (CONTROL.test(reason)) return refuse('invalid_request', 'The reason holds a control character.', '/reason');
  const loanId = loanUuid(command.params.loan_id);
  const loan = view.rows.loans.get(loanId);
  if (!loan) return rejectFor(loanId, 'loan_not_found');
  if (loan.status !== 'open') return rejectFor(loanId, 'loan_closed');
  return endFunding(loan, view, 'closed', (refunded) => loanEvent('loan_closed', loanId, { refunded, reason }));
}

function endFunding(
  loan: LoanRow,
  view: LendingView,
  status: 'expired' | 'closed',
  eventOf: (refunded: string) => EventDraft,
): LendingDecision {
  const stakes = stakesOf(loan, view);
  if (stakes.some(({ userId, amount }) => !view.ledger.canCredit(cashOf(userId, loan.asset), amount))) {
    return rejectFor(loan.id, 'balance_limit');
  }
  const debit = escrowOf(loan.id, loan.asset);
  const entries = stakes.map(
    ({ userId, amount }): LedgerEntry => ({
      type: 'transfer',
      debit,
      credit: cashOf(userId, loan.asset),
      amount,
      reason: 'investment_refund',
    }),
  );
  const refunded = amountText(loan, loan.funded);
  const events = [
    eventOf(refunded),
    ...stakes.map(({ userId, amount }) =>
      ownEvent('investment_refunded', loan, userId, { amount: amountText(loan, amount) }),
    ),
  ];
  return completed(
    { loan_id: formatId('loan', loan.id), refunded },
    { entries, changes: [{ type: 'funding_ended', loanId: loan.id, status }], events },
  );
}

/** In the order of their owners' ids. */
function stakesOf(loan: LoanRow, view: LendingView): StakeRow[] {
  return [...view.rows.stakes.all(loan.id).values()].sort((a, b) => (a.userId < b.userId ? -1 : 1));
}
