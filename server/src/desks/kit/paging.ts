import { invalidCursor } from '../../core/list-cursor.ts';
import type { Page, Result } from '../../core/result.ts';

/** What a part of a cursor is to the database; undefined where it is none of that list's. */
export type ReadPart = (text: string) => string | undefined;

/** Where a page of a list ended: the values by which the list is ordered, none of which holds a comma. */
export function cursorOf(list: string, ...key: readonly string[]): string {
  return [list, ...key].join(',');
}

/** The key that a page begins behind; without a cursor nulls, for the beginning. Error: `invalid_cursor`. */
export function readCursor<Parts extends readonly ReadPart[]>(
  list: string,
  cursor: string | undefined,
  parts: Parts,
): Result<{ [Index in keyof Parts]: string | null }> {
  type Key = { [Index in keyof Parts]: string | null };
  if (cursor === undefined) return { ok: true, value: parts.map(() => null) as unknown as Key };
  const [name, ...texts] = cursor.split(',');
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
