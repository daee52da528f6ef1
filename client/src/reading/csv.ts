/** A line of a text, with its number as editors count. */
export interface TextLine {
  line: number;
  text: string;
}

/** A record of a CSV text, at the line where it begins: its cells, or what is wrong with it. */
export type CsvRecord = { line: number; text: string; cells: string[] } | { line: number; text: string; fault: string };

/** A quoted cell may hold line breaks, but a quote that is never closed must not swallow the file. */
const RECORD_LINES_MAX = 100;
const RECORD_CHARACTERS_MAX = 64 * 1024;

const SEPARATORS = [',', ';', '\t'] as const;
type Separator = (typeof SEPARATORS)[number];

/** Excel's own first line, which says what separates the cells. */
const SEPARATOR_LINE = /^"?sep=([,;\t])"?$/i;

export interface CsvReader {
  /** The records that the line ends: usually itself. */
  push(line: TextLine): CsvRecord[];
  /** What is left when there are no more lines. */
  end(): CsvRecord[];
  /** What separates the cells; a semicolon tells of a spreadsheet whose decimal mark is the comma. Known with the first record. */
  separator(): Separator;
}

/**
 * Reads CSV line by line, as RFC 4180 and spreadsheets write it: commas, semicolons or tabs between the cells (whichever the first line has most
 * of outside quotes, or as `sep=;` says), quoted cells with separators, line breaks and doubled quotes in them, a byte order mark, lines
 * that end in CR LF. Blank lines, and lines of separators only, are left out. Cells are trimmed, quoted ones are not.
 *
 * Faults are told with the record's first line; where a quote is never closed, reading goes on with the next line.
 */
export function createCsvReader(): CsvReader {
  let separator: Separator | undefined;
  let open: TextLine[] = [];
  let size = 0;

  const take = (count: number): TextLine => {
    const taken = open.splice(0, count);
    size = open.reduce((sum, { text }) => sum + text.length + 1, 0);
    return { line: (taken[0] as TextLine).line, text: taken.map(({ text }) => text).join('\n') };
  };
  const recordOf = ({ line, text }: TextLine): CsvRecord[] => {
    if (separator === undefined) {
      const said = SEPARATOR_LINE.exec(text.trim())?.[1];
      separator = said === undefined ? separatorOf(text) : (said as Separator);
      if (said !== undefined) return [];
    }
    const cells = cellsOf(text, separator);
    if (cells === undefined) return [{ line, text, fault: 'The quotes are not as CSV has them.' }];
    return cells.every((cell) => cell === '') ? [] : [{ line, text, cells }];
  };
  const settle = (isEnd: boolean): CsvRecord[] => {
    const records: CsvRecord[] = [];
    while (open.length > 0) {
      const count = closedAfter(open);
      if (count > 0) records.push(...recordOf(take(count)));
      else if (isEnd || open.length >= RECORD_LINES_MAX || size > RECORD_CHARACTERS_MAX) {
        records.push({ ...take(1), fault: 'A quote is not closed.' });
      } else break;
    }
    return records;
  };

  return {
    push({ line, text }) {
      const plain = withoutMarks(text, open.length === 0 && separator === undefined);
      // Most lines are a record: without quotes there is nothing to join.
      if (open.length === 0 && !plain.includes('"')) return plain.trim() === '' ? [] : recordOf({ line, text: plain });
      open.push({ line, text: plain });
      size += plain.length + 1;
      return settle(false);
    },
    end: () => settle(true),
    separator: () => separator ?? ',',
  };
}

/** Windows' and Unix', and the one of old Macs, which Excel still offers. */
const LINE_END = /\r\n|\r|\n/;

/** All records of a text. */
export function readCsvText(text: string): { records: CsvRecord[]; separator: Separator } {
  const reader = createCsvReader();
  const records = text.split(LINE_END).flatMap((part, index) => reader.push({ line: index + 1, text: part }));
  records.push(...reader.end());
  return { records, separator: reader.separator() };
}

function withoutMarks(text: string, isFirst: boolean): string {
  const line = text.endsWith('\r') ? text.slice(0, -1) : text;
  return isFirst && line.startsWith('\uFEFF') ? line.slice(1) : line;
}

function separatorOf(header: string): Separator {
  const unquoted = header.replaceAll(/"[^"]*"/g, '');
  const counts = SEPARATORS.map((mark) => unquoted.split(mark).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ',';
}

/** How many of the lines make a record with an even number of quotes; 0 where all of them leave one open. */
function closedAfter(parts: readonly TextLine[]): number {
  let quotes = 0;
  for (const [index, { text }] of parts.entries()) {
    quotes += text.split('"').length - 1;
    if (quotes % 2 === 0) return index + 1;
  }
  return 0;
}

/** undefined where a quote stands inside a cell that does not begin with one, or something follows the closing one. */
function cellsOf(text: string, separator: Separator): string[] | undefined {
  if (!text.includes('"')) return text.split(separator).map((cell) => cell.trim());
  const cells: string[] = [];
  let at = 0;
  while (at <= text.length) {
    const next = quotedCell(text, at, separator) ?? plainCell(text, at, separator);
    if (next === undefined) return undefined;
    cells.push(next.cell);
    at = next.end + 1;
  }
  return cells;
}

interface Cell {
  cell: string;
  /** Where its separator stands, or the text's end. */
  end: number;
}

// A tab is a space too, but not where it separates.
const QUOTED: Readonly<Record<Separator, RegExp>> = {
  ',': /[ \t]*"((?:[^"]|"")*)"[ \t]*(?=,|$)/y,
  ';': /[ \t]*"((?:[^"]|"")*)"[ \t]*(?=;|$)/y,
  '\t': / *"((?:[^"]|"")*)" *(?=\t|$)/y,
};

function quotedCell(text: string, start: number, separator: Separator): Cell | undefined {
  const pattern = QUOTED[separator];
  pattern.lastIndex = start;
  const match = pattern.exec(text);
  return match ? { cell: (match[1] as string).replaceAll('""', '"'), end: pattern.lastIndex } : undefined;
}

function plainCell(text: string, start: number, separator: Separator): Cell | undefined {
  const found = text.indexOf(separator, start);
  const end = found === -1 ? text.length : found;
  const cell = text.slice(start, end);
  return cell.includes('"') ? undefined : { cell: cell.trim(), end };
}

const NUMBER = /^-?\d+(\.\d+)?$/;
/**
 * What makes spreadsheets take a cell for a formula, behind spaces and in full width too:
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /^[\t\r]|^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/;
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;

/** Before the first line: without it Excel takes UTF-8 for the code page of its country, and shows “Ã¼” for “ü”. */
export const CSV_MARK = '\uFEFF';

/**
 * A cell by RFC 4180. Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers keep their sign,
 * and stay numbers. Where another separator stands in a cell it is quoted too, for spreadsheets that expect that one.
 */
export function csvCell(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}
