import { KINDS } from '@millrace/contract';
import { parse } from 'csv-parse/sync';
import { CliFailure } from '../failure.ts';
import { type Entry, type FileOrder, faultOf } from './entry.ts';
import { LINE_BYTES_MAX, type Line } from './lines.ts';

/** A quoted field may hold line breaks, but a quote that is never closed must not swallow the file. */
const RECORD_LINES_MAX = 100;

/** Lines that belong together; most records are one line. */
interface CsvRecord {
  line: number;
  text: string;
}

type RecordOrFault = CsvRecord | Extract<Entry, { fault: string }>;

/**
 * RFC 4180: the first line names the fields (`kind`, `id`, and the parameters of the kinds), each further record is an
 * order. An empty cell is a field that is not there.
 *
 * @throws CliFailure where the header names a field that no order has.
 */
export async function* readCsv(lines: AsyncIterable<Line>, defaultKind?: string): AsyncGenerator<Entry> {
  let header: string[] | undefined;
  for await (const record of records(lines)) {
    if ('fault' in record) yield record;
    else if (header === undefined) header = checkedHeader(cellsOf(record.text), defaultKind !== undefined);
    else yield entryOf(record, header, defaultKind);
  }
}

/** Joins lines until the quotes are closed. Where they never are, the first line is at fault and the next is read anew. */
async function* records(lines: AsyncIterable<Line>): AsyncGenerator<RecordOrFault> {
  let open: { line: number; text: string }[] = [];
  let size = 0;

  function* settle(atEnd: boolean): Generator<RecordOrFault> {
    while (open.length > 0) {
      const count = closedAfter(open);
      const first = open[0] as CsvRecord;
      if (count > 0) {
        const taken = open.splice(0, count);
        const text = taken.map((part) => part.text).join('\n');
        if (text.trim() !== '') yield { line: first.line, text };
      } else if (atEnd || open.length >= RECORD_LINES_MAX || size > LINE_BYTES_MAX) {
        open.shift();
        yield faultOf(first.line, 'a quote is not closed', first.text);
      } else {
        break;
      }
      size = open.reduce((sum, part) => sum + part.text.length, 0);
    }
  }

  for await (const line of lines) {
    if ('fault' in line) {
      yield* settle(true);
      yield faultOf(line.line, line.fault);
      continue;
    }
    open.push(line);
    size += line.text.length;
    yield* settle(false);
  }
  yield* settle(true);
}

/** How many of the lines make a record with an even number of quotes; 0 where all of them leave one open. */
function closedAfter(parts: readonly CsvRecord[]): number {
  let quotes = 0;
  for (const [index, { text }] of parts.entries()) {
    quotes += text.split('"').length - 1;
    if (quotes % 2 === 0) return index + 1;
  }
  return 0;
}

function cellsOf(text: string): string[] {
  // Most records have no quotes, and the parser's set-up costs more than the record.
  if (!text.includes('"')) return text.split(',').map((cell) => cell.trim());
  const rows = parse(text, { trim: true, relax_column_count: true });
  return rows[0] ?? [];
}

/** Every parameter of every order, and what its cells are made into. */
const PARAMETERS: ReadonlyMap<string, string | undefined> = new Map(
  Object.values(KINDS)
    .filter((kind) => kind.visible)
    .flatMap((kind) =>
      Object.entries(kind.params.properties).map(
        ([name, schema]) => [name, (schema as { type?: string }).type] as const,
      ),
    ),
);

function checkedHeader(names: string[], kindIsKnown: boolean): string[] {
  const unknown = names.filter((name) => name !== 'kind' && name !== 'id' && !PARAMETERS.has(name));
  if (unknown.length > 0) {
    const known = ['kind', 'id', ...PARAMETERS.keys()].join(', ');
    throw new CliFailure(
      'usage',
      `the header names ${unknown.map((name) => `"${name}"`).join(', ')}, which no order has`,
      {
        hint: `The fields are ${known}.`,
      },
    );
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new CliFailure('usage', `the header names "${twice}" twice`);
  if (!kindIsKnown && !names.includes('kind')) {
    throw new CliFailure('usage', 'the header has no "kind"', {
      hint: 'Add the column, or say --kind fund_loan for all lines.',
    });
  }
  return names;
}

function entryOf(record: CsvRecord, header: readonly string[], defaultKind: string | undefined): Entry {
  let cells: string[];
  try {
    cells = cellsOf(record.text);
  } catch {
    return faultOf(record.line, 'the quotes are not as CSV has them', record.text);
  }
  if (cells.length !== header.length) {
    return faultOf(record.line, `the line has ${cells.length} fields, the header ${header.length}`, record.text);
  }
  const order: { [name: string]: unknown } = defaultKind === undefined ? {} : { kind: defaultKind };
  header.forEach((name, index) => {
    const cell = cells[index] as string;
    if (cell !== '') order[name] = valueOf(cell, PARAMETERS.get(name));
  });
  if (typeof order['kind'] !== 'string') return faultOf(record.line, '`kind` is missing', record.text);
  return { line: record.line, order: order as FileOrder };
}

/** A cell as its schema wants it; what does not fit stays text, and the server says what is wrong with it. */
function valueOf(cell: string, type: string | undefined): unknown {
  if (type === 'integer' && /^-?\d{1,15}$/.test(cell)) return Number(cell);
  if (type === 'boolean' && /^(true|false)$/i.test(cell)) return cell.toLowerCase() === 'true';
  return cell;
}
