import { parseAmount } from '../../core/money.ts';
import { cashOf } from '../../ledger/index.ts';
import { type CommandOf, type KindOfDesk, type Named, uuidIn } from '../kit/index.ts';
import { loanUuid } from './decide/common.ts';
import { escrowOf, isOwing, type LendingRows, type LoanRow, noteAssetOf, type RequestedFunding } from './rows.ts';
import type { LendingSettings } from './settings.ts';

export type LendingNamed = Named<LendingRows, LendingSettings>;
type OnLoan = CommandOf<Exclude<KindOfDesk<'lending'>, 'create_loan'>>;

/** A loan's row is the lock of its stakes, schedule and notes, which are read after it, without locks of their own. */
function theLoan({ params }: OnLoan, { rows }: LendingNamed): string {
  const id = loanUuid(params.loan_id);
  rows.loans.ask(id);
  return id;
}

/** What a funding needs is mostly known at once: loans are in the installation's currency, but for a few. */
export function namesFunding(command: CommandOf<'fund_loan'>, named: LendingNamed): void {
  const loanId = theLoan(command, named);
  const { userId, params } = command;
  if (userId === null) return;
  const { rows, settings } = named;
  rows.stakes.ask(loanId, userId);
  named.account(cashOf(userId, settings.currency.code));
  const funding = { userId, amount: params.amount, allowPartial: params.allow_partial === true };
  if (push(rows.plans.fundings, loanId, funding) === 1) named.account(escrowOf(loanId, settings.currency.code));
}

export function namesNew({ id, params }: CommandOf<'create_loan'>, { rows, settings }: LendingNamed): void {
  const loanId = params.loan_id === undefined ? id : loanUuid(params.loan_id);
  const borrowerId = uuidIn('user', params.borrower_id);
  rows.loans.ask(loanId);
  rows.users.ask(borrowerId);
  rows.loans.expect(loanId, { borrowerId, asset: params.asset ?? settings.currency.code });
}

export function namesRecovery(command: CommandOf<'recover_loan'>, named: LendingNamed): void {
  const loanId = theLoan(command, named);
  const { plans } = named.rows;
  plans.paying.add(loanId);
  if (command.userId !== null) push(plans.recovering, loanId, command.userId);
}

export function namesPayment(command: OnLoan, named: LendingNamed): void {
  named.rows.plans.paying.add(theLoan(command, named));
}

export function namesEnd(command: OnLoan, named: LendingNamed): void {
  named.rows.plans.ending.add(theLoan(command, named));
}

export function namesDefault(command: OnLoan, named: LendingNamed): void {
  named.rows.plans.defaulting.add(theLoan(command, named));
}

/** @returns how many there are now. */
function push<Value>(map: Map<string, Value[]>, key: string, value: Value): number {
  const values = map.get(key);
  if (values) return values.push(value);
  map.set(key, [value]);
  return 1;
}

/** All stakes of loans that may be paid out or ended, the schedule of those that may be paid or given up, and who is paid. */
export function furtherOfLoans({ rows }: LendingNamed): void {
  const { loans, stakes, installments, holders, plans } = rows;
  for (const loan of loans.values()) {
    const { id } = loan;
    if (loan.status === 'open') {
      if (plans.ending.has(id) || mayComplete(loan, plans.fundings.get(id) ?? [])) stakes.askAll(id);
    } else if (isOwing(loan)) {
      if (plans.paying.has(id)) holders.ask(noteAssetOf(id));
      if (plans.paying.has(id) || plans.defaulting.has(id)) installments.askAll(id);
    }
  }
}

/** Whether the batch's fundings could add up to all that is still open on the loan. */
function mayComplete(loan: LoanRow, fundings: readonly RequestedFunding[]): boolean {
  const remaining = loan.amount - loan.funded;
  let sum = 0n;
  for (const { amount, allowPartial } of fundings) {
    const parsed = parseAmount(amount, loan.scale);
    if (!parsed.ok) continue;
    if (parsed.minor <= remaining) sum += parsed.minor;
    else if (allowPartial) sum += remaining;
    if (sum >= remaining) return true;
  }
  return false;
}
