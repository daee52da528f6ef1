/** An order as it stands in a file: `kind`, perhaps `id`, and the parameters of the kind. */
export interface FileOrder {
  kind: string;
  id?: string;
  [parameter: string]: unknown;
}

/** What one line of the file is. `input` is what the line said, for the report. */
export type Entry = { line: number; order: FileOrder } | { line: number; fault: string; input: string };

export type FileFormat = 'ndjson' | 'csv';

/** Of a faulty line, this much is repeated in the report. */
const INPUT_CHARACTERS_MAX = 2_000;

export function faultOf(line: number, fault: string, input = ''): Extract<Entry, { fault: string }> {
  return { line, fault, input: input.slice(0, INPUT_CHARACTERS_MAX) };
}
