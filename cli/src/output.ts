export interface Column<Row> {
  title: string;
  value: (row: Row) => string | number | null | undefined;
  /** Numbers line up at their last digit. */
  right?: boolean;
}

/** Longer cells are cut, so that one row stays on one line. */
const CELL_WIDTH_MAX = 64;

/** Plain columns with two spaces between, the way `docker ps` and `kubectl get` do: easy to read, easy to cut. */
export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = rows.map((row) => columns.map((column) => cellOf(column.value(row))));
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...cells.map((line) => (line[index] as string).length)),
  );
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) =>
        columns[index]?.right ? text.padStart(widths[index] as number) : text.padEnd(widths[index] as number),
      )
      .join('  ')
      .trimEnd();
  return [line(columns.map((column) => column.title.toUpperCase())), ...cells.map(line)].join('\n');
}

/** One `name  value` a line. */
export function renderFields(fields: readonly (readonly [string, string | number | null | undefined])[]): string {
  const width = Math.max(0, ...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => `${name.padEnd(width)}  ${value ?? '-'}`.trimEnd()).join('\n');
}

function cellOf(value: string | number | null | undefined): string {
  const text = value === null || value === undefined || value === '' ? '-' : printable(String(value));
  return text.length > CELL_WIDTH_MAX ? `${text.slice(0, CELL_WIDTH_MAX - 1)}…` : text;
}

/** What comes from files and users must not move the cursor or colour the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, '�');
}

export type OutputFormat = 'json' | 'table';

/** The two ways out: results on stdout, everything else on stderr. */
export interface Output {
  readonly format: OutputFormat;
  /** The command's one result: as JSON, or as the text that `table` makes. */
  result(value: unknown, table: () => string): void;
  /** One of many results, a line each. */
  line(value: unknown, table: () => string): void;
  /** Progress and messages, for people. */
  note(message: string): void;
  /** Resolves when stdout has taken what was written; a slow pipe holds the command back instead of filling memory. */
  drained(): Promise<void>;
}

export interface OutputStreams {
  stdout: NodeJS.WriteStream | NodeJS.WritableStream;
  stderr: NodeJS.WriteStream | NodeJS.WritableStream;
}

export function createOutput(format: OutputFormat, { stdout, stderr }: OutputStreams): Output {
  let full = false;
  const write = (text: string): void => {
    full = !stdout.write(`${text}\n`);
  };
  return {
    format,
    result: (value, table) => write(format === 'json' ? JSON.stringify(value, null, 2) : table()),
    line: (value, table) => write(format === 'json' ? JSON.stringify(value) : table()),
    note: (message) => void stderr.write(`${message.split('\n').map(printable).join('\n')}\n`),
    async drained() {
      if (!full) return;
      await new Promise<void>((resolve) => stdout.once('drain', resolve));
      full = false;
    },
  };
}
