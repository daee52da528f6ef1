import { isoTime } from '../../core/clock.ts';
import { formatId } from '../../core/ids.ts';
import { formatAmount } from '../../core/money.ts';
import type { EventDraft } from '../desk.ts';
import { aliasOf, type InstallmentRow, type LendingChange, type LendingRows, mustGet } from './rows.ts';

/** How many investments a `loan_progress` lists: a batch can hold a thousand. */
const FUNDINGS_SHOWN_MAX = 20;

type ChangeOf<Type extends LendingChange['type']> = Extract<LendingChange, { type: Type }>;

/** Makes a decided change to the batch's rows, and marks what must be written. */
export function applyLending(rows: LendingRows, change: LendingChange): void {
  switch (change.type) {
    case 'loan_created':
      rows.loans.set(change.loan.id, { ...change.loan });
      rows.stakes.set(change.loan.id, new Map());
      rows.investorNumbers.set(change.loan.id, new Map());
      rows.wholeStakes.add(change.loan.id);
      rows.dirty.newLoans.add(change.loan.id);
      return;
    case 'stake_added':
      return addStake(rows, change);
    case 'loan_disbursed':
      return disburse(rows, change);
    case 'funding_ended':
      changedLoan(rows, change.loanId).status = change.status;
      return;
    case 'installment_paid':
      return pay(rows, change);
    case 'installment_missed': {
      const loan = changedLoan(rows, change.loanId);
      // A loan in default stays what it is.
      if (loan.status === 'repaying') loan.status = 'late';
      loan.askedOn ??= change.askedOn;
      loan.collectOn = change.tryAgainOn;
      changedInstallment(rows, change.loanId, change.number).status = 'late';
      return;
    }
    case 'loan_defaulted': {
      const loan = changedLoan(rows, change.loanId);
      loan.status = 'defaulted';
      loan.collectOn = change.tryAgainOn;
      return;
    }
    default:
      throw new Error(`unknown change ${(change satisfies never as LendingChange).type}`);
  }
}

function addStake(rows: LendingRows, { loanId, userId, amount, at }: ChangeOf<'stake_added'>): void {
  const loan = changedLoan(rows, loanId);
  const stakes = mustGet(rows.stakes, loanId, 'stakes of loan');
  const before = stakes.get(userId);
  stakes.set(userId, (before ?? 0n) + amount);
  loan.funded += amount;
  const numbers = mustGet(rows.investorNumbers, loanId, 'investors of loan');
  if (before === undefined) {
    loan.investorCount += 1;
    numbers.set(userId, loan.investorCount);
  }
  const { newStakes, stakes: changedStakes } = rows.dirty;
  if (before === undefined) addTo(newStakes, loanId, userId);
  else if (!newStakes.get(loanId)?.has(userId)) addTo(changedStakes, loanId, userId);
  const fundings = rows.fundings.get(loanId);
  const funding = { at, amount, investorNumber: mustGet(numbers, userId, 'number of investor') };
  if (fundings) fundings.push(funding);
  else rows.fundings.set(loanId, [funding]);
}

function disburse(rows: LendingRows, { loanId, at, schedule, holders }: ChangeOf<'loan_disbursed'>): void {
  const first = schedule[0];
  if (!first) throw new Error(`loan ${loanId} has no schedule`);
  const loan = changedLoan(rows, loanId);
  loan.status = 'repaying';
  loan.fundedAt = at;
  loan.nextNumber = first.number;
  loan.nextDue = first.dueDate;
  loan.collectOn = first.dueDate;
  rows.installments.set(
    loanId,
    schedule.map((planned) => ({ ...planned, fee: 0n, status: 'scheduled', paidAt: null })),
  );
  rows.holders.set(loanId, holders);
  rows.dirty.schedules.add(loanId);
}

function pay(rows: LendingRows, { loanId, number, at, fee, status }: ChangeOf<'installment_paid'>): void {
  const installment = changedInstallment(rows, loanId, number);
  installment.status = 'paid';
  installment.paidAt = at;
  installment.fee = fee;
  const next = mustGet(rows.installments, loanId, 'schedule of loan')[number];
  const loan = changedLoan(rows, loanId);
  loan.status = status;
  loan.nextNumber = next?.number ?? null;
  loan.nextDue = next?.dueDate ?? null;
  loan.collectOn = next?.dueDate ?? null;
  loan.askedOn = null;
}

function changedLoan(rows: LendingRows, loanId: string) {
  rows.dirty.loans.add(loanId);
  return mustGet(rows.loans, loanId, 'loan');
}

function changedInstallment(rows: LendingRows, loanId: string, number: number): InstallmentRow {
  const installment = mustGet(rows.installments, loanId, 'schedule of loan')[number - 1];
  if (!installment) throw new Error(`loan ${loanId} has no instalment ${number}`);
  addTo(rows.dirty.installments, loanId, number);
  return installment;
}

function addTo<Value>(sets: Map<string, Set<Value>>, key: string, value: Value): void {
  const set = sets.get(key);
  if (set) set.add(value);
  else sets.set(key, new Set([value]));
}

/** One `loan_progress` for each loan that this batch funded, however many investments there were. */
export function summarizeLending(rows: LendingRows): EventDraft[] {
  return [...rows.fundings].map(([loanId, fundings]): EventDraft => {
    const loan = mustGet(rows.loans, loanId, 'loan');
    const subject = formatId('loan', loanId);
    const data = {
      loan_id: subject,
      status: loan.status,
      funded: formatAmount(loan.funded, loan.scale),
      remaining: formatAmount(loan.amount - loan.funded, loan.scale),
      investors: loan.investorCount,
      fundings: fundings.slice(-FUNDINGS_SHOWN_MAX).map(({ at, amount, investorNumber }) => ({
        at: isoTime(at),
        amount: formatAmount(amount, loan.scale),
        alias: aliasOf(investorNumber),
      })),
    };
    return { type: 'loan_progress', subject, userId: null, data };
  });
}
