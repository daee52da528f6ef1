import { bigintArray, plainArray, textArray, timestampArray, uuidArray } from '../../db/arrays.ts';
import type { Statement } from '../../db/transaction.ts';
import type { Writer } from '../desk.ts';
import { type InstallmentRow, type LendingRows, type LoanRow, mustGet, noteAssetOf } from './rows.ts';

const INSERT_LOANS: Statement = {
  name: 'lending_insert_loans',
  text: `insert into loans (id, borrower_id, purpose, asset, amount, apr, term_months, grade, funding_deadline, created_at,
  status, funded, investor_count, funded_at, next_number, next_due, collect_on, asked_on)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::numeric[], $7::integer[], $8::text[],
  $9::timestamptz[], $10::timestamptz[], $11::text[], $12::bigint[], $13::integer[], $14::timestamptz[], $15::integer[],
  $16::date[], $17::date[], $18::date[])`,
};
const UPDATE_LOANS: Statement = {
  name: 'lending_update_loans',
  text: `update loans l set status = v.status, funded = v.funded, investor_count = v.investor_count, funded_at = v.funded_at,
  next_number = v.next_number, next_due = v.next_due, collect_on = v.collect_on, asked_on = v.asked_on
from unnest($1::uuid[], $2::text[], $3::bigint[], $4::integer[], $5::timestamptz[], $6::integer[], $7::date[], $8::date[],
  $9::date[]) as v (id, status, funded, investor_count, funded_at, next_number, next_due, collect_on, asked_on)
where l.id = v.id`,
};
// Not one `on conflict do update`: under the loan's lock it is known which are there, and an upsert locks what it updates
// a second time and confirms what it inserts with another record of the log.
const INSERT_STAKES: Statement = {
  name: 'lending_insert_stakes',
  text: `insert into loan_stakes (loan_id, user_id, amount, number)
select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::integer[])`,
};
const UPDATE_STAKES: Statement = {
  name: 'lending_update_stakes',
  text: `update loan_stakes s set amount = v.amount
from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as v (loan_id, user_id, amount)
where s.loan_id = v.loan_id and s.user_id = v.user_id`,
};
const INSERT_NOTE_ASSETS: Statement = {
  name: 'lending_insert_note_assets',
  text: 'insert into assets (code, scale, name) select * from unnest($1::text[], $2::smallint[], $3::text[])',
};
const INSERT_INSTALLMENTS: Statement = {
  name: 'lending_insert_installments',
  text: `insert into installments (loan_id, number, due_date, principal, interest, fee, status, paid_at)
select * from unnest($1::uuid[], $2::integer[], $3::date[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::timestamptz[])`,
};
const UPDATE_INSTALLMENTS: Statement = {
  name: 'lending_update_installments',
  text: `update installments i set fee = v.fee, status = v.status, paid_at = v.paid_at
from unnest($1::uuid[], $2::integer[], $3::bigint[], $4::text[], $5::timestamptz[]) as v (loan_id, number, fee, status, paid_at)
where i.loan_id = v.loan_id and i.number = v.number`,
};

/** One statement a table, with the rows as they are after the whole batch. */
export function writeLending(writer: Writer, rows: LendingRows): void {
  const { dirty } = rows;
  const loan = (id: string): LoanRow => mustGet(rows.loans, id, 'loan');
  insertLoans(writer, [...dirty.newLoans].map(loan));
  updateLoans(writer, [...dirty.loans].filter((id) => !dirty.newLoans.has(id)).map(loan));
  insertStakes(writer, rows);
  updateStakes(writer, rows);
  insertNoteAssets(writer, [...dirty.schedules].map(loan));
  insertInstallments(
    writer,
    [...dirty.schedules].flatMap((loanId) => installmentsOf(rows, loanId)),
  );
  updateInstallments(
    writer,
    [...dirty.installments]
      .filter(([loanId]) => !dirty.schedules.has(loanId))
      .flatMap(([loanId, numbers]) => installmentsOf(rows, loanId).filter(({ row }) => numbers.has(row.number))),
  );
}

function insertLoans(writer: Writer, loans: readonly LoanRow[]): void {
  if (loans.length === 0) return;
  writer.write(INSERT_LOANS, [
    uuidArray(loans.map((loan) => loan.id)),
    uuidArray(loans.map((loan) => loan.borrowerId)),
    textArray(loans.map((loan) => loan.purpose)),
    textArray(loans.map((loan) => loan.asset)),
    bigintArray(loans.map((loan) => loan.amount)),
    plainArray(loans.map((loan) => loan.apr)),
    plainArray(loans.map((loan) => loan.termMonths)),
    plainArray(loans.map((loan) => loan.grade)),
    timestampArray(loans.map((loan) => loan.fundingDeadline)),
    timestampArray(loans.map((loan) => loan.createdAt)),
    ...stateColumns(loans),
  ]);
}

