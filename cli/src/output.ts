import { printable } from './table.ts';

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
