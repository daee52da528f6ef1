import { readId } from '@millrace/client/reading';
import type { WireCreateLoan } from '@millrace/contract';
import { readEmail } from '@millrace/contract/email';
import type { TextRow } from './batch-text.ts';
import { checkFields, type CheckOptions, type LoanTerms } from './loan-fields.ts';

/** What has become of a row. */
export type Outcome =
  | { state: 'sending' }
  | { state: 'created' | 'existed'; loanId: string }
  | { state: 'refused'; words: string }
  /** Nobody knows: it can be sent again, and acts once. */
  | { state: 'unsure'; words: string };

/** A row that was checked. */
export interface BatchRow extends TextRow {
  errors: string[];
  terms: LoanTerms | undefined;
}

/** A row as it is sent. */
export interface ReadyRow {
  line: number;
  body: WireCreateLoan;
  /** The same for the same loan, whenever and from whichever file it is sent. */
  key: string;
}

/** Who borrows, as rows name them, and the id of each; null: there is nobody. */
export type Borrowers = ReadonlyMap<string, string | null>;

/** An id is the same however it was pasted, an address without regard to case, form and spaces around it. */
export function borrowerName(typed: string): string {
  const id = readId(typed, 'usr');
  return id.ok ? id.value : (readEmail(typed)?.key ?? typed.trim());
}

export function checkRow(row: TextRow, options: CheckOptions): BatchRow {
  if (row.fault !== undefined) return { ...row, errors: [row.fault], terms: undefined };
  const { errors, terms } = checkFields(row.fields, options);
  const words = Object.entries(errors).map(([name, text]) => `${name}: ${text}`);
  return { ...row, errors: words, terms: words.length === 0 ? terms : undefined };
}

/** What is wrong with a row when the borrowers are known. */
export function errorsOf(row: BatchRow, borrowers: Borrowers): string[] {
  const isNobody = borrowers.get(borrowerName(row.fields.borrower)) === null;
  return isNobody ? [...row.errors, `borrower: There is no user “${row.fields.borrower.trim()}”.`] : row.errors;
}

/** The rows that can be sent, in their order. */
export function readyRows(rows: readonly BatchRow[], borrowers: Borrowers): ReadyRow[] {
  const seen = new Map<string, number>();
  return rows.flatMap(({ line, fields, terms }) => {
    const borrower_id = borrowers.get(borrowerName(fields.borrower));
    if (!terms || typeof borrower_id !== 'string') return [];
    const body: WireCreateLoan = { borrower_id, ...terms };
    const text = JSON.stringify(body);
    // Two equal rows are two loans; the same file again is none.
    const count = (seen.get(text) ?? 0) + 1;
    seen.set(text, count);
    return [{ line, body, key: `loan-batch-${digest(text)}-${count}` }];
  });
}

const OFFSETS: readonly bigint[] = [0xcbf29ce484222325n, 0x84222325cbf29ce4n];
const PRIME = 0x100000001b3n;

/**
 * 128 bits of FNV-1a: the browser's own hashes need a secure connection, which a server in one's own house may lack. Were
 * two loans ever to have the same, the server would see that they differ, and refuse the second.
 */
function digest(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return OFFSETS.map((offset) => {
    let hash = offset;
    for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
    return hash.toString(16).padStart(16, '0');
  }).join('');
}
