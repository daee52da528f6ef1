import { parseDecimal } from '../../../money/index.ts';

/** What the borrower pays, in the amount's smallest unit. */
export interface Plan {
  /** The even monthly payment; all but the last. */
  payment: bigint;
  last: bigint;
  interest: bigint;
}

/** Rates have at most six places, and a year twelve months: a month's rate is a whole number of these parts. */
const RATE_PLACES = 6;
const PARTS = 12n * 10n ** BigInt(RATE_PLACES);

/**
 * The payments of a loan as the server will plan them (`server/src/desks/lending/schedule.ts`; a test compares the two): exact, rounded half
 * up, and the last one takes what the roundings have left over.
 *
 * @param amount a positive decimal string, of at least one unit a month
 * @param apr the yearly rate as a decimal string with at most six places
 */
export function planOf(amount: string, apr: string, termMonths: number): Plan {
  const principal = parseDecimal(amount).units;
  const { units, scale } = parseDecimal(apr);
  const rate = units * 10n ** BigInt(RATE_PLACES - scale);
  if (rate === 0n) return equalParts(principal, BigInt(termMonths));
  const growth = (PARTS + rate) ** BigInt(termMonths);
  const payment = rounded(principal * rate * growth, PARTS * (growth - PARTS ** BigInt(termMonths)));
  const plan = amortized(principal, rate, termMonths, payment) ?? amortized(principal, rate, termMonths, payment - 1n);
  if (!plan) throw new Error(`no plan for ${amount} at ${apr} over ${termMonths} months`);
  return plan;
}

/** Without interest the first payments are a unit more where the amount cannot be divided. */
function equalParts(principal: bigint, months: bigint): Plan {
  const last = principal / months;
  return { payment: last + (principal % months > 0n ? 1n : 0n), last, interest: 0n };
}

/** undefined where everything is repaid before the last payment. */
function amortized(principal: bigint, rate: bigint, termMonths: number, payment: bigint): Plan | undefined {
  let owed = principal;
  let interest = 0n;
  for (let number = 1; number < termMonths; number += 1) {
    const part = rounded(owed * rate, PARTS);
    if (payment < part || owed <= payment - part) return undefined;
    interest += part;
    owed -= payment - part;
  }
  const part = rounded(owed * rate, PARTS);
  const last = owed + part;
  return { payment: termMonths === 1 ? last : payment, last, interest: interest + part };
}

/** Whether roundings make the last payment more than two regular ones, which the server refuses. */
export function hasBalloon({ payment, last }: Plan): boolean {
  return last > 2n * payment;
}

function rounded(dividend: bigint, divisor: bigint): bigint {
  return (2n * dividend + divisor) / (2n * divisor);
}
