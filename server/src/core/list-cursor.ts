import type { Result } from './result.ts';

/** How many rows a list with filters looks at for one page; a page may then hold less than `limit`, with more to come. */
export const SCAN_SIZE_MAX = 10_000;

/** The most that one page holds, whatever was asked for: the contract's limit. */
export const PAGE_SIZE_MAX = 200;

/** Makes a list's key opaque. `list` names the list that the cursor belongs to, with what it depends on. */
export function encodeListCursor(list: string, key: string): string {
  return Buffer.from(`${list}|${key}`).toString('base64url');
}

/** The key inside, or undefined where the text was not made for this list, or the key does not look like one. */
export function decodeListCursor(list: string, cursor: string, pattern: RegExp): string | undefined {
  const text = Buffer.from(cursor, 'base64url').toString();
  // Decoding skips what is not base64url; encoding again shows whether anything was skipped.
  if (Buffer.from(text).toString('base64url') !== cursor || !text.startsWith(`${list}|`)) return undefined;
  const key = text.slice(list.length + 1);
  return pattern.test(key) ? key : undefined;
}

/** Where a list by time ended: microseconds since the epoch, so that nothing is rounded, and the row's id. */
export interface TimeKey {
  micros: string;
  id: string;
}

// No sign: a time before 1970 was not made here, and far enough before it PostgreSQL has no such time.
const TIME_KEY = /^\d{1,18}\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function encodeTimeCursor(list: string, key: TimeKey): string {
  return encodeListCursor(list, `${key.micros}/${key.id}`);
}

/** @returns the key, null where there is no cursor, or the problem `invalid_cursor`. */
export function decodeTimeCursor(list: string, cursor: string | undefined): Result<TimeKey | null> {
  if (cursor === undefined) return { ok: true, value: null };
  const key = decodeListCursor(list, cursor, TIME_KEY);
  if (key === undefined) return invalidCursor();
  const [micros, id] = key.split('/') as [string, string];
  return { ok: true, value: { micros, id } };
}

export function invalidCursor(): { ok: false; problem: { code: 'invalid_cursor'; detail: string } } {
  return { ok: false, problem: { code: 'invalid_cursor', detail: 'The cursor was not made for this list.' } };
}

/** The expression that reads a time's key in SQL, and the one that makes a time of it. Both exact. */
export const microsOf = (column: string): string => `(extract(epoch from ${column}) * 1000000)::bigint`;
export const timeOfMicros = (parameter: string): string =>
  `(timestamptz 'epoch' + ${parameter}::bigint * interval '1 microsecond')`;
