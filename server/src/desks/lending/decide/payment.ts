import { dateOf } from '../../../core/clock.ts';
import { splitByLargestRemainder } from '../../../core/money.ts';
import { accountKey, cashOf, type LedgerEntry, SYSTEM_OWNER } from '../../../ledger/index.ts';
import type { EventDraft } from '../../desk.ts';
import { must } from '../../kit/index.ts';
import {
  type InstallmentRow,
  issuanceOf,
  type LendingChange,
  type LoanRow,
  noteAssetOf,
  notesOf,
  type PaidStatus,
} from '../rows.ts';
import { shareOf } from '../schedule.ts';
import type { LendingSettings } from '../settings.ts';
import { amountText, type LendingView, loanEvent, ownEvent } from './common.ts';

export type Payment =
  | { ok: false; reason: 'insufficient_funds' | 'balance_limit' }
  | { ok: true; amount: bigint; entries: LedgerEntry[]; changes: LendingChange[]; events: EventDraft[] };

interface Share {
  userId: string;
  principal: bigint;
  interest: bigint;
}

/**
 * Pays a loan's oldest unpaid instalment out of the payer's cash, wholly or not at all, and distributes it: principal
 * and interest less the servicing fee, each pro rata to the notes held now, by the largest remainder. Notes are redeemed
 * by the principal that came back.
 */
export function payInstallment(
  { loan, payerId, at }: { loan: LoanRow; payerId: string; at: number },
  view: LendingView,
  settings: LendingSettings,
): Payment {
  const schedule = view.rows.installments.all(loan.id);
  const number = loan.nextNumber as number;
  const installment = must(schedule.get(number), `instalment of loan ${loan.id}`, number);
  const amount = installment.principal + installment.interest;
  const from = cashOf(payerId, loan.asset);
  if (view.ledger.available(from) < amount) return { ok: false, reason: 'insufficient_funds' };

  const fee = servicingFee(installment, settings);
  const shares = sharesOf(loan, installment, fee, view);
  const feeAccount = accountKey(SYSTEM_OWNER, 'fees', loan.asset);
  const fits = shares.every(({ userId, principal, interest }) =>
    view.ledger.canCredit(cashOf(userId, loan.asset), principal + interest),
  );
  if (!fits || !view.ledger.canCredit(feeAccount, fee)) return { ok: false, reason: 'balance_limit' };

  const entries: LedgerEntry[] = [];
  const move = (entry: Omit<Extract<LedgerEntry, { type: 'transfer' }>, 'type'>): void => {
    if (entry.amount > 0n) entries.push({ type: 'transfer', ...entry });
  };
  for (const { userId, principal, interest } of shares) {
    const cash = cashOf(userId, loan.asset);
    move({ debit: from, credit: cash, amount: principal, reason: 'repayment_principal' });
    move({ debit: notesOf(loan.id, userId), credit: issuanceOf(loan.id), amount: principal, reason: 'notes_redeemed' });
    move({ debit: from, credit: cash, amount: interest, reason: 'repayment_interest' });
  }
  move({ debit: from, credit: feeAccount, amount: fee, reason: 'servicing_fee' });

  const status = statusAfter(loan, schedule.get(number + 1), at);
  const changes: LendingChange[] = [{ type: 'installment_paid', loanId: loan.id, number, at, fee, status }];
  return { ok: true, amount, entries, changes, events: paymentEvents({ loan, installment, fee, shares, status }) };
}

/** Of the whole payment, rounded half up; at most the interest, so that principal always comes back whole. */
export function servicingFee(
  installment: Pick<InstallmentRow, 'principal' | 'interest'>,
  settings: LendingSettings,
): bigint {
  const fee = shareOf(installment.principal + installment.interest, settings.feeMillionths);
  return fee < installment.interest ? fee : installment.interest;
}

function sharesOf(loan: LoanRow, installment: InstallmentRow, fee: bigint, view: LendingView): Share[] {
  const holders = view.rows.holders.must(noteAssetOf(loan.id), 'holders of');
  const notes = holders.map((userId) => view.ledger.balance(notesOf(loan.id, userId)));
  const principals = splitByLargestRemainder(installment.principal, notes);
  const interests = splitByLargestRemainder(installment.interest - fee, notes);
  return holders.map((userId, index) => ({
    userId,
    principal: principals[index] as bigint,
    interest: interests[index] as bigint,
  }));
}

/**
 * A loan that is late or in default stays so as long as its next instalment was missed too, or should have been paid before
 * today: it is current again when all arrears are paid.
 */
function statusAfter(loan: LoanRow, next: InstallmentRow | undefined, at: number): PaidStatus {
  if (!next) return 'repaid';
  const hasArrears = next.status === 'late' || next.dueDate < dateOf(at);
  return (loan.status === 'late' || loan.status === 'defaulted') && hasArrears ? loan.status : 'repaying';
}

interface Paid {
  loan: LoanRow;
  installment: InstallmentRow;
  fee: bigint;
  shares: readonly Share[];
  status: PaidStatus;
}

function paymentEvents({ loan, installment, fee, shares, status }: Paid): EventDraft[] {
  const { number, principal, interest, dueDate } = installment;
  const events: EventDraft[] = [
    loanEvent('installment_paid', loan.id, {
      number,
      principal: amountText(loan, principal),
      interest: amountText(loan, interest),
      fee: amountText(loan, fee),
      due_date: dueDate,
    }),
  ];
  for (const share of shares) {
    if (share.principal + share.interest === 0n) continue;
    const parts = { principal: amountText(loan, share.principal), interest: amountText(loan, share.interest) };
    events.push(ownEvent('repayment_received', loan, share.userId, { number, ...parts }));
  }
  if (status === 'repaid') events.push(loanEvent('loan_repaid', loan.id, {}));
  else if (loan.status !== 'repaying' && status === 'repaying') events.push(loanEvent('loan_current', loan.id, {}));
  return events;
}
