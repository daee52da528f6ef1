/**
 * Array parameters as PostgreSQL's own text form (`{a,b}`), built in one pass. pg's generic serialization inspects each
 * element; over a batch's columns that was the largest single cost of a write on the client's side.
 */

/** For values whose text needs no quoting: UUIDs, numbers, bigints, timestamps, fixed words. null becomes NULL. */
export function plainArray(values: readonly (string | number | bigint | null)[]): string {
  let text = '{';
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (i > 0) text += ',';
    text += value === null ? 'NULL' : value;
  }
  return `${text}}`;
}

export const uuidArray: (values: readonly (string | null)[]) => string = plainArray;
export const bigintArray: (values: readonly (bigint | number | null)[]) => string = plainArray;
export const timestampArray: (values: readonly (string | null)[]) => string = plainArray;

export function booleanArray(values: readonly boolean[]): string {
  return plainArray(values.map((value) => (value ? 't' : 'f')));
}

const BACKSLASH_OR_QUOTE = /["\\]/g;

// JSON is full of quotes and rarely has a backslash: replacing one fixed character is three times as fast as a pattern.
function escape(text: string): string {
  return text.includes('\\') ? text.replace(BACKSLASH_OR_QUOTE, '\\$&') : text.replaceAll('"', '\\"');
}

/** For any text, JSON too. */
export function textArray(values: readonly (string | null)[]): string {
  let text = '{';
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as string | null;
    if (i > 0) text += ',';
    text += value === null ? 'NULL' : `"${escape(value)}"`;
  }
  return `${text}}`;
}
