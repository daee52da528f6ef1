/** What an account counts: `USD`, an instrument, a loan's notes. `scale` is the number of decimal places (USD 2). */
export interface Asset {
  code: string;
  scale: number;
}

/** The largest amount of one command, in minor units: far below the end of PostgreSQL's bigint, in which transfers and holds are kept. */
export const AMOUNT_MINOR_MAX = 10n ** 17n;

/** The largest amount of one transfer or hold, which may be the sum of many commands: PostgreSQL's bigint. */
export const TRANSFER_MINOR_MAX = 2n ** 63n - 1n;

/**
 * The largest magnitude that a balance may reach. Balances are `numeric(38, 0)`, since all users of an asset share the account
 * `outside`: a million of the largest amounts a second would fill this in 300,000 years. It only guards against our own mistakes.
 */
export const BALANCE_MINOR_MAX = 10n ** 36n;

const DECIMAL = /^(\d{1,20})(?:\.(\d{1,20}))?$/;

export type AmountFault = 'not_a_number' | 'too_precise' | 'not_positive' | 'too_large';

export type ParsedAmount = { ok: true; minor: bigint } | { ok: false; fault: AmountFault };

/**
 * Reads a positive amount at an asset's scale: a decimal string (`"25.00"`, no sign, no exponent), or a JSON number
 * that is exact at that scale. Nothing is ever rounded: what cannot be held exactly is a fault.
 */
export function parseAmount(input: string | number, scale: number): ParsedAmount {
  const text = typeof input === 'number' ? decimalTextOf(input) : input;
  const match = text === undefined ? null : DECIMAL.exec(text);
  if (!match) return { ok: false, fault: typeof input === 'number' && input < 0 ? 'not_positive' : 'not_a_number' };
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  if (fraction.length > scale) return { ok: false, fault: 'too_precise' };
  const minor = BigInt((match[1] as string) + fraction.padEnd(scale, '0'));
  if (minor <= 0n) return { ok: false, fault: 'not_positive' };
  if (minor > AMOUNT_MINOR_MAX) return { ok: false, fault: 'too_large' };
  return { ok: true, minor };
}

/** `formatAmount(2500n, 2)` → `"25.00"`; keeps the sign. */
export function formatAmount(minor: bigint, scale: number): string {
  const negative = minor < 0n;
  const digits = (negative ? -minor : minor).toString();
  const sign = negative ? '-' : '';
  if (scale === 0) return sign + digits;
  const padded = digits.length > scale ? digits : digits.padStart(scale + 1, '0');
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/** A number's shortest decimal form, without exponent; undefined where the number is past what a double holds exactly. */
function decimalTextOf(value: number): string | undefined {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return undefined;
  const text = String(value);
  return text.includes('e') ? value.toFixed(20).replace(/0+$/, '') : text;
}

/**
 * Splits `total` minor units in proportion to `weights` by the largest remainder (Hamilton's method), so that the
 * parts always add up to `total`. Ties go to the earlier part. All-zero weights: everything is 0 and `total` must be 0.
 */
export function splitByLargestRemainder(total: bigint, weights: readonly bigint[]): bigint[] {
  let sum = 0n;
  for (const weight of weights) {
    if (weight < 0n) throw new RangeError('a weight is negative');
    sum += weight;
  }
  if (sum === 0n) {
    if (total !== 0n) throw new RangeError('nothing to split by: every weight is zero');
    return weights.map(() => 0n);
  }
  const parts: bigint[] = [];
  const remainders: { index: number; remainder: bigint }[] = [];
  let given = 0n;
  weights.forEach((weight, index) => {
    const product = total * weight;
    const part = product / sum;
    parts.push(part);
    given += part;
    remainders.push({ index, remainder: product % sum });
  });
  remainders.sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (let i = 0; given < total; i += 1, given += 1n) {
    const { index } = remainders[i] as { index: number };
    parts[index] = (parts[index] as bigint) + 1n;
  }
  return parts;
}
