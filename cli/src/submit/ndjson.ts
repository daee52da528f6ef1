import { type Entry, type FileOrder, faultOf } from './entry.ts';
import type { Line } from './lines.ts';

/** A double holds every decimal of this many digits; one more may come out as another number. */
const EXACT_DIGITS = 15;
/** As the server: a longer number is refused before its digits are looked at. */
const NUMBER_LENGTH_MAX = 100;

/** One JSON object a line; blank lines are skipped. `defaultKind` is for lines that name no kind. */
export async function* readNdjson(lines: AsyncIterable<Line>, defaultKind?: string): AsyncGenerator<Entry> {
  for await (const line of lines) {
    if ('fault' in line) yield faultOf(line.line, line.fault);
    else if (line.text.trim() !== '') yield entryOf(line.line, line.text, defaultKind);
  }
}

function entryOf(line: number, text: string, defaultKind: string | undefined): Entry {
  let value: unknown;
  try {
    value = JSON.parse(text, keepExact as (key: string, value: unknown) => unknown);
  } catch (error) {
    return faultOf(line, error instanceof RefusedNumber ? error.message : 'the line is not valid JSON', text);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return faultOf(line, 'the line is no JSON object', text);
  const order: Record<string, unknown> = { ...(defaultKind === undefined ? {} : { kind: defaultKind }), ...value };
  if (typeof order['kind'] !== 'string') return faultOf(line, '`kind` is missing', text);
  if (order['id'] !== undefined && typeof order['id'] !== 'string') return faultOf(line, '`id` must be a string', text);
  return { line, order: order as FileOrder };
}

class RefusedNumber extends Error {}

/** JSON.parse would round such a number without a word, and an amount must never change on its way. */
function keepExact(_key: string, value: unknown, context: { source?: string }): unknown {
  if (typeof value !== 'number' || context.source === undefined) return value;
  if (context.source.length > NUMBER_LENGTH_MAX)
    throw new RefusedNumber(`a number has more than ${NUMBER_LENGTH_MAX} characters`);
  const digits = context.source
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '')
    .replace(/0+$/, '');
  const exact = digits.length <= EXACT_DIGITS || (Number.isSafeInteger(value) && String(value) === context.source);
  const inRange = Number.isFinite(value) && (value !== 0 || digits === '');
  if (!exact || !inRange) {
    throw new RefusedNumber(`the number ${context.source.slice(0, 40)} cannot be held exactly: write it as a string`);
  }
  return value;
}
