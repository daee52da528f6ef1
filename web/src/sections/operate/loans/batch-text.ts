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

/** Reads loans from CSV with a header (comma or semicolon), or from one JSON object a line. */
export function readBatch(text: string): BatchText {
  const plain = text.replace(/^\uFEFF/, '');
  if (plain.trim() === '') return { ok: false, reason: 'There is nothing to read yet.' };
  const read = plain.trimStart().startsWith('{') ? readLines(plain) : readCsv(plain);
  if (read.ok && read.rows.length === 0) return { ok: false, reason: 'There is a header, but no row below it.' };
  if (read.ok && read.rows.length > ROWS_MAX)
    return { ok: false, reason: `These are ${read.rows.length} rows; at most ${ROWS_MAX} go at once.` };
  return read;
}

function fieldNamed(name: string): FieldName | undefined {
  const plain = name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  return ALIASES[plain] ?? FIELD_NAMES.find((field) => field === plain);
}

function readLines(text: string): BatchText {
  const rows = text.split(/\r?\n/).flatMap((content, index): TextRow[] => {
    if (content.trim() === '') return [];
    const line = index + 1;
    try {
      return [{ line, ...fieldsOf(JSON.parse(content)) }];
    } catch {
      return [{ line, fields: EMPTY, fault: 'This line is no JSON object.' }];
    }
  });
  return { ok: true, rows };
}

function fieldsOf(value: unknown): Pick<TextRow, 'fields' | 'fault'> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('no object');
  const fields = { ...EMPTY };
  for (const [name, content] of Object.entries(value)) {
    const field = fieldNamed(name);
    if (field === undefined) return { fields, fault: `Nobody knows a field “${name}”.` };
    if (typeof content === 'string' || typeof content === 'number') fields[field] = String(content);
  }
  return { fields };
}

function readCsv(text: string): BatchText {
  const [firstLine = ''] = text.split(/\r?\n/, 1);
  const separator = firstLine.includes(';') ? ';' : ',';
  const [header, ...records] = parseCsv(text, separator);
  const columns = (header?.cells ?? []).map(fieldNamed);
  const unknown = header?.cells.find((_, index) => columns[index] === undefined);
  if (unknown !== undefined)
    return { ok: false, reason: `Nobody knows a column “${unknown}”. The columns are: ${FIELD_NAMES.join(', ')}.` };
  const missing = FIELD_NAMES.filter((name) => !columns.includes(name));
  if (missing.length > 0) return { ok: false, reason: `The header lacks: ${missing.join(', ')}.` };
  const rows = records.map(({ line, cells }): TextRow => {
    const fields = { ...EMPTY };
    columns.forEach((name, index) => {
      if (name) fields[name] = cells[index] ?? '';
    });
    const fault =
      cells.length === columns.length ? undefined : `It has ${cells.length} cells; the header has ${columns.length}.`;
    return { line, fields, ...(fault === undefined ? {} : { fault }) };
  });
  return { ok: true, rows };
}

interface CsvRecord {
  line: number;
  cells: string[];
}

/** RFC 4180: a cell in quotes may hold separators, line breaks and doubled quotes. Empty lines are left out. */
function parseCsv(text: string, separator: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  let line = 1;
  let start = 1;
  const endCell = (): void => {
    cells.push(cell.trim());
    cell = '';
  };
  const endRecord = (): void => {
    endCell();
    if (cells.some((content) => content !== '')) records.push({ line: start, cells });
    cells = [];
  };
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '\n') line += 1;
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text.charAt(index + 1) === '"') {
        cell += '"';
        index += 1;
      } else isQuoted = false;
    } else if (character === '"' && cell.trim() === '') {
      cell = '';
      isQuoted = true;
    } else if (character === separator) endCell();
    else if (character === '\n') {
      endRecord();
      start = line;
    } else cell += character;
  }
  endRecord();
  return records;
}
