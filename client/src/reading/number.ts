import { accept, isSeveral, NUMBER_LENGTH_MAX, plainText, type Reading, refuse, shown } from './reading.ts';

/** A number that was written down, exactly: digits before and behind the decimal mark. */
export interface WrittenNumber {
  isNegative: boolean;
  /** Without leading zeros; at least "0". */
  whole: string;
  /** As written, trailing zeros included. */
  fraction: string;
}

/** How spreadsheets show a long number, and write it into files. */
const SCIENTIFIC = /^[+-]?[\d.,]+e[+-]?\d+$/i;
const SCIENTIFIC_WORDS = 'is short for a longer number, and digits may be lost. Write the number with all its digits.';

export interface NumberOptions {
  /**
   * How many decimal places such a number is usually written with. It decides what a lone mark before exactly three digits is;
   * undefined: not known, as in a file that may be of any asset, where both marks are refused that one asset would refuse.
   */
  places?: number | undefined;
}

/** What most currencies have. */
const USUAL_PLACES = 2;

const GROUPED = {
  "'": /^\d{1,3}(?:'\d{3})+$/,
  ' ': /^\d{1,3}(?: \d{3})+$/,
  _: /^\d{1,3}(?:_\d{3})+$/,
  // 12,34,567 is how India groups.
  ',': /^(?:\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3})$/,
  '.': /^\d{1,3}(?:\.\d{3})+$/,
} as const;
type Grouping = keyof typeof GROUPED;

const isGrouping = (character: string): character is Grouping => character in GROUPED;

/**
 * Reads a number in any usual way of writing it. The rule, whole:
 *
 * 1. Spaces (of every width), apostrophes and underscores group thousands, and nothing else.
 * 2. Where both a point and a comma stand, the last one is the decimal mark and the other groups: `1,234.50` = `1.234,50`.
 * 3. A point or comma that stands more than once groups: `1.234.567`.
 * 4. A lone point or comma is the decimal mark: `12.5` = `12,5`, `0.500`. The exception is one before exactly three
 *    digits, because that is also how thousands are written:
 *    - a comma groups, as on all our pages (`12,500`), but is **refused as ambiguous** behind a lone zero (`0,500`), or where numbers
 *      of three places or of unknown places are usual;
 *    - a point is **refused as ambiguous** where fewer than three places are usual or it is not known how many, and the digits
 *      would fit as a decimal (`1.000`); behind a lone zero, or with places to spare, it is the decimal mark.
 * 5. Groups have three digits, the first one to three (India's are taken too); anything else is refused: `12 34`, `1,23,4`.
 *
 * Exponents, hexadecimal numbers, "Infinity" and words are no written numbers. A sign may be "-", "−", "+", or accountants'
 * parentheses.
 */
