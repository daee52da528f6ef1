import { accountKey, SYSTEM_OWNER } from '../../ledger/index.ts';
import type { LendingNamed } from './naming.ts';
import { escrowOf, isOwing, issuanceOf, noteAssetOf, notesOf } from './rows.ts';

/** A loan that is there, or that a command of the batch may create. */
interface PossibleLoan {
  id: string;
  borrowerId: string;
  asset: string;
}

/** Every account that a decision about the named loans may touch, given the rows that were read. By loan: many commands are about one. */
export function accountsOfLoans(named: LendingNamed): void {
  const { loans, holders, plans } = named.rows;
  for (const id of loans.named as ReadonlySet<string>) {
    const loan = loans.get(id);
    for (const { borrowerId, asset } of loans.possible(id)) {
      const possible = { id, borrowerId, asset };
      if (!loan || loan.status === 'open') fundingAccounts(possible, named);
      if (!loan || !isOwing(loan)) continue;
      paymentAccounts(possible, holders.get(noteAssetOf(id)) ?? [], named);
      for (const userId of plans.recovering.get(id) ?? []) named.cash(userId, asset);
    }
  }
}

/** Of a loan that is open, or may be created by this batch: it may complete in this batch, and may even be repaid in it. */
function fundingAccounts(loan: PossibleLoan, named: LendingNamed): void {
  const { id, borrowerId, asset } = loan;
  const { loans, stakes, plans } = named.rows;
  const fundings = plans.fundings.get(id) ?? [];
  // Those in the currency were named by the fundings themselves.
  const isNamed = fundings.length > 0 && asset === named.settings.currency.code;
  if (!isNamed) {
    named.account(escrowOf(id, asset));
    for (const { userId } of fundings) named.cash(userId, asset);
  }
  const isNew = !loans.has(id);
  if (!isNew && !stakes.isWhole(id)) return;
  const investors = new Set(isNew ? [] : [...stakes.all(id).values()].map(({ userId }) => userId));
  for (const { userId } of fundings) investors.add(userId);
  if (plans.ending.has(id)) for (const userId of investors) named.cash(userId, asset);
  if (fundings.length === 0) return;
  named.cash(borrowerId, asset);
  named.account(issuanceOf(id));
  for (const userId of investors) named.account(notesOf(id, userId));
  if (!plans.paying.has(id)) return;
  paymentAccounts(loan, investors, named);
  for (const userId of plans.recovering.get(id) ?? []) named.cash(userId, asset);
}

function paymentAccounts(
  { id, borrowerId, asset }: PossibleLoan,
  holders: Iterable<string>,
  named: LendingNamed,
): void {
  named.cash(borrowerId, asset);
  named.account(accountKey(SYSTEM_OWNER, 'fees', asset));
  named.account(issuanceOf(id));
  for (const userId of holders) {
    named.account(notesOf(id, userId));
    named.cash(userId, asset);
  }
}
