import type { LoanStatusName } from '@millrace/contract';
import type { InstallmentRow, LoanRow } from './rows.ts';

/** Of `loans l`. The scale comes by a subselect, since a join would lock the asset's row too, which all loans share. */
export const LOAN_COLUMNS = `l.id, l.borrower_id, l.purpose, l.asset, (select a.scale from assets a where a.code = l.asset) as scale,
  l.amount, l.apr::text as apr, l.term_months, l.grade, l.funding_deadline, l.status, l.funded, l.investor_count,
  l.created_at, l.funded_at, l.next_number, l.next_due, l.collect_on, l.asked_on`;

export interface LoanRecord {
  id: string;
  borrower_id: string;
  purpose: string;
  asset: string;
  scale: number;
  amount: bigint;
  apr: string;
  term_months: number;
  grade: string;
  funding_deadline: Date;
  status: LoanStatusName;
  funded: bigint;
  investor_count: number;
  created_at: Date;
  funded_at: Date | null;
  next_number: number | null;
  next_due: string | null;
  collect_on: string | null;
  asked_on: string | null;
}

export function loanRow(record: LoanRecord): LoanRow {
  return {
    id: record.id,
    borrowerId: record.borrower_id,
    purpose: record.purpose,
    asset: record.asset,
    scale: record.scale,
    amount: record.amount,
    apr: record.apr,
    termMonths: record.term_months,
    grade: record.grade,
    fundingDeadline: record.funding_deadline.getTime(),
    createdAt: record.created_at.getTime(),
    status: record.status,
    funded: record.funded,
    investorCount: record.investor_count,
    fundedAt: record.funded_at?.getTime() ?? null,
    nextNumber: record.next_number,
    nextDue: record.next_due,
    collectOn: record.collect_on,
    askedOn: record.asked_on,
  };
}

/** Of `installments`. */
export const INSTALLMENT_COLUMNS = 'loan_id, number, due_date, principal, interest, fee, status, paid_at';

export interface InstallmentRecord {
  loan_id: string;
  number: number;
  due_date: string;
  principal: bigint;
  interest: bigint;
  fee: bigint;
  status: InstallmentRow['status'];
  paid_at: Date | null;
}

export function installmentRow({
  number,
  due_date,
  principal,
  interest,
  fee,
  status,
  paid_at,
}: InstallmentRecord): InstallmentRow {
  return { number, dueDate: due_date, principal, interest, fee, status, paidAt: paid_at?.getTime() ?? null };
}
