import type { Reason } from '@millrace/contract';
import { dateOf } from '../../../core/clock.ts';
import { formatId } from '../../../core/ids.ts';
import { cashOf, type LedgerEntry } from '../../../ledger/index.ts';
import type { EventDraft } from '../../desk.ts';
import { amountIn, type CommandOf, completed, ownerOf } from '../../kit/index.ts';
import { escrowOf, issuanceOf, type LendingChange, type LendingRows, type LoanRow, notesOf } from '../rows.ts';
import { annuitySchedule } from '../schedule.ts';
import { INVESTORS_MAX } from '../settings.ts';
import {
  amountText,
  type LendingDecision,
  type LendingView,
  loanEvent,
  loanUuid,
  ownEvent,
  rejectFor,
} from './common.ts';

interface Funding {
  loan: LoanRow;
  userId: string;
  amount: bigint;
  at: number;
}

interface Effects {
  entries: LedgerEntry[];
  changes: LendingChange[];
  events: EventDraft[];
}

/**
 * Invests in a loan: cash → the loan's escrow. The last unit also pays the loan out, in the same decision.
 *
 * Refused: `invalid_amount` (by the loan's asset; by the currency where there is no such loan).
 * Rejected, the first that applies: `loan_not_found`, `loan_fully_funded` (whatever became of it later), `loan_closed`
 * (expired, or past its deadline), `own_loan`, `exceeds_remaining` (all or nothing, and less is open), `investor_limit`,
 * `insufficient_funds` (for what would be accepted: `allow_partial` is about the loan's side only), `balance_limit` (the
 * borrower's account could not take the payout).
 */
export function decideFunding(command: CommandOf<'fund_loan'>, view: LendingView): LendingDecision {
  const { params } = command;
  const userId = ownerOf(command);
  const loanId = loanUuid(params.loan_id);
  const loan = view.rows.loans.get(loanId);
  const asset = loan ? { code: loan.asset, scale: loan.scale } : view.assets.currency;
  const read = amountIn(asset, params.amount);
  if (!read.ok) return read.decision;
  if (!loan) return rejectFor(loanId, 'loan_not_found');

  const remaining = loan.amount - loan.funded;
  const amount = params.allow_partial === true && read.minor > remaining ? remaining : read.minor;
  const funding: Funding = { loan, userId, amount, at: command.at };
  const closed = whyClosed(funding);
  if (closed) return rejectFor(loanId, closed);
  if (amount > remaining) return rejectFor(loanId, 'exceeds_remaining', { remaining: amountText(loan, remaining) });
  if (!view.rows.stakes.get(loanId, userId) && loan.investorCount >= INVESTORS_MAX)
    return rejectFor(loanId, 'investor_limit');
  if (view.ledger.available(cashOf(userId, loan.asset)) < amount) return rejectFor(loanId, 'insufficient_funds');

  const effects: Effects = {
    entries: [
      {
        type: 'transfer',
        debit: cashOf(userId, loan.asset),
        credit: escrowOf(loanId, loan.asset),
        amount,
        reason: 'loan_funding',
      },
    ],
    changes: [{ type: 'stake_added', loanId, userId, amount, at: command.at }],
    events: [],
  };
  if (amount === remaining) {
    if (!view.ledger.canCredit(cashOf(loan.borrowerId, loan.asset), loan.amount))
      return rejectFor(loanId, 'balance_limit');
    disburse(funding, view.rows, effects);
  }
  const accepted = { asset: loan.asset, accepted_amount: amountText(loan, amount) };
  return completed({ loan_id: formatId('loan', loanId), ...accepted }, effects);
}

function whyClosed({ loan, userId, at }: Funding): Reason | undefined {
  if (loan.funded === loan.amount) return 'loan_fully_funded';
  if (loan.status !== 'open' || at >= loan.fundingDeadline) return 'loan_closed';
  return userId === loan.borrowerId ? 'own_loan' : undefined;
}

/** Escrow → borrower; every investor gets notes for what they put in; the schedule starts today. */
function disburse({ loan, userId, amount, at }: Funding, rows: LendingRows, effects: Effects): void {
  const stakes = new Map<string, bigint>();
  for (const stake of rows.stakes.all(loan.id).values()) stakes.set(stake.userId, stake.amount);
  stakes.set(userId, (stakes.get(userId) ?? 0n) + amount);
  const holders = [...stakes.keys()].sort();
  const debit = escrowOf(loan.id, loan.asset);
  effects.entries.push({
    type: 'transfer',
    debit,
    credit: cashOf(loan.borrowerId, loan.asset),
    amount: loan.amount,
    reason: 'loan_disbursal',
  });
  const total = amountText(loan, loan.amount);
  effects.events.push(
    loanEvent('loan_funded', loan.id, { amount: total, investors: holders.length }),
    ownEvent('loan_disbursed', loan, loan.borrowerId, { amount: total }),
  );
  for (const holder of holders) {
    const stake = stakes.get(holder) as bigint;
    effects.entries.push({
      type: 'transfer',
      debit: issuanceOf(loan.id),
      credit: notesOf(loan.id, holder),
      amount: stake,
      reason: 'notes_issued',
    });
    effects.events.push(ownEvent('notes_issued', loan, holder, { amount: amountText(loan, stake) }));
  }
  const schedule = annuitySchedule({
    amount: loan.amount,
    apr: loan.apr,
    termMonths: loan.termMonths,
    startDate: dateOf(at),
  });
  effects.changes.push({ type: 'loan_disbursed', loanId: loan.id, at, schedule, holders });
}
