import { readNumber } from './number.ts';
import { accept, plainText, type Reading, refuse, shown } from './reading.ts';

export interface RateOptions {
  /**
   * What a number without "%" is. `percent`: a field that says so, where 7.25 is 7.25 %. `fraction`: the wire's own
   * decimal, where 0.0725 is 7.25 %, and 1 or more without "%" is refused, because it was nearly always meant as percent.
   */
  bare: 'percent' | 'fraction';
  /** At most, as the wire's decimal: "1" is 100 %. */
  max: string;
}

/** The wire's rates have six places, so that percentages have four. */
const PLACES = 6;
const MILLION = 1_000_000n;

/** Reads a yearly rate and makes the wire's decimal of it, exactly: `7.25%`, `7,25 %` and `0.0725` are "0.0725". */
export function readRate(typed: string, { bare, max }: RateOptions): Reading<string> {
  const example = bare === 'percent' ? '7.25' : '7.25% or 0.0725';
  const plain = plainText(typed);
  if (plain === '') return refuse('empty', `Enter a yearly rate, such as ${example}.`);
  const isPercent = plain.endsWith('%');
  // No rate is grouped, so that a comma is always the decimal mark.
  const number = readNumber((isPercent ? plain.slice(0, -1) : plain).replace(',', '.'), { places: PLACES });
  if (!number.ok) return refuse(number.fault, `${shown(typed)} is not a rate in plain digits, such as ${example}.`);
  const { isNegative, whole, fraction } = number.value;
  if (isNegative) return refuse('not_positive', `${shown(typed)} is negative. A rate is zero or more.`);
  if (bare === 'fraction' && !isPercent && whole !== '0') {
    const asFraction = decimalOf(whole, fraction, 2);
    return refuse(
      'ambiguous',
      `${shown(typed)} without a % sign would be ${hundredfold(whole, fraction)}%. Write ${written(whole, fraction)}% or ${asFraction}.`,
    );
  }
  const shift = isPercent || bare === 'percent' ? 2 : 0;
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > PLACES - shift)
    return refuse(
      'too_precise',
      `${shown(typed)} has ${significant.length} decimal places; a rate has at most ${PLACES - shift} here.`,
    );
  const rate = decimalOf(whole, fraction, shift);
  const limit = millionths(max);
  if (millionths(rate) > limit)
    return refuse(
      'too_large',
      `${percentOf(millionths(rate))}% a year is more than ${percentOf(limit)}%, the most that is taken.`,
    );
  return accept(rate);
}

/** The decimal with its point moved to the left, without needless zeros. */
function decimalOf(whole: string, fraction: string, shift: number): string {
  const digits = `${whole}${fraction}`.padStart(fraction.length + shift + 1, '0');
  const at = digits.length - fraction.length - shift;
  return written(digits.slice(0, at), digits.slice(at));
}

function written(whole: string, fraction: string): string {
  const rest = fraction.replace(/0+$/, '');
  const start = whole.replace(/^0+(?=\d)/, '');
  return rest === '' ? start : `${start}.${rest}`;
}

function hundredfold(whole: string, fraction: string): string {
  const padded = fraction.padEnd(2, '0');
  return written(whole + padded.slice(0, 2), padded.slice(2));
}

function millionths(rate: string): bigint {
  const [whole = '0', fraction = ''] = rate.split('.');
  return BigInt(whole) * MILLION + BigInt(fraction.slice(0, PLACES).padEnd(PLACES, '0'));
}

function percentOf(rate: bigint): string {
  const digits = String(rate).padStart(5, '0');
  return written(digits.slice(0, -4), digits.slice(-4));
}
