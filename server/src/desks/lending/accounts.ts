import { type AccountKey, accountKey, cashOf, SYSTEM_OWNER } from '../../ledger/index.ts';
import type { Names, PossibleLoan } from './names.ts';
import { escrowOf, isOwing, issuanceOf, type LendingRows, notesOf } from './rows.ts';

/** The accounts that fundings touch, as far as commands alone tell: loans are mostly in the installation's currency. */
export function fundersAccounts({ fundings }: Names, currency: string): AccountKey[] {
  const accounts: AccountKey[] = [];
  for (const [loanId, ofLoan] of fundings) {
    accounts.push(escrowOf(loanId, currency));
    for (const { userId } of ofLoan) accounts.push(cashOf(userId, currency));
  }
  return accounts;
}

/** Every account that a decision about the named loans may touch, given the rows that were read. */
export function accountsOf(names: Names, rows: LendingRows): AccountKey[] {
  const accounts: AccountKey[] = [];
  for (const loanId of names.loanIds) {
    const loan = rows.loans.get(loanId);
    const loans: readonly PossibleLoan[] = loan ? [loan] : (names.created.get(loanId) ?? []);
    for (const possible of loans) {
      if (!loan || loan.status === 'open') fundingAccounts(loanId, possible, names, rows, accounts);
      if (!loan || !isOwing(loan)) continue;
      paymentAccounts(loanId, possible, rows.holders.get(loanId) ?? [], accounts);
      for (const userId of names.recovering.get(loanId) ?? []) accounts.push(cashOf(userId, possible.asset));
    }
  }
  return accounts;
}

/** Of a loan that is open, or may be created by this batch: it may complete in this batch, and may even be repaid in it. */
function fundingAccounts(
  loanId: string,
  { borrowerId, asset }: PossibleLoan,
  names: Names,
  rows: LendingRows,
  accounts: AccountKey[],
): void {
  const funders = (names.fundings.get(loanId) ?? []).map(({ userId }) => userId);
  accounts.push(escrowOf(loanId, asset), ...funders.map((userId) => cashOf(userId, asset)));
  const isNew = !rows.loans.has(loanId);
  if (!isNew && !rows.stakes.isWhole(loanId)) return;
  const before = isNew ? [] : [...rows.stakes.all(loanId).values()].map(({ userId }) => userId);
  const investors = [...new Set([...before, ...funders])];
  if (names.ending.has(loanId)) for (const userId of investors) accounts.push(cashOf(userId, asset));
  if (funders.length === 0) return;
  accounts.push(cashOf(borrowerId, asset), issuanceOf(loanId));
  for (const userId of investors) accounts.push(notesOf(loanId, userId));
  if (!names.paying.has(loanId)) return;
  paymentAccounts(loanId, { borrowerId, asset }, investors, accounts);
  for (const userId of names.recovering.get(loanId) ?? []) accounts.push(cashOf(userId, asset));
}

function paymentAccounts(
  loanId: string,
  { borrowerId, asset }: PossibleLoan,
  holders: readonly string[],
  accounts: AccountKey[],
): void {
  accounts.push(cashOf(borrowerId, asset), accountKey(SYSTEM_OWNER, 'fees', asset), issuanceOf(loanId));
  for (const userId of holders) accounts.push(notesOf(loanId, userId), cashOf(userId, asset));
}