export function readNumber(typed: string, { places }: NumberOptions = {}): Reading<WrittenNumber> {
  const plain = plainText(typed);
  if (plain === '') return refuse('empty', 'Nothing is written here.');
  if (isSeveral(plain)) return refuse('several', 'This is more than one line or cell; write one number.');
  const unreadable = refuse('unreadable', `${shown(typed)} is not a number in plain digits, such as 1234.50.`);
  if (SCIENTIFIC.test(plain)) return refuse('shortened', `${shown(typed)} ${SCIENTIFIC_WORDS}`);
  if (plain.length > NUMBER_LENGTH_MAX) return unreadable;
  const [, open, sign = '', digits = '', close] = /^(\()?([+-]?) ?([\d.,' _]*\d[\d.,]?)(\))?$/.exec(plain) ?? [];
  if (digits === '' || (open === undefined) !== (close === undefined)) return unreadable;
  const split = splitNumber(digits, places);
  if (split === 'unreadable')
    return refuse('unreadable', `${shown(typed)} is not a number: its thousands are not in groups of three digits.`);
  if (split === 'ambiguous') return refuse('ambiguous', ambiguityOf(digits, typed));
  const whole = split.whole.replace(/^0+(?=\d)/, '') || '0';
  return accept({ isNegative: sign === '-' || open !== undefined, whole, fraction: split.fraction });
}

type Split = { whole: string; fraction: string } | 'unreadable' | 'ambiguous';

function splitNumber(digits: string, places: number | undefined): Split {
  const point = digits.lastIndexOf('.');
  const comma = digits.lastIndexOf(',');
  const mark = point > comma ? '.' : ',';
  const at = Math.max(point, comma);
  if (at === -1) return ungrouped(digits, '');
  const [whole, fraction] = [digits.slice(0, at), digits.slice(at + 1)];
  const isLone = !whole.includes('.') && !whole.includes(',');
  const isRepeated = whole.includes(mark);
  // Rule 3: both marks several times is no number, and the last of two marks stands once.
  if (isRepeated) return ungrouped(digits, '');
  if (!/^\d*$/.test(fraction)) return 'unreadable';
  if (!isLone || !/^\d{1,3}$/.test(whole) || fraction.length !== 3) return ungrouped(whole, fraction);
  return threeBehind(mark, { whole, fraction, places });
}

/** Rule 4: what a lone mark before exactly three digits is. */
function threeBehind(
  mark: string,
  { whole, fraction, places }: { whole: string; fraction: string; places: number | undefined },
): Split {
  const isZero = /^0+$/.test(whole);
  if (mark === ',')
    return isZero || places === undefined || places >= 3 ? 'ambiguous' : { whole: whole + fraction, fraction: '' };
  if (isZero || (places !== undefined && places >= 3)) return { whole, fraction };
  // With digits that the currency does not have it is no decimal, and the reader of the error knows which was meant.
  const fits = /^0*$/.test(fraction.slice(places ?? USUAL_PLACES));
  return fits ? 'ambiguous' : { whole, fraction };
}

/** Takes the grouping out of the whole part. Only one kind of mark groups a number, and it is well formed. */
function ungrouped(whole: string, fraction: string): Split {
  if (/^\d*$/.test(whole))
    return whole + fraction === '' ? 'unreadable' : { whole: whole === '' ? '0' : whole, fraction };
  const mark = /\D/.exec(whole)?.[0] ?? '';
  return isGrouping(mark) && GROUPED[mark].test(whole) ? { whole: whole.replaceAll(mark, ''), fraction } : 'unreadable';
}

function ambiguityOf(digits: string, typed: string): string {
  const [whole = '', fraction = ''] = digits.split(/[.,]/);
  const decimal = `${whole.replace(/^0+(?=\d)/, '')}.${fraction.replace(/0$/, '')}`;
  const grouped = `${whole}${fraction}`.replace(/^0+(?=\d)/, '');
  return `${shown(typed)} can mean ${decimal} or ${grouped}. Write ${decimal} or ${grouped}.`;
}

export interface WholeOptions {
  min: number;
  max: number;
  /** What is counted, for errors: "months". */
  unit?: string;
}

/** Reads a whole number: `36`, ` ３６ `, `1,000`, `36.0`. */
export function readWhole(typed: string, { min, max, unit }: WholeOptions): Reading<number> {
  const range = `a whole number from ${min} to ${max}`;
  const named = unit === undefined ? range : `${range} ${unit}`;
  const number = readNumber(typed, { places: 0 });
  if (!number.ok) {
    if (number.fault === 'ambiguous') return number;
    return refuse(number.fault, number.fault === 'empty' ? `Enter ${named}.` : `${shown(typed)} is not ${named}.`);
  }
  const { isNegative, whole, fraction } = number.value;
  if (/[^0]/.test(fraction)) return refuse('too_precise', `${shown(typed)} is not whole. Enter ${named}.`);
  const value = Number(isNegative ? `-${whole}` : whole) + 0;
  if (value < min) return refuse('too_small', `${shown(typed)} is too few. Enter ${named}.`);
  if (value > max) return refuse('too_large', `${shown(typed)} is too many. Enter ${named}.`);
  return accept(value);
}