function updateLoans(writer: Writer, loans: readonly LoanRow[]): void {
  if (loans.length === 0) return;
  writer.write(UPDATE_LOANS, [uuidArray(loans.map((loan) => loan.id)), ...stateColumns(loans)]);
}

/** status, funded, investor_count, funded_at, next_number, next_due, collect_on, asked_on: all that changes about a loan. */
function stateColumns(loans: readonly LoanRow[]): unknown[] {
  return [
    plainArray(loans.map((loan) => loan.status)),
    bigintArray(loans.map((loan) => loan.funded)),
    plainArray(loans.map((loan) => loan.investorCount)),
    timestampArray(loans.map((loan) => loan.fundedAt)),
    plainArray(loans.map((loan) => loan.nextNumber)),
    plainArray(loans.map((loan) => loan.nextDue)),
    plainArray(loans.map((loan) => loan.collectOn)),
    plainArray(loans.map((loan) => loan.askedOn)),
  ];
}

function insertStakes(writer: Writer, { stakes, investorNumbers, dirty }: LendingRows): void {
  const { loanIds, userIds, amounts } = stakesOf(stakes, dirty.newStakes);
  if (loanIds.length === 0) return;
  const numbers = loanIds.map((loanId, i) =>
    mustGet(mustGet(investorNumbers, loanId, 'investors of loan'), userIds[i] as string, 'number of investor'),
  );
  writer.write(INSERT_STAKES, [uuidArray(loanIds), uuidArray(userIds), bigintArray(amounts), plainArray(numbers)]);
}

function updateStakes(writer: Writer, { stakes, dirty }: LendingRows): void {
  const { loanIds, userIds, amounts } = stakesOf(stakes, dirty.stakes);
  if (loanIds.length > 0) writer.write(UPDATE_STAKES, [uuidArray(loanIds), uuidArray(userIds), bigintArray(amounts)]);
}

function stakesOf(all: LendingRows['stakes'], written: ReadonlyMap<string, ReadonlySet<string>>) {
  const loanIds: string[] = [];
  const userIds: string[] = [];
  const amounts: bigint[] = [];
  for (const [loanId, changed] of written) {
    const stakes = mustGet(all, loanId, 'stakes of loan');
    for (const userId of changed) {
      loanIds.push(loanId);
      userIds.push(userId);
      amounts.push(mustGet(stakes, userId, 'stake of'));
    }
  }
  return { loanIds, userIds, amounts };
}

function insertNoteAssets(writer: Writer, loans: readonly LoanRow[]): void {
  if (loans.length === 0) return;
  writer.write(INSERT_NOTE_ASSETS, [
    textArray(loans.map((loan) => noteAssetOf(loan.id))),
    plainArray(loans.map((loan) => loan.scale)),
    textArray(loans.map((loan) => `Notes of loan ${loan.id}`)),
  ]);
}

interface InstallmentOf {
  loanId: string;
  row: InstallmentRow;
}

function installmentsOf(rows: LendingRows, loanId: string): InstallmentOf[] {
  return mustGet(rows.installments, loanId, 'schedule of loan').map((row) => ({ loanId, row }));
}

function insertInstallments(writer: Writer, installments: readonly InstallmentOf[]): void {
  if (installments.length === 0) return;
  writer.write(INSERT_INSTALLMENTS, [
    uuidArray(installments.map(({ loanId }) => loanId)),
    plainArray(installments.map(({ row }) => row.number)),
    plainArray(installments.map(({ row }) => row.dueDate)),
    bigintArray(installments.map(({ row }) => row.principal)),
    bigintArray(installments.map(({ row }) => row.interest)),
    ...paidColumns(installments),
  ]);
}

function updateInstallments(writer: Writer, installments: readonly InstallmentOf[]): void {
  if (installments.length === 0) return;
  writer.write(UPDATE_INSTALLMENTS, [
    uuidArray(installments.map(({ loanId }) => loanId)),
    plainArray(installments.map(({ row }) => row.number)),
    ...paidColumns(installments),
  ]);
}

/** fee, status, paid_at: all that changes about an instalment. */
function paidColumns(installments: readonly InstallmentOf[]): unknown[] {
  return [
    bigintArray(installments.map(({ row }) => row.fee)),
    plainArray(installments.map(({ row }) => row.status)),
    timestampArray(installments.map(({ row }) => row.paidAt)),
  ];
}
