import type { CsvRecord } from './csv.ts';
import { accept, plainText, type Reading, refuse, shown } from './reading.ts';

export interface ColumnOptions<Name extends string> {
  /** The columns that there may be. */
  names: readonly Name[];
  /** Other names that people give one of them. */
  aliases?: Readonly<Record<string, Name>>;
}

/** What stands in the columns of a record; undefined for a column without a name, whose cells are empty. */
export type Columns<Name extends string> = readonly (Name | undefined)[];

/** A record's cells by their columns, or what is wrong with it. A cell that is empty is not there. */
export type TableRow<Name extends string> =
  | { line: number; text: string; cells: Partial<Record<Name, string>> }
  | { line: number; text: string; fault: string };

/** The column that is meant: capitals, spaces and hyphens make no other name of it, nor do full-width letters. */
export function columnNamed<Name extends string>(
  typed: string,
  { names, aliases = {} }: ColumnOptions<Name>,
): Name | undefined {
  const plain = plainText(typed)
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  return names.find((name) => name === plain) ?? (Object.hasOwn(aliases, plain) ? aliases[plain] : undefined);
}

/** Reads the header. Spreadsheets write separators for columns that are empty: such a column has no name, and behind the last name is none. */
export function readColumns<Name extends string>(
  header: readonly string[],
  options: ColumnOptions<Name>,
): Reading<Columns<Name>> {
  const named = header.slice(0, header.findLastIndex((cell) => cell !== '') + 1);
  const columns = named.map((cell) => (cell === '' ? undefined : columnNamed(cell, options)));
  const unknown = header.find((cell, index) => cell !== '' && columns[index] === undefined);
  if (unknown !== undefined)
    return refuse(
      'no_such_column',
      `There is no column ${shown(unknown)}. The columns are: ${options.names.join(', ')}.`,
    );
  const twice = columns.find((name, index) => name !== undefined && columns.indexOf(name) !== index);
  if (twice !== undefined) return refuse('several', `The header has “${twice}” twice.`);
  return accept(columns);
}

/**
 * A record by its columns. It must have as many cells as the header: one that is missing would move all behind it. Empty
 * ones beyond the last column are no fault.
 */
export function readRow<Name extends string>(record: CsvRecord, columns: Columns<Name>): TableRow<Name> {
  if ('fault' in record) return record;
  const { line, text } = record;
  const beyond = record.cells.slice(columns.length).some((cell) => cell !== '');
  if (record.cells.length < columns.length || beyond)
    return { line, text, fault: `It has ${record.cells.length} cells; the header has ${columns.length}.` };
  const cells: Partial<Record<Name, string>> = {};
  for (const [index, name] of columns.entries()) {
    const cell = record.cells[index] as string;
    if (name !== undefined && cell !== '') cells[name] = cell;
    else if (cell !== '') return { line, text, fault: `${shown(cell)} stands in a column without a name.` };
  }
  return { line, text, cells };
}
