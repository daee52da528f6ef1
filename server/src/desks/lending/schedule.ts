import { addMonths } from '../../core/clock.ts';
import { splitByLargestRemainder } from '../../core/money.ts';
import type { PlannedInstallment } from './rows.ts';

/** Rates have at most six decimal places (`numeric(9, 6)`), so that a rate is a whole number of millionths. */
const RATE_SCALE = 6;
const RATE_UNIT = 10n ** BigInt(RATE_SCALE);
const RATE = /^(\d{1,3})(?:\.(\d{1,6}))?$/;
const MONTHS_A_YEAR = 12n;

/** `rateMillionths("0.0725")` → 72500n. */
export function rateMillionths(rate: string): bigint {
  const match = RATE.exec(rate);
  if (!match) throw new RangeError(`${rate} is no rate with at most ${RATE_SCALE} decimal places`);
  return BigInt((match[1] as string) + (match[2] ?? '').padEnd(RATE_SCALE, '0'));
}

/** `amount × rate`, rounded half up. */
export function shareOf(amount: bigint, millionths: bigint): bigint {
  return divideHalfUp(amount * millionths, RATE_UNIT);
}

export interface ScheduleInput {
  /** Principal in minor units, positive. */
  amount: bigint;
  /** Yearly nominal rate as a decimal, 0 to 999.999999: `"0.06"` is 6 %. */
  apr: string;
  /** 1 to 480. */
  termMonths: number;
  /** The business date of the payout; instalment k is due k calendar months later. */
  startDate: string;
}

/**
 * The annuity schedule of a loan: level monthly payments in arrears.
 *
 * payment = A · r / (1 − (1 + r)^−n), with r = APR / 12 (the present value of an ordinary annuity, solved for the
 * payment: Brealey, Myers, Allen, "Principles of Corporate Finance", chapter 2; also Regulation Z, 12 CFR 1026,
 * appendix J, for equal monthly periods). Interest of a month is r times what is still owed; the rest of the payment is principal.
 *
 * Everything is computed in whole numbers, as exact fractions, and rounded once, half up: that is what published tables
 * and a borrower's pocket calculator do, and the bias that half-even would avoid cannot add up, because the last instalment takes what the roundings
 * have left over. Where rounding the payment up would repay everything before the last instalment (decades at high rates, where
 * half a cent a month compounds to more than the loan), the payment is one minor unit less; so all payments but
 * the last are equal, no part is ever negative, the last repays something, and principal adds up to the amount, for every input.
 *
 * A rate of 0: equal parts of the principal by the largest remainder.
 *
 * No payment is zero where the amount has at least one minor unit a month.
 */
export function annuitySchedule({ amount, apr, termMonths, startDate }: ScheduleInput): PlannedInstallment[] {
  if (amount <= 0n) throw new RangeError('a loan’s amount is positive');
  if (!Number.isInteger(termMonths) || termMonths < 1 || termMonths > 480)
    throw new RangeError('a term has 1 to 480 months');
  const rate = rateMillionths(apr);
  const parts = rate === 0n ? equalParts(amount, termMonths) : levelParts(amount, rate, termMonths);
  return parts.map((part, index) => ({ number: index + 1, dueDate: addMonths(startDate, index + 1), ...part }));
}

/**
 * What the last payment is more than a regular one; 0n where it is less. All payments but the last are equal, so it is
 * what the roundings have left over. With decades at high rates a fraction of a cent a month compounds: the last
 * payment may be a balloon that nobody agreed to.
 */
export function balloonOf(schedule: readonly Pick<PlannedInstallment, 'principal' | 'interest'>[]): bigint {
  const [first, last] = [schedule[0], schedule.at(-1)];
  if (!first || !last) return 0n;
  const more = last.principal + last.interest - (first.principal + first.interest);
  return more > 0n ? more : 0n;
}

interface Part {
  principal: bigint;
  interest: bigint;
}

function equalParts(amount: bigint, termMonths: number): Part[] {
  return splitByLargestRemainder(
    amount,
    Array.from({ length: termMonths }, () => 1n),
  ).map((principal) => ({ principal, interest: 0n }));
}

function levelParts(amount: bigint, rate: bigint, termMonths: number): Part[] {
  const payment = levelPayment(amount, rate, termMonths);
  // One less is always enough: it is at least half a unit below the exact payment, as much as a month's interest can be
  // rounded down by, so what is owed never falls below the exact course, which ends at the last instalment.
  const parts = amortize(amount, rate, termMonths, payment) ?? amortize(amount, rate, termMonths, payment - 1n);
  if (!parts) throw new Error(`no schedule for ${amount} at ${rate} millionths over ${termMonths} months`);
  return parts;
}

/** The exact annuity payment, rounded half up. With r = a/q: A · a · (q + a)^n / (q · ((q + a)^n − q^n)). */
function levelPayment(amount: bigint, rate: bigint, termMonths: number): bigint {
  const q = RATE_UNIT * MONTHS_A_YEAR;
  const n = BigInt(termMonths);
  const growth = (q + rate) ** n;
  return divideHalfUp(amount * rate * growth, q * (growth - q ** n));
}

/** undefined where the payments would leave nothing for the last instalment. */
function amortize(amount: bigint, rate: bigint, termMonths: number, payment: bigint): Part[] | undefined {
  const parts: Part[] = [];
  let owed = amount;
  for (let number = 1; number <= termMonths; number += 1) {
    const interest = divideHalfUp(owed * rate, RATE_UNIT * MONTHS_A_YEAR);
    const principal = number === termMonths ? owed : payment - interest;
    owed -= principal;
    if (principal < 0n || (owed <= 0n && number < termMonths)) return undefined;
    parts.push({ principal, interest });
  }
  return parts;
}

/** Both positive. */
function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator);
}
