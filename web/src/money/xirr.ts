/** Money on a day: paid in is negative, received is positive. Days are business dates; amounts minor units. */
export interface CashFlow {
  at: string;
  amount: bigint;
}

/**
 * Why there is no rate: `no_flows`; `one_way`: money only went out, or only came in; `one_day`: everything happened on one
 * day, so that no time has passed; `no_rate`: none in the range makes the flows worth nothing on their first day.
 */
export type NoRate = 'no_flows' | 'one_way' | 'one_day' | 'no_rate';

/** A yearly rate (0.37 is 37 %), or why there is none. */
export type Xirr = { ok: true; rate: number } | { ok: false; why: NoRate };

const DAY_MS = 86_400_000;
const YEAR_DAYS = 365;
/** Where spreadsheets begin to look: of several rates, the one nearest to it is theirs and ours. */
const GUESS = 0.1;
/** No rate below −99.99999 %, and none above a hundred thousand times a year: beyond that a rate tells nobody anything. */
const LOW = Math.log(1e-7);
const HIGH = Math.log(1e5);
/** The first step away from the guess, and how much longer each next one is: the whole range in about thirty. */
const FIRST_STEP = 0.05;
const GROWTH = 1.2;
const BRACKET_STEPS_MAX = 60;
/** Halving alone would need 45 from the widest bracket. */
const SOLVE_STEPS_MAX = 100;
const PRECISE = 1e-13;

/** Present value on the first day, and its slope, at the rate e^x − 1: smooth in x over the whole range. */
type Curve = (x: number) => { value: number; slope: number };

/**
 * The internal rate of return of dated cash flows: the yearly rate at which their present value on the first day is zero,
 * with years of 365 days, as XIRR of the common spreadsheets defines it. The rate is found between two rates whose present
 * values differ in sign, by Newton's method where that stays between them and by halving where it does not.
 */
export function xirr(flows: readonly CashFlow[]): Xirr {
  const moved = flows.filter(({ amount }) => amount !== 0n);
  if (moved.length === 0) return { ok: false, why: 'no_flows' };
  if (!moved.some(({ amount }) => amount > 0n) || !moved.some(({ amount }) => amount < 0n)) {
    return { ok: false, why: 'one_way' };
  }
  if (moved.every(({ at }) => at === moved[0]?.at)) return { ok: false, why: 'one_day' };
  const daily = netByDay(moved);
  if (!daily.some(({ amount }) => amount > 0n) || !daily.some(({ amount }) => amount < 0n)) {
    return { ok: false, why: daily.length === 0 ? 'one_day' : 'one_way' };
  }
  const start = Math.min(...daily.map(({ at }) => Date.parse(at)));
  // Shares of the largest amount: a present value near zero means the same for cents and for millions.
  const largest = daily.map(({ amount }) => Math.abs(Number(amount))).reduce((most, amount) => Math.max(most, amount));
  const dated = daily.map(({ at, amount }) => ({
    amount: Number(amount) / largest,
    years: (Date.parse(at) - start) / DAY_MS / YEAR_DAYS,
  }));
  const curve: Curve = (x) => {
    let [value, slope] = [0, 0];
    for (const { amount, years } of dated) {
      const present = amount * Math.exp(-x * years);
      value += present;
      slope -= years * present;
    }
    return { value, slope };
  };
  const bracket = bracketOf(curve);
  return bracket ? { ok: true, rate: Math.expm1(solve(curve, bracket)) } : { ok: false, why: 'no_rate' };
}

/** What went out and came back on the same day earned nothing, and must not make the first day of the rest. */
function netByDay(flows: readonly CashFlow[]): CashFlow[] {
  const days = new Map<string, bigint>();
  for (const { at, amount } of flows) days.set(at, (days.get(at) ?? 0n) + amount);
  return [...days].map(([at, amount]) => ({ at, amount })).filter(({ amount }) => amount !== 0n);
}

/** Two neighbours with present values of different sign, as near to the guess as there are. */
function bracketOf(curve: Curve): [number, number] | undefined {
  const differ = (one: number, other: number): boolean => curve(one).value * curve(other).value <= 0;
  let [low, high] = [Math.log1p(GUESS), Math.log1p(GUESS)];
  let step = FIRST_STEP;
  for (let count = 0; count < BRACKET_STEPS_MAX && (low > LOW || high < HIGH); count += 1) {
    const [lower, higher] = [Math.max(LOW, low - step), Math.min(HIGH, high + step)];
    if (differ(low, lower)) return [lower, low];
    if (differ(high, higher)) return [high, higher];
    [low, high] = [lower, higher];
    step *= GROWTH;
  }
  return undefined;
}

function solve(curve: Curve, [from, to]: [number, number]): number {
  let [low, high] = [from, to];
  const isPositiveAtLow = curve(low).value > 0;
  let x = (low + high) / 2;
  for (let step = 0; step < SOLVE_STEPS_MAX && high - low > PRECISE; step += 1) {
    const { value, slope } = curve(x);
    if (value === 0) return x;
    if (value > 0 === isPositiveAtLow) low = x;
    else high = x;
    const next = x - value / slope;
    if (next > low && next < high && Math.abs(next - x) < PRECISE) return next;
    x = next > low && next < high ? next : (low + high) / 2;
  }
  return x;
}
