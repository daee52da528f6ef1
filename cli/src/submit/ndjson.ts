import { parseJson } from '@millrace/contract/strict-json';
import { type Entry, type FileOrder, faultOf } from './entry.ts';
import type { Line } from './lines.ts';

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
