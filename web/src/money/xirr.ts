/** Money on a day: paid in is negative, received is positive. Days are business dates or times. */
export interface CashFlow {
  at: string;
  amount: number;
}

const DAY_MS = 86_400_000;
const YEAR_DAYS = 365;
const NEWTON_STEPS_MAX = 50;
const BISECTION_STEPS_MAX = 200;
const PRECISE = 1e-10;
/** No rate below −99.99999 %, and none above a hundred thousand times a year: beyond that a rate tells nobody anything. */
const RATE_MIN = -0.999_999_9;
const RATE_MAX = 100_000;

/**
 * The internal rate of return of dated cash flows, as a yearly rate (0.37 is 37 %): the rate at which their present value
 * on the first day is zero, with years of 365 days, as XIRR of the common spreadsheets defines it. undefined where there is
 * none: without both a payment and a receipt, or with none in the range.
 */
export function xirr(flows: readonly CashFlow[]): number | undefined {
  if (!flows.some(({ amount }) => amount > 0) || !flows.some(({ amount }) => amount < 0)) return undefined;
  const start = Math.min(...flows.map(({ at }) => Date.parse(at)));
  const dated = flows.map(({ at, amount }) => ({
    amount,
    years: (Date.parse(at) - start) / DAY_MS / YEAR_DAYS,
  }));
  const value = (rate: number): number =>
    dated.reduce((total, { amount, years }) => total + amount / (1 + rate) ** years, 0);
  const slope = (rate: number): number =>
    dated.reduce((total, { amount, years }) => total - (years * amount) / (1 + rate) ** (years + 1), 0);
  const scale = Math.max(...dated.map(({ amount }) => Math.abs(amount)));
  return newton({ value, slope, scale }) ?? bisect(value);
}

interface Curve {
  value: (rate: number) => number;
  slope: (rate: number) => number;
  scale: number;
}

function newton({ value, slope, scale }: Curve): number | undefined {
  let rate = 0.1;
  for (let step = 0; step < NEWTON_STEPS_MAX; step += 1) {
    const at = value(rate);
    if (Math.abs(at) < scale * PRECISE) return rate;
    const next = rate - at / slope(rate);
    if (!Number.isFinite(next) || next <= RATE_MIN || next > RATE_MAX) return undefined;
    rate = next;
  }
  return undefined;
}

function bisect(value: (rate: number) => number): number | undefined {
  let [low, high] = [RATE_MIN, 1];
  while (high < RATE_MAX && Math.sign(value(high)) === Math.sign(value(low))) high *= 10;
  if (Math.sign(value(high)) === Math.sign(value(low))) return undefined;
  for (let step = 0; step < BISECTION_STEPS_MAX && high - low > PRECISE; step += 1) {
    const middle = (low + high) / 2;
    if (Math.sign(value(middle)) === Math.sign(value(low))) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
