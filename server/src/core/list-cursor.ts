import { isUuid } from './ids.ts';
import type { Page, Result } from './result.ts';

/** How many rows a list with filters looks at for one page; a page may then hold less than `limit`, with more to come. */
export const SCAN_SIZE_MAX = 10_000;

/** The most that one page holds, whatever was asked for: the contract's limit. */
export const PAGE_SIZE_MAX = 200;

/** What a part of a cursor is to the database; undefined where it is none of that list's. */
export type ReadPart = (text: string) => string | undefined;

export const readUuid: ReadPart = (text) => (isUuid(text) ? text : undefined);

/** A part that must look so from end to end. */
export function readMatching(pattern: RegExp): ReadPart {
  const whole = new RegExp(`^(?:${pattern.source})$`);
  return (text) => (whole.test(text) ? text : undefined);
}

/**
 * Where a page of a list ended, opaque: the values by which the list is ordered, none of which holds a comma. `list` names what
 * the cursor belongs to, with what the order depends on.
 */
export function cursorOf(list: string, ...key: readonly string[]): string {
  return Buffer.from([list, ...key].join(',')).toString('base64url');
}

/** The key that a page begins behind; without a cursor nulls, for the beginning. Error: `invalid_cursor`. */
export function readCursor<const Parts extends readonly ReadPart[]>(
  list: string,
  cursor: string | undefined,
  parts: Parts,
): Result<{ [Index in keyof Parts]: string | null }> {
  type Key = { [Index in keyof Parts]: string | null };
  if (cursor === undefined) return { ok: true, value: parts.map(() => null) as unknown as Key };
  const text = Buffer.from(cursor, 'base64url').toString();
  // Decoding skips what is not base64url; encoding again shows whether anything was skipped.
  if (Buffer.from(text).toString('base64url') !== cursor) return invalidCursor();
  const [name, ...texts] = text.split(',');
  const key = parts.map((read, index) => read(texts[index] ?? ''));
  if (name === list && texts.length === parts.length && !key.includes(undefined))
    return { ok: true, value: key as unknown as Key };
  return invalidCursor();
}

/** A page of at most `limit` rows. One more was asked for, where there was one, to know whether a page follows. */
export function pageOf<Row, View>(
  rows: readonly Row[],
  limit: number,
  { view, cursor }: { view: (row: Row) => View; cursor: (last: Row) => string },
): Page<View> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = last !== undefined && rows.length > limit ? cursor(last) : null;
  return { data: shown.map(view), has_more: next !== null, next_cursor: next };
}

export function invalidCursor(): { ok: false; problem: { code: 'invalid_cursor'; detail: string } } {
  return { ok: false, problem: { code: 'invalid_cursor', detail: 'The cursor was not made for this list.' } };
}

/** Microseconds since the epoch, so that nothing is rounded. No sign: far enough before 1970 PostgreSQL has no such time. */
export const readMicros = readMatching(/\d{1,18}/);

/** The expression that reads a time's key in SQL, and the one that makes a time of it. Both exact. */
export const microsOf = (column: string): string => `(extract(epoch from ${column}) * 1000000)::bigint`;
export const timeOfMicros = (parameter: string): string =>
  `(timestamptz 'epoch' + ${parameter}::bigint * interval '1 microsecond')`;
