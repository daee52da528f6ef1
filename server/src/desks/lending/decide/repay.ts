import { addDays, dateOf } from '../../../core/clock.ts';
import { formatId } from '../../../core/ids.ts';
import { isRepaying, type InstallmentRow, type LoanRow, mustGet } from '../rows.ts';
import type { LendingSettings } from '../settings.ts';
import {
  amountText,
  type CommandOf,
  completed,
  type LendingDecision,
  type LendingView,
  loanEvent,
  loanUuid,
  rejectFor,
} from './common.ts';
import { payInstallment } from './payment.ts';

/**
 * The borrower pays the oldest unpaid instalment now, due or not.
 * Rejected, the first that applies: `loan_not_found`, `not_borrower`, `loan_not_repaying`, `insufficient_funds`, `balance_limit`.
 */
export function decideRepayment(
  command: CommandOf<'repay_loan'>,
  view: LendingView,
  settings: LendingSettings,
): LendingDecision {
  const loanId = loanUuid(command.params.loan_id);
  const loan = view.rows.loans.get(loanId);
  if (!loan) return rejectFor(loanId, 'loan_not_found');
  if (command.userId !== loan.borrowerId) return rejectFor(loanId, 'not_borrower');
  if (!isRepaying(loan)) return rejectFor(loanId, 'loan_not_repaying');
  const number = loan.nextNumber as number;
  const payment = payInstallment(loan, command.at, view, settings);
  if (!payment.ok) return rejectFor(loanId, payment.reason, { number });
  return completed({ loan_id: formatId('loan', loanId), number, amount: amountText(loan, payment.amount) }, payment);
}

/**
 * Collects an instalment that is due. Too little money is no rejection: the attempt took place, and makes the loan late.
 * Rejected, the first that applies: `loan_not_found`, `loan_not_repaying` (also where the loan has no such instalment),
 * `already_paid`, `not_due`, `earlier_unpaid`, `balance_limit`.
 */
export function decideCollection(
  command: CommandOf<'collect_installment'>,
  view: LendingView,
  settings: LendingSettings,
): LendingDecision {
  const { number } = command.params;
  const loanId = loanUuid(command.params.loan_id);
  const loan = view.rows.loans.get(loanId);
  if (!loan) return rejectFor(loanId, 'loan_not_found');
  const installment = isRepaying(loan)
    ? mustGet(view.rows.installments, loanId, 'schedule of loan')[number - 1]
    : undefined;
  if (!installment) return rejectFor(loanId, 'loan_not_repaying');
  if (installment.status === 'paid') return rejectFor(loanId, 'already_paid');
  if (installment.dueDate > dateOf(command.at)) return rejectFor(loanId, 'not_due');
  if (loan.nextNumber !== number) return rejectFor(loanId, 'earlier_unpaid');
  const payment = payInstallment(loan, command.at, view, settings);
  if (!payment.ok) {
    return payment.reason === 'insufficient_funds'
      ? missed(loan, installment, command.at)
      : rejectFor(loanId, payment.reason);
  }
  const result = {
    loan_id: formatId('loan', loanId),
    number,
    collected: true,
    amount: amountText(loan, payment.amount),
  };
  return completed(result, payment);
}

function missed(loan: LoanRow, { number, dueDate }: InstallmentRow, at: number): LendingDecision {
  const tryAgainOn = addDays(dateOf(at), 1);
  const events = loan.status === 'late' ? [] : [loanEvent('loan_late', loan.id, { number, due_date: dueDate })];
  return completed(
    { loan_id: formatId('loan', loan.id), number, collected: false },
    { changes: [{ type: 'installment_missed', loanId: loan.id, number, tryAgainOn }], events },
  );
}

/**
 * Gives up on a loan whose oldest unpaid instalment was asked for in vain and is `defaultAfterDays` past its date. Notes
 * stay with their holders as the record of what is owed.
 * Rejected, the first that applies: `loan_not_found`, `loan_not_repaying`, `not_due`.
 */
export function decideDefault(
  command: CommandOf<'default_loan'>,
  view: LendingView,
  settings: LendingSettings,
): LendingDecision {
  const loanId = loanUuid(command.params.loan_id);
  const loan = view.rows.loans.get(loanId);
  if (!loan) return rejectFor(loanId, 'loan_not_found');
  if (!isRepaying(loan)) return rejectFor(loanId, 'loan_not_repaying');
  const schedule = mustGet(view.rows.installments, loanId, 'schedule of loan');
  const oldest = schedule[(loan.nextNumber as number) - 1] as InstallmentRow;
  const tooLate = addDays(oldest.dueDate, settings.defaultAfterDays) <= dateOf(command.at);
  if (oldest.status !== 'late' || !tooLate) return rejectFor(loanId, 'not_due');
  const owed = schedule.reduce((sum, { status, principal }) => (status === 'paid' ? sum : sum + principal), 0n);
  const outstanding = amountText(loan, owed);
  return completed(
    { loan_id: formatId('loan', loanId), outstanding },
    { changes: [{ type: 'loan_defaulted', loanId }], events: [loanEvent('loan_defaulted', loanId, { outstanding })] },
  );
}
