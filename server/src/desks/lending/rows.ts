import type { LoanStatusName } from '@millrace/contract';
import { type AccountKey, accountKey } from '../../ledger/index.ts';

/** A loan as it stands in the working set. Ids are bare UUIDs, amounts minor units at `scale`, times ms since the epoch. */
export interface LoanRow {
  readonly id: string;
  readonly borrowerId: string;
  readonly purpose: string;
  readonly asset: string;
  readonly scale: number;
  readonly amount: bigint;
  /** Decimal text of the yearly rate. */
  readonly apr: string;
  readonly termMonths: number;
  readonly grade: string;
  readonly fundingDeadline: number;
  readonly createdAt: number;
  status: LoanStatusName;
  /** What investors have put in; keeps its last value after the loan was paid out or has expired. */
  funded: bigint;
  investorCount: number;
  fundedAt: number | null;
  /** The oldest unpaid instalment of a loan that was paid out; null when there is none. */
  nextNumber: number | null;
  nextDue: string | null;
  /** The date from which the next attempt to collect is due; the day after a failed one. */
  collectOn: string | null;
  /** When the oldest unpaid instalment was first asked for in vain; null where it was not. Patience counts from here. */
  askedOn: string | null;
}

export interface InstallmentRow {
  readonly number: number;
  readonly dueDate: string;
  readonly principal: bigint;
  readonly interest: bigint;
  fee: bigint;
  status: 'scheduled' | 'late' | 'paid';
  paidAt: number | null;
}

/** An investment as everybody may see it. */
export interface FundingRow {
  /** ms since the epoch. */
  at: number;
  amount: bigint;
  investorNumber: number;
}

/** What a batch has to write. Filled by `apply` alone. */
export interface Dirty {
  newLoans: Set<string>;
  loans: Set<string>;
  /** Loan → investors whose first stake in it this is. */
  newStakes: Map<string, Set<string>>;
  /** Loan → investors whose stake grew. */
  stakes: Map<string, Set<string>>;
  /** Loans that were paid out: their whole schedule is new. */
  schedules: Set<string>;
  /** Loan → numbers of instalments that changed. */
  installments: Map<string, Set<number>>;
}

/** The desk's part of the working set of one batch. */
export interface LendingRows {
  /** Those of the users that `create_loan` names which exist. */
  readonly users: ReadonlySet<string>;
  readonly loans: Map<string, LoanRow>;
  /**
   * Loan → investor → stake. Complete for the loans in `wholeStakes`; for others only the investors of this batch,
   * since a loan in demand has thousands.
   */
  readonly stakes: Map<string, Map<string, bigint>>;
  readonly wholeStakes: Set<string>;
  /** Loan → its schedule by number (index = number − 1). */
  readonly installments: Map<string, InstallmentRow[]>;
  /** Loan → owners of its notes, in the order of their ids: the order in which ties of a split are broken. */
  readonly holders: Map<string, readonly string[]>;
  /** Loan → investors of this batch → their number in the order of first investments, from 1: others see it, not who they are. */
  readonly investorNumbers: Map<string, Map<string, number>>;
  /** Loan → investments of this batch, newest last. */
  readonly fundings: Map<string, FundingRow[]>;
  readonly dirty: Dirty;
}

export type PlannedInstallment = Pick<InstallmentRow, 'number' | 'dueDate' | 'principal' | 'interest'>;

/** One change of rows that a decision asks for. */
export type LendingChange =
  | { type: 'loan_created'; loan: LoanRow }
  | { type: 'stake_added'; loanId: string; userId: string; amount: bigint; at: number }
  | {
      type: 'loan_disbursed';
      loanId: string;
      at: number;
      schedule: readonly PlannedInstallment[];
      holders: readonly string[];
    }
  /** Its funding ended without success, and all money went back. */
  | { type: 'funding_ended'; loanId: string; status: 'expired' | 'closed' }
  | {
      type: 'installment_paid';
      loanId: string;
      number: number;
      at: number;
      fee: bigint;
      status: PaidStatus;
    }
  | { type: 'installment_missed'; loanId: string; number: number; askedOn: string; tryAgainOn: string }
  | { type: 'loan_defaulted'; loanId: string; tryAgainOn: string };

/** What a loan can be after a payment. */
export type PaidStatus = 'repaying' | 'late' | 'defaulted' | 'repaid';

/** How others see an investor of a loan. */
export const aliasOf = (investorNumber: number): string => `Investor ${investorNumber}`;

/** The asset that a loan's notes are counted in; one unit stands for one unit of principal that is still owed. */
export const noteAssetOf = (loanId: string): string => `loan:${loanId}`;

/** Notes are counted as finely as what they stand for. */
export function noteScaleOf(rows: Pick<LendingRows, 'loans'>, asset: string): number | undefined {
  return rows.loans.get(asset.slice(noteAssetOf('').length))?.scale;
}

export const notesOf = (loanId: string, userId: string): AccountKey => accountKey(userId, 'notes', noteAssetOf(loanId));
export const issuanceOf = (loanId: string): AccountKey => accountKey(loanId, 'issuance', noteAssetOf(loanId));

export const isRepaying = (loan: LoanRow): boolean => loan.status === 'repaying' || loan.status === 'late';

/** Whether there is an instalment that is still owed: a loan in default is paid back like any other, if it is. */
export const isOwing = (loan: LoanRow): boolean => isRepaying(loan) || loan.status === 'defaulted';

/** The row of a map that `load` or `apply` must have put there. */
export function mustGet<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key, what: string): Value {
  const value = map.get(key);
  if (value === undefined) throw new Error(`${what} ${String(key)} was not loaded`);
  return value;
}
