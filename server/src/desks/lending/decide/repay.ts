import { addDays, dateOf } from '../../../core/clock.ts';
import { formatId } from '../../../core/ids.ts';
import { type CommandOf, completed, ownerOf } from '../../kit/index.ts';
import { type InstallmentRow, isOwing, isRepaying, type LoanRow, noteAssetOf } from '../rows.ts';
import { type LendingSettings, RECOVERY_RETRY_DAYS } from '../settings.ts';
import { amountText, type LendingDecision, type LendingView, loanEvent, loanUuid, rejectFor } from './common.ts';
import { payInstallment } from './payment.ts';

/**
 * The borrower pays the oldest unpaid instalment now, due or not; of a loan in default too.
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
  if (!isOwing(loan)) return rejectFor(loanId, 'loan_not_repaying');
  return payOldest(loan, command, { view, settings, payerId: loan.borrowerId });
}

/**
 * An operator pays the oldest unpaid instalment of a loan in default out of their own account, to which what was recovered
 * from the borrower has come like any other money: nothing is made, and investors get their parts as of any instalment.
 * Rejected, the first that applies: `loan_not_found`, `loan_not_defaulted`, `same_account` (the operator
 * holds notes of the loan), `insufficient_funds`, `balance_limit`.
 */
export function decideRecovery(
  command: CommandOf<'recover_loan'>,
  view: LendingView,
  settings: LendingSettings,
): LendingDecision {
  const loanId = loanUuid(command.params.loan_id);
  const loan = view.rows.loans.get(loanId);
  if (!loan) return rejectFor(loanId, 'loan_not_found');
  if (loan.status !== 'defaulted') return rejectFor(loanId, 'loan_not_defaulted');
  const payerId = ownerOf(command);
  if (view.rows.holders.must(noteAssetOf(loanId), 'holders of').includes(payerId))
    return rejectFor(loanId, 'same_account');
  return payOldest(loan, command, { view, settings, payerId });
}

interface Paying {
  view: LendingView;
  settings: LendingSettings;
  payerId: string;
}

function payOldest(loan: LoanRow, { at }: { at: number }, { view, settings, payerId }: Paying): LendingDecision {
  const number = loan.nextNumber as number;
  const payment = payInstallment({ loan, payerId, at }, view, settings);
  if (!payment.ok) return rejectFor(loan.id, payment.reason, { number });
  return completed({ loan_id: formatId('loan', loan.id), number, amount: amountText(loan, payment.amount) }, payment);
}

/**
 * Collects an instalment that is due. Too little money is no rejection: the attempt took place, and makes the loan late,
 * unless it is in default already.
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
  const installment = isOwing(loan) ? view.rows.installments.all(loanId).get(number) : undefined;
  if (!installment) return rejectFor(loanId, 'loan_not_repaying');
  if (installment.status === 'paid') return rejectFor(loanId, 'already_paid');
  if (installment.dueDate > dateOf(command.at)) return rejectFor(loanId, 'not_due');
  if (loan.nextNumber !== number) return rejectFor(loanId, 'earlier_unpaid');
  const payment = payInstallment({ loan, payerId: loan.borrowerId, at: command.at }, view, settings);
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
  const askedOn = dateOf(at);
  const tryAgainOn = addDays(askedOn, loan.status === 'defaulted' ? RECOVERY_RETRY_DAYS : 1);
  const events = loan.status === 'repaying' ? [loanEvent('loan_late', loan.id, { number, due_date: dueDate })] : [];
  return completed(
    { loan_id: formatId('loan', loan.id), number, collected: false },
    { changes: [{ type: 'installment_missed', loanId: loan.id, number, askedOn, tryAgainOn }], events },
  );
}

/**
 * Puts a loan in default whose oldest unpaid instalment was asked for in vain `defaultAfterDays` ago, whenever it was due: a
 * borrower whom nobody asked has not refused to pay. Notes stay with their holders as the record of what is owed, and it
 * goes on being collected, more seldom.
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
  const today = dateOf(command.at);
  if (loan.askedOn === null || addDays(loan.askedOn, settings.defaultAfterDays) > today)
    return rejectFor(loanId, 'not_due');
  let owed = 0n;
  for (const { status, principal } of view.rows.installments.all(loanId).values())
    if (status !== 'paid') owed += principal;
  const outstanding = amountText(loan, owed);
  const tryAgainOn = addDays(today, RECOVERY_RETRY_DAYS);
  return completed(
    { loan_id: formatId('loan', loanId), outstanding },
    {
      changes: [{ type: 'loan_defaulted', loanId, tryAgainOn }],
      events: [loanEvent('loan_defaulted', loanId, { outstanding })],
    },
  );
}
