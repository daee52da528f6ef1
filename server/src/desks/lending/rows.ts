import type { LoanStatusName } from '@millrace/contract';
import { type AccountKey, accountKey } from '../../ledger/index.ts';
import {
  column,
  defineTable,
  type NoteHolders,
  type RowGroups,
  type RowOf,
  type RowSet,
  type Users,
} from '../kit/index.ts';

/** Ids are bare UUIDs, amounts minor units at `scale`, times ms since the epoch. */
export const loans = defineTable({
  name: 'loans',
  key: ['id'],
  columns: {
    id: column.uuid(),
    borrowerId: column.uuid(),
    purpose: column.text(),
    asset: column.text(),
    scale: column.scaleOfAsset('asset'),
    amount: column.bigint(),
    /** The yearly rate. */
    apr: column.decimal(),
    termMonths: column.integer(),
    grade: column.text(),
    fundingDeadline: column.time(),
    createdAt: column.time(),
    status: column.word<LoanStatusName>().mutable(),
    /** What investors have put in; keeps its last value after the loan was paid out or has expired. */
    funded: column.bigint().mutable(),
    investorCount: column.integer().mutable(),
    fundedAt: column.time().nullable().mutable(),
    /** The oldest unpaid instalment of a loan that was paid out; null when there is none. */
    nextNumber: column.integer().nullable().mutable(),
    nextDue: column.date().nullable().mutable(),
    /** The date from which the next attempt to collect is due; the day after a failed one. */
    collectOn: column.date().nullable().mutable(),
    /** When the oldest unpaid instalment was first asked for in vain; null where it was not. Patience counts from here. */
    askedOn: column.date().nullable().mutable(),
  },
});
export type LoanRow = RowOf<typeof loans>;

/** What one investor has put into a loan. The loan's row is the lock of its stakes, as of its schedule. */
export const stakes = defineTable({
  name: 'loan_stakes',
  key: ['loanId', 'userId'],
  group: 'loanId',
  lock: 'none',
  columns: {
    loanId: column.uuid(),
    userId: column.uuid(),
    amount: column.bigint().mutable(),
    /** In the order of first investments, from 1: others see it, not who they are. */
    number: column.integer(),
  },
});
export type StakeRow = RowOf<typeof stakes>;

export const installments = defineTable({
  name: 'installments',
  key: ['loanId', 'number'],
  group: 'loanId',
  lock: 'none',
  columns: {
    loanId: column.uuid(),
    number: column.integer(),
    dueDate: column.date(),
    principal: column.bigint(),
    interest: column.bigint(),
    fee: column.bigint().mutable(),
    status: column.word<'scheduled' | 'late' | 'paid'>().mutable(),
    paidAt: column.time().nullable().mutable(),
  },
});
export type InstallmentRow = RowOf<typeof installments>;

/** The notes of a loan are an asset of their own, made when it is paid out. */
export const noteAssets = defineTable({
  name: 'assets',
  key: ['code'],
  lock: 'none',
  columns: { code: column.text(), scale: column.smallint(), name: column.text(), class: column.word<'note'>() },
});

/** An investment as everybody may see it. */
export interface FundingRow {
  /** ms since the epoch. */
  at: number;
  amount: bigint;
  investorNumber: number;
}

export interface RequestedFunding {
  userId: string;
  amount: string | number;
  allowPartial: boolean;
}

/** What the commands of a batch are going to do to its loans, together. */
export interface Plans {
  /** By loan. */
  fundings: Map<string, RequestedFunding[]>;
  /** Loans whose funding may end without success: all of their stakes are needed. */
  ending: Set<string>;
  /** Loans of which an instalment may be paid: schedule and holders are needed. */
  paying: Set<string>;
  /** Loan → who may pay in the borrower’s place. */
  recovering: Map<string, string[]>;
  /** Loans that may be given up: the schedule is needed. */
  defaulting: Set<string>;
}

export const noPlans = (): Plans => ({
  fundings: new Map(),
  ending: new Set(),
  paying: new Set(),
  recovering: new Map(),
  defaulting: new Set(),
});

/** The desk's part of the working set of one batch. */
export interface LendingRows {
  readonly loans: RowSet<typeof loans, 'borrowerId' | 'asset'>;
  /** Of the borrowers that `create_loan` names. */
  readonly users: Users;
  /** By loan and investor. All of a loan that may be paid out or ended; of others only those of the batch's investors: there may be thousands. */
  readonly stakes: RowGroups<typeof stakes>;
  readonly noteAssets: RowSet<typeof noteAssets>;
  /** By loan and number: all of a loan that may be paid or given up. */
  readonly installments: RowGroups<typeof installments>;
  /** Owners of a loan's notes, by their asset, in the order of their ids: the order in which ties of a split are broken. */
  readonly holders: NoteHolders;
  readonly plans: Plans;
  /** Loan → investments of this batch, newest last. */
  readonly fundings: Map<string, FundingRow[]>;
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

/** Where the money of investors lies until a loan is funded. */
export const escrowOf = (loanId: string, asset: string): AccountKey => accountKey(loanId, 'escrow', asset);
export const notesOf = (loanId: string, userId: string): AccountKey => accountKey(userId, 'notes', noteAssetOf(loanId));
export const issuanceOf = (loanId: string): AccountKey => accountKey(loanId, 'issuance', noteAssetOf(loanId));

export const isRepaying = (loan: LoanRow): boolean => loan.status === 'repaying' || loan.status === 'late';

/** Whether there is an instalment that is still owed: a loan in default is paid back like any other, if it is. */
export const isOwing = (loan: LoanRow): boolean => isRepaying(loan) || loan.status === 'defaulted';
