import { Decimal } from 'decimal.js';

/** Schedules and splits of the lending model, by the most obvious arithmetic. */

export const Precise = Decimal.clone({ precision: 1_000, rounding: Decimal.ROUND_HALF_UP });

export interface ModelInstallment {
  due: string;
  principal: bigint;
  interest: bigint;
  state: 'open' | 'late' | 'paid';
}

export const sum = (values: Iterable<bigint>): bigint => [...values].reduce((a, b) => a + b, 0n);

/** Whole units by floor; what is left, one unit at a time to the largest lost fraction, the earlier first. */
export function modelSplit(total: bigint, weights: bigint[]): bigint[] {
  const whole = sum(weights);
  if (whole === 0n) return weights.map(() => 0n);
  const parts = weights.map((weight) => (total * weight) / whole);
  // Fractions over the same denominator: exact, where decimals would break ties by their last digit.
  const lost = weights.map((weight, i) => ({ i, fraction: (total * weight) % whole }));
  lost.sort((a, b) => Number(b.fraction - a.fraction) || a.i - b.i);
  for (let k = 0; sum(parts) < total; k += 1) parts[lost[k]!.i]! += 1n;
  return parts;
}

export function modelSchedule(amount: bigint, apr: string, term: number, start: string): ModelInstallment[] {
  const dates = Array.from({ length: term }, (_, k) => monthsLater(start, k + 1));
  const equal = modelSplit(
    amount,
    dates.map(() => 1n),
  );
  if (new Precise(apr).isZero())
    return dates.map((due, k) => ({ due, principal: equal[k]!, interest: 0n, state: 'open' }));
  const r = new Precise(apr).div(12);
  const a = new Precise(amount.toString());
  const level = a.times(r).div(new Precise(1).minus(r.plus(1).pow(-term)));
  for (const payment of [level.round(), level.round().minus(1)]) {
    const parts: ModelInstallment[] = [];
    let owed = a;
    for (const [k, due] of dates.entries()) {
      const interest = owed.times(r).toDecimalPlaces(0);
      const principal = k === term - 1 ? owed : payment.minus(interest);
      owed = owed.minus(principal);
      parts.push({ due, principal: BigInt(principal.toFixed()), interest: BigInt(interest.toFixed()), state: 'open' });
      if (k < term - 1 && owed.lte(0)) break;
    }
    if (owed.isZero() && parts.length === term) return parts;
  }
  throw new Error('no schedule');
}

function monthsLater(start: string, months: number): string {
  const [year, month, day] = start.split('-').map(Number) as [number, number, number];
  for (let d = day; ; d -= 1) {
    const date = new Date(Date.UTC(year, month - 1 + months, d));
    if (date.getUTCDate() === d) return date.toISOString().slice(0, 10);
  }
}
