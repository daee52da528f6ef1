import { readNumber } from './number.ts';
import { accept, isSeveral, plainText, type Reading, type Refused, refuse, shown } from './reading.ts';

/** The largest amount of one order, in the asset's smallest unit: the server's limit too (a test compares them). */
export const AMOUNT_UNITS_MAX = 10n ** 17n;

/** What the wire has room for, whatever the asset. */
const WIRE_DIGITS = 18;
const WIRE_PLACES = 18;

export interface AmountOptions {
  /** Decimal places of the asset; undefined where it is not known of which asset the amount is. */
  scale: number | undefined;
  /** Its code, for what may stand beside the number and for errors. */
  asset?: string;
  /** At most, as a decimal string; the server's limit where there is none. Like `min` only for a known asset. */
  max?: string;
  /** At least, as a decimal string. */
  min?: string;
}

const SIGN = /\p{Sc}/u;
const CODE = /^[A-Za-z]{2,5}$/;

/**
 * Reads a positive amount of an asset, and makes the wire's decimal string of it with as many places as the asset has:
 * `1.234,50`, `$1,234.50`, `USD 1 234.5` and `１２３４．５` are all "1234.50".
 *
 * The number is read by the rule of `readNumber`. The asset's own code or sign may stand before or behind it; another currency's is
 * refused, not converted. Trailing zeros beyond the asset's places change nothing and are taken; other digits there
 * are refused, since nothing is ever rounded. Where the asset is not known the amount keeps the places that were
 * written, and the server compares them with the asset's.
 */
export function readAmount(typed: string, options: AmountOptions): Reading<string> {
  const { scale, asset } = options;
  const plain = plainText(typed);
  const example = exampleOf(scale);
  if (plain === '') return refuse('empty', `Enter an amount, such as ${example}.`);
  if (isSeveral(plain)) return refuse('several', 'This is more than one line or cell. Enter one amount.');
  const beside = withoutCurrency(plain, asset);
  if (!beside.ok) return beside;
  const number = readNumber(beside.value, { places: scale });
  if (!number.ok) {
    if (number.fault !== 'unreadable') return number;
    return refuse('unreadable', `${shown(typed)} is not an amount in plain digits, such as ${example}.`);
  }
  const { isNegative, whole, fraction } = number.value;
  const significant = fraction.replace(/0+$/, '');
  const places = scale ?? WIRE_PLACES;
  if (significant.length > places) return tooPrecise(typed, options, { whole, fraction, significant });
  const units = BigInt(whole + significant.padEnd(places, '0'));
  if (isNegative) return refuse('not_positive', `${shown(typed)} is negative. Enter an amount above zero.`);
  if (units === 0n) return refuse('not_positive', `Enter an amount above zero, such as ${example}.`);
  if (scale !== undefined) return withinLimits(units, { ...options, scale });
  if (whole.length > WIRE_DIGITS) return refuse('too_large', `${shown(typed)} is more than any amount can be.`);
  return accept(fraction === '' ? whole : `${whole}.${fraction.slice(0, WIRE_PLACES)}`);
}

/** 25.00, 25, 25.00000000: how an amount of the asset looks. */
function exampleOf(scale = 2): string {
  return scale === 0 ? '25' : `25.${'0'.repeat(scale)}`;
}

function tooPrecise(
  typed: string,
  { scale, asset }: AmountOptions,
  { whole, fraction, significant }: { whole: string; fraction: string; significant: string },
): Refused {
  const name = asset ?? (scale === undefined ? 'an amount' : 'this asset');
  const has =
    scale === 0 ? `${name} has none` : `${name} has ${scale === undefined ? `at most ${WIRE_PLACES}` : scale}`;
  const places = significant.length === 1 ? '1 decimal place' : `${significant.length} decimal places`;
  // Three digits behind a point may have been meant as thousands.
  const hint = fraction.length === 3 && whole !== '0' ? ` If you mean thousands, write ${whole}${fraction}.` : '';
  return refuse('too_precise', `${shown(typed)} has ${places}, and ${has}.${hint}`);
}

function withinLimits(units: bigint, { scale, asset, max, min }: AmountOptions & { scale: number }): Reading<string> {
  const of = asset === undefined ? '' : ` ${asset}`;
  const most = max === undefined ? AMOUNT_UNITS_MAX : least(unitsOf(max, scale), AMOUNT_UNITS_MAX);
  if (units > most)
    return refuse('too_large', `This is more than ${grouped(most, scale)}${of}, the most that is taken.`);
  if (min !== undefined && units < unitsOf(min, scale))
    return refuse(
      'too_small',
      `This is less than ${grouped(unitsOf(min, scale), scale)}${of}, the least that is taken.`,
    );
  return accept(decimalOf(units, scale));
}

const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);

/** Of a decimal string; what is beyond the scale is cut off. */
function unitsOf(decimal: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
}

function decimalOf(units: bigint, scale: number): string {
  const digits = String(units).padStart(scale + 1, '0');
  return scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function grouped(units: bigint, scale: number): string {
  const [whole = '', fraction] = decimalOf(units, scale).split('.');
  const text = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined || /^0*$/.test(fraction) ? text : `${text}.${fraction}`;
}

/** What is left when the currency is taken away, wherever it stands; the minus may stand before it: -$5. */
function withoutCurrency(plain: string, asset: string | undefined): Reading<string> {
  const [, sign = '', before = '', rest = '', behind = ''] =
    /^([+-]? ?)(\p{L}*\p{Sc}|\p{L}+)? ?([^\p{L}\p{Sc}]*?) ?(\p{L}*\p{Sc}|\p{L}+)?$/u.exec(plain) ?? [];
  if (rest === '') return accept(plain);
  for (const name of [before, behind]) {
    if (name === '' || isOwn(name, asset)) continue;
    if (!SIGN.test(name) && !(CODE.test(name) && isCurrencyCode(name))) return accept(plain);
    if (asset === undefined)
      return refuse(
        'other_currency',
        `${shown(plain)} names a currency; which one is wanted is not known here. Write the number alone.`,
      );
    return refuse('other_currency', `${shown(plain)} is not in ${asset}. Write the amount in ${asset}.`);
  }
  return accept(sign.trim() + rest);
}

function isOwn(name: string, asset: string | undefined): boolean {
  if (asset === undefined) return false;
  if (name.toLowerCase() === asset.toLowerCase()) return true;
  return signsOf(asset).includes(name);
}

/** "$" and "US$" of USD. None of what is no currency. */
function signsOf(asset: string): string[] {
  if (!/^[A-Z]{3}$/.test(asset)) return [];
  return (['symbol', 'narrowSymbol', 'code'] as const).flatMap((currencyDisplay) =>
    ['en-US', 'en-GB'].map((locale) => {
      const format = new Intl.NumberFormat(locale, { style: 'currency', currency: asset, currencyDisplay });
      return format.formatToParts(1).find(({ type }) => type === 'currency')?.value ?? asset;
    }),
  );
}

function isCurrencyCode(name: string): boolean {
  return Intl.supportedValuesOf('currency').includes(name.toUpperCase());
}
