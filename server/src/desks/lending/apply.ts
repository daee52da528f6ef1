import { isoTime } from '../../core/clock.ts';
import { formatId } from '../../core/ids.ts';
import { formatAmount } from '../../core/money.ts';
import type { EventDraft } from '../desk.ts';
import { aliasOf, type LendingChange, type LendingRows, noteAssetOf } from './rows.ts';

/** How many investments a `loan_progress` lists: a batch can hold a thousand. */
const FUNDINGS_SHOWN_MAX = 20;

type ChangeOf<Type extends LendingChange['type']> = Extract<LendingChange, { type: Type }>;

/** Makes a decided change to the batch's rows. */
export function applyLending(rows: LendingRows, change: LendingChange): void {
  switch (change.type) {
    case 'loan_created':
      rows.loans.add({ ...change.loan });
      rows.stakes.knowAll([change.loan.id]);
      return;
    case 'stake_added':
      return addStake(rows, change);
    case 'loan_disbursed':
      return disburse(rows, change);
    case 'funding_ended':
      rows.loans.change(change.loanId).status = change.status;
      return;
    case 'installment_paid':
      return pay(rows, change);
    case 'installment_missed': {
      const loan = rows.loans.change(change.loanId);
      // A loan in default stays what it is.
      if (loan.status === 'repaying') loan.status = 'late';
      loan.askedOn ??= change.askedOn;
      loan.collectOn = change.tryAgainOn;
      rows.installments.change(change.loanId, change.number).status = 'late';
      return;
    }
    case 'loan_defaulted': {
      const loan = rows.loans.change(change.loanId);
      loan.status = 'defaulted';
      loan.collectOn = change.tryAgainOn;
      return;
    }
    default:
      throw new Error(`unknown change ${(change satisfies never as LendingChange).type}`);
  }
}

function addStake(rows: LendingRows, { loanId, userId, amount, at }: ChangeOf<'stake_added'>): void {
  const loan = rows.loans.change(loanId);
  loan.funded += amount;
  let number = rows.stakes.get(loanId, userId)?.number;
  if (number === undefined) {
    loan.investorCount += 1;
    number = loan.investorCount;
    rows.stakes.add({ loanId, userId, amount, number });
  } else {
    rows.stakes.change(loanId, userId).amount += amount;
  }
  const fundings = rows.fundings.get(loanId);
  const funding = { at, amount, investorNumber: number };
  if (fundings) fundings.push(funding);
  else rows.fundings.set(loanId, [funding]);
}

function disburse(rows: LendingRows, { loanId, at, schedule, holders }: ChangeOf<'loan_disbursed'>): void {
  const first = schedule[0];
  if (!first) throw new Error(`loan ${loanId} has no schedule`);
  const loan = rows.loans.change(loanId);
  loan.status = 'repaying';
  loan.fundedAt = at;
  loan.nextNumber = first.number;
  loan.nextDue = first.dueDate;
  loan.collectOn = first.dueDate;
  rows.installments.knowAll([loanId]);
  for (const planned of schedule)
    rows.installments.add({ loanId, ...planned, fee: 0n, status: 'scheduled', paidAt: null });
  rows.holders.set(noteAssetOf(loanId), holders);
  rows.noteAssets.add({ code: noteAssetOf(loanId), scale: loan.scale, name: `Notes of loan ${loanId}`, class: 'note' });
}

function pay(rows: LendingRows, { loanId, number, at, fee, status }: ChangeOf<'installment_paid'>): void {
  const installment = rows.installments.change(loanId, number);
  installment.status = 'paid';
  installment.paidAt = at;
  installment.fee = fee;
  const next = rows.installments.get(loanId, number + 1);
  const loan = rows.loans.change(loanId);
  loan.status = status;
  loan.nextNumber = next?.number ?? null;
  loan.nextDue = next?.dueDate ?? null;
  loan.collectOn = next?.dueDate ?? null;
  loan.askedOn = null;
}

/** One `loan_progress` for each loan that this batch funded, however many investments there were. */
export function summarizeLending(rows: LendingRows): EventDraft[] {
  return [...rows.fundings].map(([loanId, fundings]): EventDraft => {
    const loan = rows.loans.must(loanId);
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
