import { parseJson } from '@millrace/contract/strict-json';
import { createHash } from 'node:crypto';
import type { Line } from './input.ts';

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

/** One JSON object a line; blank lines are skipped. `defaultKind` is for lines that name no kind. */
export async function* readNdjson(lines: AsyncIterable<Line>, defaultKind?: string): AsyncGenerator<Entry> {
  for await (const line of lines) {
    if ('fault' in line) yield faultOf(line.line, line.fault);
    else if (line.text.trim() !== '') yield entryOf(line.line, line.text, defaultKind);
  }
}

function entryOf(line: number, text: string, defaultKind: string | undefined): Entry {
  // As strictly as the API: what two readers could read differently must not be sent.
  const parsed = parseJson(text);
  if (!parsed.ok) return faultOf(line, parsed.detail, text);
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return faultOf(line, 'the line is no JSON object', text);
  const order: Record<string, unknown> = { ...(defaultKind === undefined ? {} : { kind: defaultKind }), ...value };
  if (typeof order['kind'] !== 'string') return faultOf(line, '`kind` is missing', text);
  if (order['id'] !== undefined && typeof order['id'] !== 'string') return faultOf(line, '`id` must be a string', text);
  return { line, order: order as FileOrder };
}

/**
 * What makes a run the same run: the user, and either a name that the caller gave it or the file (its name and content).
 * The same run gives the same line the same id, so that a run that is repeated acts once.
 */
export type RunIdentity = { userId: string } & ({ runId: string } | { fileName: string; contentHash: string });

/** 32 bytes that stand for the run. */
export function runKeyOf(identity: RunIdentity): Buffer {
  const parts = 'runId' in identity ? ['run', identity.runId] : ['file', identity.fileName, identity.contentHash];
  return createHash('sha256')
    .update(JSON.stringify(['millrace orders submit', identity.userId, ...parts]))
    .digest();
}

/** What the id has room for: 34 bits. */
const LINE_MAX = 2 ** 34 - 1;

/**
 * The id of a line's order: a UUID of version 5 (made from a name; version 8 is the server's own) with 88 bits of
 * the run's key around the line's number. The number stands
 * before the rest, so that the ids of a run grow with its lines and the server's index grows at one place, as it does
 * with ids that are ordered by time.
 */
export function orderIdOf(runKey: Buffer, line: number): string {
  if (!Number.isSafeInteger(line) || line < 1 || line > LINE_MAX) throw new RangeError(`no id for line ${line}`);
  const bytes = Buffer.alloc(16);
  runKey.copy(bytes, 0, 0, 6);
  const low = line % 2 ** 22;
  bytes.writeUInt16BE(0x5000 | Math.floor(line / 2 ** 22), 6);
  bytes.writeUInt8(0x80 | (low >>> 16), 8);
  bytes.writeUInt16BE(low & 0xffff, 9);
  runKey.copy(bytes, 11, 6, 11);
  const hex = bytes.toString('hex');
  return `ord_${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
