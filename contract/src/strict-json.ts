/** Objects and arrays in each other. Nothing that Millrace takes is deeper than five. */
export const JSON_DEPTH_MAX = 32;

/** Up to so many digits a double holds every decimal number; what is longer has to be compared. */
const DIGITS_EXACT = 15;

/**
 * Characters of a number's text that are looked at. The longest double in full has some 25; without a bound, comparing
 * one number of two megabytes would keep everybody waiting.
 */
export const NUMBER_LENGTH_MAX = 100;

export type ParsedJson = { ok: true; value: unknown } | { ok: false; detail: string };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Reads the wire's JSON, strictly; the same reader for the server, and for files of orders before they are sent:
 *
 * - A number must be what its text says once it is a double: 9007199254740993, 25.000000000000000001 and 1e400 are
 *   refused, because every reader in between would silently change them. So is one of more than NUMBER_LENGTH_MAX
 *   characters.
 * - A name may occur once in an object (I-JSON, RFC 7493): two readers could otherwise see two different amounts.
 * - `__proto__`, and `constructor` with a `prototype`, are refused: they change objects that they are copied to.
 * - At most JSON_DEPTH_MAX levels.
 *
 * One pass over the text (0.2 µs for an order) decides whether the slow comparison of numbers is needed.
 */
export function parseJson(text: string): ParsedJson {
  const shape = scan(text);
  if (shape.depth > JSON_DEPTH_MAX) return { ok: false, detail: `It has more than ${JSON_DEPTH_MAX} levels.` };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, detail: text.trim() === '' ? 'The body is empty.' : 'It is not well-formed JSON.' };
  }
  const names = countNames(value);
  if (names < 0)
    return { ok: false, detail: 'It has a name that is not allowed (__proto__, or constructor with prototype).' };
  if (names !== shape.names) return { ok: false, detail: 'A name occurs twice in one object.' };
  if (shape.longNumber) {
    const detail = refusedNumber(text);
    if (detail !== undefined) return { ok: false, detail };
  }
  return { ok: true, value };
}

interface Shape {
  depth: number;
  /** How many names of members the text has, repeated ones too. */
  names: number;
  longNumber: boolean;
}

/** What can be seen without parsing. Where the text is not JSON it may say anything: the parser refuses it anyway. */
function scan(text: string): Shape {
  const { length } = text;
  let depth = 0;
  let deepest = 0;
  let names = 0;
  let longNumber = false;
  let digits = 0;
  for (let i = 0; i < length; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= 0x30 && code <= 0x39) {
      digits += 1;
      if (digits > DIGITS_EXACT) longNumber = true;
    } else if (code !== 0x2e) {
      // e or E behind a digit: an exponent.
      if (digits > 0 && (code | 0x20) === 0x65) longNumber = true;
      digits = 0;
      if (code === QUOTE) i = endOfString(text, i + 1);
      else if (code === 0x3a) names += 1;
      else if (code === 0x7b || code === 0x5b) {
        depth += 1;
        if (depth > deepest) deepest = depth;
      } else if (code === 0x7d || code === 0x5d) depth -= 1;
    }
  }
  return { depth: deepest, names, longNumber };
}

/** The index of the quote that ends the string, or the text's length. */
function endOfString(text: string, start: number): number {
  for (let i = start; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i;
    if (code === BACKSLASH) i += 1;
  }
  return text.length;
}

/** How many members all objects have together; -1 where one has a poisonous name. */
function countNames(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) {
      const inside = countNames(item);
      if (inside < 0) return -1;
      count += inside;
    }
    return count;
  }
  const object = value as Record<string, unknown>;
  for (const name of Object.keys(object)) {
    const member = object[name];
    if (name === '__proto__' || (name === 'constructor' && isObjectWithPrototype(member))) return -1;
    const inside = countNames(member);
    if (inside < 0) return -1;
    count += 1 + inside;
  }
  return count;
}

function isObjectWithPrototype(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');
}

/** Why the first number that cannot be taken is refused; undefined where each can. */
function refusedNumber(text: string): string | undefined {
  let detail: string | undefined;
  JSON.parse(text, (_name, value: unknown, context?: { source?: string }) => {
    const source = context?.source;
    if (detail === undefined && typeof value === 'number' && source !== undefined) {
      const shown = source.length > 40 ? `${source.slice(0, 40)}…` : source;
      if (source.length > NUMBER_LENGTH_MAX)
        detail = `The number ${shown} has more than ${NUMBER_LENGTH_MAX} characters.`;
      else if (!isExact(source, value))
        detail = `A reader would silently change the number ${shown}; send it as a string.`;
    }
    return value;
  });
  return detail;
}

function isExact(source: string, value: number): boolean {
  return Number.isFinite(value) && normalized(source) === normalized(String(value));
}

/** A number's digits without leading and trailing zeros, and the power of ten they are to be multiplied with. */
function normalized(number: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(number);
  if (!match) return number;
  const fraction = match[3] ?? '';
  const digits = ((match[2] as string) + fraction).replace(/^0+/, '');
  const significant = withoutTrailingZeros(digits);
  if (significant === '') return '0';
  const exponent = BigInt(match[4] ?? 0) - BigInt(fraction.length) + BigInt(digits.length - significant.length);
  return `${match[1]}${significant}e${exponent}`;
}

/** By hand, since /0+$/ would begin again at each zero. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
