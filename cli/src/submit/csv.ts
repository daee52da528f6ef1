import {
  type Columns,
  createCsvReader,
  type CsvRecord,
  readColumns,
  readRow,
  type TextLine,
} from '@millrace/client/reading';
import { CliFailure } from '../failure.ts';
import { type CurrencyScale, NAMES, type FieldName, valuesOf } from './cells.ts';
import { type Entry, faultOf, type FileOrder } from './entry.ts';
import type { Line } from './input.ts';

export interface CsvOptions {
  /** For lines that name no kind. */
  kind?: string | undefined;
  /** The installation's currency: an amount of another asset is read without knowing how many places it has. */
  currency?: CurrencyScale | undefined;
}

/**
 * CSV as spreadsheets write it, record by record, so that a file of any size is read with little memory. The first one names the
 * fields (`kind`, `id`, and the parameters of the kinds), each further one is an order. An empty cell is a field that is not there.
 *
 * @throws CliFailure where the header names a field that no order has.
 */
export async function* readCsv(lines: AsyncIterable<Line>, options: CsvOptions = {}): AsyncGenerator<Entry> {
  let columns: Columns<FieldName> | undefined;
  for await (const record of recordsOf(lines)) {
    if (columns) yield entryOf(record, columns, options);
    else columns = columnsOf(record, options);
  }
}

/** A line that cannot be read ends a quoted cell that is open. */
async function* recordsOf(lines: AsyncIterable<Line>): AsyncGenerator<CsvRecord> {
  const reader = createCsvReader();
  for await (const line of lines) {
    if ('fault' in line) {
      yield* reader.end();
      yield { ...line, text: '' };
    } else yield* reader.push(line satisfies TextLine);
  }
  yield* reader.end();
}

function columnsOf(record: CsvRecord, { kind }: CsvOptions): Columns<FieldName> {
  if ('fault' in record)
    throw new CliFailure('usage', `line ${record.line}, which should be the header, cannot be read: ${record.fault}`);
  const columns = readColumns(record.cells, { names: NAMES });
  if (!columns.ok) throw new CliFailure('usage', columns.words);
  if (kind === undefined && !columns.value.includes('kind')) {
    throw new CliFailure('usage', 'the header has no "kind"', {
      hint: 'Add the column, or say --kind fund_loan for all lines.',
    });
  }
  return columns.value;
}

function entryOf(record: CsvRecord, columns: Columns<FieldName>, { kind, currency }: CsvOptions): Entry {
  const row = readRow(record, columns);
  if ('fault' in row) return faultOf(row.line, row.fault, row.text);
  const values = valuesOf(row.cells, currency);
  if (!values.ok) return faultOf(row.line, values.words, row.text);
  const order = kind === undefined ? values.value : { kind, ...values.value };
  if (typeof order['kind'] !== 'string') return faultOf(row.line, '`kind` is missing', row.text);
  return { line: row.line, order: order as FileOrder };
}
