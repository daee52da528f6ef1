import type { Command, Loaded, Loader } from '../desk.ts';
import { readGroups, readNoteHolders, readRows, readUsers, RowGroups, RowSet } from '../kit/index.ts';
import { accountsOf, fundersAccounts } from './accounts.ts';
import { mayComplete, type Names, namesOf } from './names.ts';
import { installments, isOwing, type LendingRows, loans, noteAssetOf, noteAssets, stakes } from './rows.ts';
import type { LendingSettings } from './settings.ts';

/**
 * Locks the loans that the commands name, by id: a loan's row is the lock of its stakes, schedule and notes, which are
 * read after it, without locks of their own. What a funding needs is known from the command itself and asked for at once.
 */
export async function loadLending(
  loader: Loader,
  commands: readonly Command[],
  settings: LendingSettings,
): Promise<Loaded<LendingRows>> {
  const names = namesOf(commands, settings.currency);
  const loading = [
    readRows(loader, loans, names.loanIds),
    readUsers(loader, names.borrowerIds),
    readRows(loader, stakes, fundersOf(names)),
  ] as const;
  loader.lockEarly(fundersAccounts(names, settings.currency.code));
  const [named, users, ofFunders] = await Promise.all(loading);
  const rows: LendingRows = {
    users,
    loans: new RowSet(loans, named),
    stakes: new RowGroups(stakes).know(ofFunders),
    noteAssets: new RowSet(noteAssets),
    installments: new RowGroups(installments),
    holders: new Map(),
    fundings: new Map(),
  };
  await loadWhole(loader, names, rows);
  return { rows, accounts: accountsOf(names, rows), holds: [], orders: [] };
}

/** All stakes of loans that may be paid out or ended, the schedule of those that may be paid or given up, and who is paid. */
async function loadWhole(loader: Loader, names: Names, rows: LendingRows): Promise<void> {
  const whole: string[] = [];
  const owing: string[] = [];
  const paying: string[] = [];
  for (const loan of rows.loans.values()) {
    const { id } = loan;
    if (loan.status === 'open') {
      if (names.ending.has(id) || mayComplete(loan, names.fundings.get(id) ?? [])) whole.push(id);
    } else if (isOwing(loan)) {
      if (names.paying.has(id)) paying.push(id);
      if (names.paying.has(id) || names.defaulting.has(id)) owing.push(id);
    }
  }
  const [ofWhole, schedules, holders] = await Promise.all([
    readGroups(loader, stakes, whole),
    readGroups(loader, installments, owing),
    readNoteHolders(loader, paying.map(noteAssetOf)),
  ]);
  rows.stakes.knowAll(whole, ofWhole);
  rows.installments.knowAll(owing, schedules);
  for (const id of paying) rows.holders.set(id, holders.get(noteAssetOf(id)) ?? []);
}

/** Loan and investor of each funding, each pair once. */
function fundersOf({ fundings }: Names): [loanId: string, userId: string][] {
  const funders: [string, string][] = [];
  for (const [loanId, ofLoan] of fundings)
    for (const userId of new Set(ofLoan.map((funding) => funding.userId))) funders.push([loanId, userId]);
  return funders;
}
