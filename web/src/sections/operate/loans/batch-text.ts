import { columnNamed, readColumns, readCsvText, readRow } from '@millrace/client/reading';
import { parseJson } from '@millrace/contract/strict-json';
import { FIELD_NAMES, type FieldName, type LoanFields } from './loan-fields.ts';

/** As many as one batch of orders has; more are several files. */
export const ROWS_MAX = 1_000;
/** A file's size: 1,000 rows with the longest purposes. */
export const FILE_BYTES_MAX = 1024 * 1024;

/** A row as it was read, with the number of its line in the text. */
export interface TextRow {
  line: number;
  fields: LoanFields;
  /** Why the row itself cannot be read. */
  fault?: string;
}

/** The rows, or why the text as a whole cannot be read. */
export type BatchText = { ok: true; rows: TextRow[] } | { ok: false; reason: string };

/** Other names that people give a column. */
const ALIASES: Readonly<Record<string, FieldName>> = {
  borrower_id: 'borrower',
  term: 'term_months',
  email: 'borrower',
};

const EMPTY: LoanFields = {
  borrower: '',
  purpose: '',
  amount: '',
  apr: '',
  term_months: '',
  grade: '',
  funding_deadline: '',
};

/** What a text has that was read in another encoding than its own. */
const REPLACEMENT = '\uFFFD';

/** Reads loans from CSV with a header (commas, semicolons or tabs), or from one JSON object a line. */
export function readBatch(text: string): BatchText {
  const plain = text.replace(/^\uFEFF/, '');
  if (plain.trim() === '') return { ok: false, reason: 'There is nothing to read yet.' };
  if (plain.includes(REPLACEMENT) || plain.includes('\u0000'))
    return { ok: false, reason: 'Some characters could not be read. Save the file as UTF-8 (“CSV UTF-8” in Excel).' };
  const read = plain.trimStart().startsWith('{') ? readLines(plain) : readCsv(plain);
  if (read.ok && read.rows.length === 0) return { ok: false, reason: 'There is a header, but no row below it.' };
  if (read.ok && read.rows.length > ROWS_MAX)
    return { ok: false, reason: `These are ${read.rows.length} rows; at most ${ROWS_MAX} go at once.` };
  return read;
}

const COLUMNS = { names: FIELD_NAMES, aliases: ALIASES };

function readLines(text: string): BatchText {
  const rows = text.split(/\r\n|\r|\n/).flatMap((content, index): TextRow[] => {
    if (content.trim() === '') return [];
    const parsed = parseJson(content);
    return [{ line: index + 1, ...(parsed.ok ? fieldsOf(parsed.value) : { fields: EMPTY, fault: parsed.detail }) }];
  });
  return { ok: true, rows };
}

function fieldsOf(value: unknown): Pick<TextRow, 'fields' | 'fault'> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { fields: EMPTY, fault: 'This line is no JSON object.' };
  const fields = { ...EMPTY };
  const seen = new Set<FieldName>();
  for (const [name, content] of Object.entries(value)) {
    const field = columnNamed(name, COLUMNS);
    if (field === undefined) return { fields, fault: `There is no field “${name}”.` };
    if (seen.has(field)) return { fields, fault: `The field “${field}” occurs twice.` };
    seen.add(field);
    if (typeof content === 'string' || typeof content === 'number') fields[field] = String(content);
    else if (content !== null) return { fields, fault: `The field “${name}” must be text or a number.` };
  }
  return { fields };
}

function readCsv(text: string): BatchText {
  const [header, ...records] = readCsvText(text).records;
  if (header && !('cells' in header)) return { ok: false, reason: `Line ${header.line}: ${header.fault}` };
  const columns = readColumns(header?.cells ?? [], COLUMNS);
  if (!columns.ok) return { ok: false, reason: columns.words };
  const missing = FIELD_NAMES.filter((name) => !columns.value.includes(name));
  if (missing.length > 0) return { ok: false, reason: `The header lacks: ${missing.join(', ')}.` };
  const rows = records.map((record): TextRow => {
    const row = readRow(record, columns.value);
    if ('fault' in row) return { line: row.line, fields: EMPTY, fault: row.fault };
    return { line: row.line, fields: { ...EMPTY, ...row.cells } };
  });
  return { ok: true, rows };
}
