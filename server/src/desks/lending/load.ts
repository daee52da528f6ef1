import { textArray, uuidArray } from '../../db/arrays.ts';
import type { Statement } from '../../db/transaction.ts';
import type { Command, Loaded, Loader } from '../desk.ts';
import { accountsOf, fundersAccounts } from './accounts.ts';
import { mayComplete, type Names, namesOf } from './names.ts';
import {
  INSTALLMENT_COLUMNS,
  type InstallmentRecord,
  installmentRow,
  LOAN_COLUMNS,
  type LoanRecord,
  loanRow,
} from './records.ts';
import { type InstallmentRow, isOwing, type LendingRows, type LoanRow, noteAssetOf } from './rows.ts';
import type { LendingSettings } from './settings.ts';

const SELECT_LOANS: Statement = {
  name: 'lending_select_loans',
  text: `select ${LOAN_COLUMNS} from loans l where l.id = any($1::uuid[]) order by l.id`,
};
const SELECT_STAKES: Statement = {
  name: 'lending_select_stakes',
  text: `select s.loan_id, s.user_id, s.amount, s.number
from unnest($1::uuid[], $2::uuid[]) as p (loan_id, user_id)
join loan_stakes s on s.loan_id = p.loan_id and s.user_id = p.user_id`,
};
const SELECT_WHOLE_STAKES: Statement = {
  name: 'lending_select_whole_stakes',
  text: 'select loan_id, user_id, amount from loan_stakes where loan_id = any($1::uuid[])',
};
const SELECT_INSTALLMENTS: Statement = {
  name: 'lending_select_installments',
  text: `select ${INSTALLMENT_COLUMNS} from installments where loan_id = any($1::uuid[]) order by loan_id, number`,
};
const SELECT_HOLDERS: Statement = {
  name: 'lending_select_holders',
  text: `select asset, owner_id from accounts
where purpose = 'notes' and asset = any($1::text[]) and balance > 0 order by asset, owner_id`,
};
const SELECT_USERS: Statement = {
  name: 'lending_select_users',
  text: 'select id from users where id = any($1::uuid[])',
};

interface StakeRecord {
  loan_id: string;
  user_id: string;
  amount: bigint;
}

type FunderRecord = StakeRecord & { number: number };

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
    selectLoans(loader, names),
    selectUsers(loader, names),
    selectStakesOfFunders(loader, names),
  ] as const;
  loader.lockEarly(fundersAccounts(names, settings.currency.code));
  const [loans, users, ofFunders] = await Promise.all(loading);
  const wholeStakes = new Set<string>();
  for (const [id, loan] of loans) {
    if (loan.status !== 'open') continue;
    if (names.ending.has(id) || mayComplete(loan, names.fundings.get(id) ?? [])) wholeStakes.add(id);
  }
  const [ofWhole, installments, holders] = await Promise.all([
    selectWholeStakes(loader, wholeStakes),
    selectInstallments(loader, names, loans),
    selectHolders(loader, names, loans),
  ]);
  const rows: LendingRows = {
    users,
    loans,
    stakes: stakesByLoan(loans, [ofFunders, ofWhole]),
    wholeStakes,
    installments,
    holders,
    investorNumbers: numbersByLoan(loans, ofFunders),
    fundings: new Map(),
    dirty: {
      newLoans: new Set(),
      loans: new Set(),
      newStakes: new Map(),
      stakes: new Map(),
      schedules: new Set(),
      installments: new Map(),
    },
  };
  return { rows, accounts: accountsOf(names, rows), holds: [], orders: [] };
}

async function selectLoans(loader: Loader, { loanIds }: Names): Promise<Map<string, LoanRow>> {
  const statement = { ...SELECT_LOANS, text: SELECT_LOANS.text + loader.forUpdate };
  const records = await loader.select<LoanRecord>(statement, [uuidArray([...loanIds])]);
  return new Map(records.map((record) => [record.id, loanRow(record)]));
}

async function selectUsers(loader: Loader, { borrowerIds }: Names): Promise<Set<string>> {
  if (borrowerIds.size === 0) return new Set();
  const records = await loader.select<{ id: string }>(SELECT_USERS, [uuidArray([...borrowerIds])]);
  return new Set(records.map(({ id }) => id));
}

async function selectStakesOfFunders(loader: Loader, { fundings }: Names): Promise<FunderRecord[]> {
  const loanIds: string[] = [];
  const userIds: string[] = [];
  for (const [loanId, ofLoan] of fundings) {
    for (const userId of new Set(ofLoan.map((funding) => funding.userId))) {
      loanIds.push(loanId);
      userIds.push(userId);
    }
  }
  return loanIds.length === 0 ? [] : loader.select(SELECT_STAKES, [uuidArray(loanIds), uuidArray(userIds)]);
}

async function selectWholeStakes(loader: Loader, loanIds: ReadonlySet<string>): Promise<StakeRecord[]> {
  return loanIds.size === 0 ? [] : loader.select(SELECT_WHOLE_STAKES, [uuidArray([...loanIds])]);
}

function stakesByLoan(
  loans: ReadonlyMap<string, LoanRow>,
  records: readonly StakeRecord[][],
): Map<string, Map<string, bigint>> {
  const stakes = new Map([...loans.keys()].map((loanId) => [loanId, new Map<string, bigint>()]));
  for (const some of records) {
    for (const { loan_id, user_id, amount } of some) stakes.get(loan_id)?.set(user_id, amount);
  }
  return stakes;
}

function numbersByLoan(
  loans: ReadonlyMap<string, LoanRow>,
  records: readonly FunderRecord[],
): Map<string, Map<string, number>> {
  const numbers = new Map([...loans.keys()].map((loanId) => [loanId, new Map<string, number>()]));
  for (const { loan_id, user_id, number } of records) numbers.get(loan_id)?.set(user_id, number);
  return numbers;
}

async function selectInstallments(
  loader: Loader,
  names: Names,
  loans: ReadonlyMap<string, LoanRow>,
): Promise<Map<string, InstallmentRow[]>> {
  const loanIds = owingOf([...names.paying, ...names.defaulting], loans);
  const schedules = new Map(loanIds.map((loanId) => [loanId, [] as InstallmentRow[]]));
  if (loanIds.length === 0) return schedules;
  const records = await loader.select<InstallmentRecord>(SELECT_INSTALLMENTS, [uuidArray(loanIds)]);
  for (const record of records) schedules.get(record.loan_id)?.push(installmentRow(record));
  return schedules;
}

async function selectHolders(
  loader: Loader,
  names: Names,
  loans: ReadonlyMap<string, LoanRow>,
): Promise<Map<string, string[]>> {
  const byAsset = new Map(
    owingOf(names.paying, loans).map((loanId) => [noteAssetOf(loanId), { loanId, owners: [] as string[] }]),
  );
  if (byAsset.size > 0) {
    const records = await loader.select<{ asset: string; owner_id: string }>(SELECT_HOLDERS, [
      textArray([...byAsset.keys()]),
    ]);
    for (const { asset, owner_id } of records) byAsset.get(asset)?.owners.push(owner_id);
  }
  return new Map([...byAsset.values()].map(({ loanId, owners }) => [loanId, owners]));
}

function owingOf(loanIds: Iterable<string>, loans: ReadonlyMap<string, LoanRow>): string[] {
  return [...new Set(loanIds)].filter((loanId) => {
    const loan = loans.get(loanId);
    return loan !== undefined && isOwing(loan);
  });
}
