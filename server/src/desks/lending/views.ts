import type { LoanInstallmentView, LoanShareView, LoanView, WireInstallation } from '@millrace/contract';
import { dateOf, isoTime, wireTime } from '../../core/clock.ts';
import { formatId } from '../../core/ids.ts';
import { formatAmount } from '../../core/money.ts';
import { aliasOf, type InstallmentRow, type LoanRow } from './rows.ts';
import { annuitySchedule } from './schedule.ts';
import type { LoanLimits } from './settings.ts';

const FRACTION_PLACES = 4;

/** `part ÷ whole` with four places, rounded down, so that "1.0000" means all of it. */
export function fraction(part: bigint, whole: bigint): string {
  return formatAmount((part * 10n ** BigInt(FRACTION_PLACES)) / whole, FRACTION_PLACES);
}

/** `"0.072500"` → `"0.0725"`. */
export function shortRate(rate: string): string {
  return rate.includes('.') ? rate.replace(/\.?0+$/, '') : rate;
}

export function loanView(loan: LoanRow): LoanView {
  return {
    id: formatId('loan', loan.id),
    purpose: loan.purpose,
    asset: loan.asset,
    amount: formatAmount(loan.amount, loan.scale),
    funded: formatAmount(loan.funded, loan.scale),
    remaining: formatAmount(loan.amount - loan.funded, loan.scale),
    progress: fraction(loan.funded, loan.amount),
    apr: shortRate(loan.apr),
    term_months: loan.termMonths,
    grade: loan.grade,
    status: loan.status,
    investors: loan.investorCount,
    funding_deadline: wireTime(loan.fundingDeadline),
    created_at: isoTime(loan.createdAt),
    funded_at: loan.fundedAt === null ? null : isoTime(loan.fundedAt),
  };
}

/** An unpaid instalment counts as late from the day after its date, whether or not anybody has tried to collect it. */
export function installmentView(
  row: Omit<InstallmentRow, 'loanId'>,
  scale: number,
  today: string,
): LoanInstallmentView {
  const isLate = row.status === 'late' || (row.status === 'scheduled' && row.dueDate < today);
  return {
    number: row.number,
    due_date: row.dueDate,
    principal: formatAmount(row.principal, scale),
    interest: formatAmount(row.interest, scale),
    payment: formatAmount(row.principal + row.interest, scale),
    status: isLate ? 'late' : row.status,
    paid_at: row.paidAt === null ? null : isoTime(row.paidAt),
  };
}

/** The schedule that an open loan would get if its last unit were funded at this moment. */
export function projectedSchedule(loan: LoanRow, nowMs: number): LoanInstallmentView[] {
  const today = dateOf(nowMs);
  const { amount, apr, termMonths, scale } = loan;
  return annuitySchedule({ amount, apr, termMonths, startDate: today }).map((planned) =>
    installmentView({ ...planned, fee: 0n, status: 'scheduled', paidAt: null }, scale, today),
  );
}

interface Share {
  invested: bigint;
  number: number | null;
  notes: bigint;
}

export function shareView(loan: LoanRow, { invested, number, notes }: Share): LoanShareView {
  const wasPaidOut = loan.fundedAt !== null;
  return {
    invested: formatAmount(invested, loan.scale),
    share: fraction(invested, loan.amount),
    alias: aliasOf(number as number),
    notes: formatAmount(notes, loan.scale),
    principal_repaid: formatAmount(wasPaidOut ? invested - notes : 0n, loan.scale),
  };
}

export function limitsView(limits: LoanLimits): WireInstallation['loan_limits'] {
  return {
    amount_max: limits.amountMax,
    rate_max: limits.rateMax,
    term_months_max: limits.termMonthsMax,
    funding_days_max: limits.fundingDaysMax,
  };
}
