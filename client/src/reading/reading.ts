/**
 * What people type, paste and import, read in one way wherever it is typed: web application, command line, batch forms.
 * The server's wire stays strict – decimal strings, RFC 3339 – and these readers make that of what a person wrote.
 *
 * A reader never guesses. What can only mean one thing is taken, however it is written; what can mean two is refused in
 * words that say how to write either; each other fault has a name and words of its own. The rules of each reader stand in its
 * docstring and in docs/reading.md.
 */
export type Reading<Value> = { ok: true; value: Value } | Refused;

export interface Refused {
  ok: false;
  fault: ReadingFault;
  /** One sentence or two: what is wrong with this value, and what would be right. */
  words: string;
}

export type ReadingFault =
  | 'empty'
  | 'several'
  | 'unreadable'
  | 'shortened'
  | 'ambiguous'
  | 'other_currency'
  | 'too_precise'
  | 'not_positive'
  | 'too_large'
  | 'too_small'
  | 'no_such_day'
  | 'no_such_time'
  | 'no_such_column'
  | 'wrong_kind';

export function accept<Value>(value: Value): Reading<Value> {
  return { ok: true, value };
}

export function refuse(fault: ReadingFault, words: string): Refused {
  return { ok: false, fault, words };
}

/** More characters than any number needs; a pasted page is not looked at. */
export const NUMBER_LENGTH_MAX = 100;

/**
 * What a field for one number, date or id takes. A browser cuts what is pasted there without a word, so it is more than any reader
 * takes: what was cut is refused, and never read as another number.
 */
export const TYPED_LENGTH_MAX = 2 * NUMBER_LENGTH_MAX;

/** How much of what was typed is repeated in an error. */
const SHOWN_MAX = 32;

/** What was typed, for an error: never longer than a line has room for. */
export function shown(typed: string): string {
  const text = typed.trim().replaceAll(/\s+/g, ' ');
  const characters = [...text];
  return `“${characters.length > SHOWN_MAX ? `${characters.slice(0, SHOWN_MAX).join('')}…` : text}”`;
}

/** The zeros of scripts that people write numbers in; each is followed by its one to nine. */
const ZEROS = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50, 0xff10];

/**
 * Text with one character for each meaning: digits of other scripts and full-width forms become ASCII, every dash that stands for
 * a minus is "-", every apostrophe "'", every space a space (line breaks and tabs stay), and what shows nothing
 * (zero-width spaces, marks of direction, a byte order mark) is gone. Not NFKC, which makes "10²" 102.
 */
export function plainText(typed: string): string {
  return [...typed]
    .map((character) => {
      const code = character.codePointAt(0) as number;
      if (code < 0x80) return character;
      const zero = ZEROS.find((start) => code >= start && code <= start + 9);
      if (zero !== undefined) return String(code - zero);
      if (code >= 0xff01 && code <= 0xff5e) return String.fromCodePoint(code - 0xfee0);
      return character;
    })
    .join('')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/[\u2212\u2010-\u2014\uFE63]/g, '-')
    .replaceAll(/[\u2018\u2019\u02BC\u02B9\u00B4`\u2032]/g, "'")
    .replaceAll(/\p{Zs}/gu, ' ')
    .replaceAll('\u066B', '.')
    .replaceAll('\u066A', '%')
    .replaceAll('\u066C', "'")
    .trim();
}

/** Whether something stands on more than one line, or in more than one cell of a table. */
export function isSeveral(plain: string): boolean {
  return /[\n\r\t\u2028\u2029]/.test(plain);
}
