/**
 * Decimal strings, as the wire has them, computed exactly: `{units: 2550n, scale: 2}` is "25.50". Never a floating-point
 * number on the way.
 */
export interface Decimal {
  units: bigint;
  scale: number;
}

const PATTERN = /^(-?)(\d+)(?:\.(\d+))?$/;

/** @throws RangeError where the text is no decimal. */
export function parseDecimal(text: string): Decimal {
  const match = PATTERN.exec(text);
  if (!match) throw new RangeError(`no decimal: ${text}`);
  const [, sign, whole = '', fraction = ''] = match;
  return { units: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length };
}

/** With as many places as its scale says. */
export function formatDecimal({ units, scale }: Decimal): string {
  const sign = units < 0n ? '-' : '';
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function atScale({ units, scale }: Decimal, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}

/** How many places a decimal is written with. */
export function scaleOf(text: string): number {
  return parseDecimal(text).scale;
}

/** With at least so many places: "50" with two is "50.00". */
export function withPlaces(text: string, scale: number): string {
  const { units, scale: own } = parseDecimal(text);
  return own >= scale ? text : formatDecimal({ units: atScale({ units, scale: own }, scale), scale });
}

/** The sum, with the most places that any part has; "0" of none. */
export function sum(parts: readonly string[]): string {
  const parsed = parts.map(parseDecimal);
  const scale = Math.max(0, ...parsed.map((part) => part.scale));
  return formatDecimal({ units: parsed.reduce((total, part) => total + atScale(part, scale), 0n), scale });
}

export function negate(text: string): string {
  const { units, scale } = parseDecimal(text);
  return formatDecimal({ units: -units, scale });
}

export function subtract(one: string, other: string): string {
  return sum([one, negate(other)]);
}

/** Less than, equal to, or more than zero when `one` is less than, equal to, or more than `other`. */
export function compare(one: string, other: string): number {
  const { units } = parseDecimal(subtract(one, other));
  return units === 0n ? 0 : units < 0n ? -1 : 1;
}

export function signOf(text: string): -1 | 0 | 1 {
  const { units } = parseDecimal(text);
  return units === 0n ? 0 : units < 0n ? -1 : 1;
}

/** For a chart or a bar: `part` ÷ `whole` from 0 to 1, exact to a millionth; 0 where there is no whole. */
export function ratio(part: string, whole: string): number {
  const [one, other] = [parseDecimal(part), parseDecimal(whole)];
  const scale = Math.max(one.scale, other.scale);
  const divisor = atScale(other, scale);
  if (divisor === 0n) return 0;
  const millionths = Number((atScale(one, scale) * 1_000_000n) / divisor);
  return Math.min(1, Math.max(0, millionths / 1_000_000));
}

/** For drawing only, where a hundredth of a pixel does not matter. */
export function toDrawing(text: string): number {
  return Number(text);
}
