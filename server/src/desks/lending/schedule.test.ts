import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { annuitySchedule, rateMillionths, shareOf } from './schedule.ts';

const paymentsOf = (schedule: ReturnType<typeof annuitySchedule>): bigint[] =>
  schedule.map(({ principal, interest }) => principal + interest);
const sum = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);

describe('the monthly payment is the published one, to the cent', () => {
  // Textbook and lender tables of the level-payment mortgage and car loan.
  test.each([
    ['100000.00', '0.06', 360, '599.55'],
    ['10000.00', '0.05', 60, '188.71'],
    ['200000.00', '0.065', 360, '1264.14'],
    ['250000.00', '0.05', 360, '1342.05'],
    ['300000.00', '0.07', 360, '1995.91'],
    ['150000.00', '0.045', 360, '760.03'],
    ['20000.00', '0.075', 60, '400.76'],
    ['1000.00', '0.12', 12, '88.85'],
  ])('%s at %s over %i months: %s', (amount, apr, termMonths, payment) => {
    const schedule = annuitySchedule({ amount: cents(amount), apr, termMonths, startDate: '2026-01-15' });
    expect(paymentsOf(schedule)[0]).toBe(cents(payment));
  });

  test('the first lines of 100,000 at 6 % over 30 years split as every amortization table prints them', () => {
    const schedule = annuitySchedule({
      amount: cents('100000.00'),
      apr: '0.06',
      termMonths: 360,
      startDate: '2026-01-31',
    });
    expect(schedule.slice(0, 3)).toEqual([
      { number: 1, dueDate: '2026-02-28', interest: cents('500.00'), principal: cents('99.55') },
      { number: 2, dueDate: '2026-03-31', interest: cents('499.50'), principal: cents('100.05') },
      { number: 3, dueDate: '2026-04-30', interest: cents('499.00'), principal: cents('100.55') },
    ]);
  });
});

test('without interest the principal is split as evenly as minor units allow', () => {
  const schedule = annuitySchedule({ amount: 100n, apr: '0', termMonths: 3, startDate: '2026-01-15' });
  expect(schedule.map(({ principal, interest }) => [principal, interest])).toEqual([
    [34n, 0n],
    [33n, 0n],
    [33n, 0n],
  ]);
});

test('one month is the principal and a month’s interest', () => {
  const [only] = annuitySchedule({ amount: 120_000n, apr: '0.10', termMonths: 1, startDate: '2024-01-31' });
  expect(only).toEqual({ number: 1, dueDate: '2024-02-29', principal: 120_000n, interest: 1_000n });
});

test('half a minor unit of interest rounds up, exactly', () => {
  // 600 × 1 % ÷ 12 = 0.5: a rate that was rounded before it is multiplied falls below it.
  const [first] = annuitySchedule({ amount: 600n, apr: '0.01', termMonths: 2, startDate: '2026-01-01' });
  expect(first?.interest).toBe(1n);
});

test('decades at a high rate: rounding the payment up would repay too early, so it is one unit less', () => {
  // The annuity is 300.82: at 301 a month nothing would be owed after 196 of the 200 months.
  const schedule = annuitySchedule({ amount: 10_000n, apr: '0.36', termMonths: 200, startDate: '2026-01-01' });
  expect(new Set(paymentsOf(schedule).slice(0, -1))).toEqual(new Set([300n]));
  expect(sum(schedule.map(({ principal }) => principal))).toBe(10_000n);
});

const inputs = fc.record({
  amount: fc.oneof(fc.bigInt(1n, 500n), fc.bigInt(1n, 10n ** 9n), fc.bigInt(1n, 10n ** 17n)),
  millionths: fc.oneof(fc.integer({ min: 1, max: 400_000 }), fc.integer({ min: 1, max: 999_999_999 })),
  termMonths: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 480 })),
});
const rateText = (millionths: number): string =>
  `${Math.floor(millionths / 1e6)}.${String(millionths % 1e6).padStart(6, '0')}`;

test('principal adds up exactly, payments are equal but for the last, no part is negative, and none is zero without need', () => {
  fc.assert(
    fc.property(inputs, ({ amount, millionths, termMonths }) => {
      const schedule = annuitySchedule({ amount, apr: rateText(millionths), termMonths, startDate: '2026-05-31' });
      expect(schedule).toHaveLength(termMonths);
      expect(sum(schedule.map(({ principal }) => principal))).toBe(amount);
      expect(new Set(paymentsOf(schedule).slice(0, -1)).size).toBeLessThanOrEqual(1);
      expect(schedule.every(({ principal, interest }) => principal >= 0n && interest >= 0n)).toBe(true);
      expect(schedule.at(-1)?.principal).toBeGreaterThan(0n);
      if (amount >= BigInt(termMonths)) expect(paymentsOf(schedule).every((payment) => payment > 0n)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('the payment is the annuity formula’s in high-precision decimals, or one unit less', () => {
  const Precise = Decimal.clone({ precision: 1_000, rounding: Decimal.ROUND_HALF_UP });
  fc.assert(
    fc.property(inputs, ({ amount, millionths, termMonths }) => {
      fc.pre(termMonths > 1);
      const r = new Precise(millionths).div(12_000_000);
      const exact = new Precise(amount.toString()).times(r).div(new Precise(1).minus(r.plus(1).pow(-termMonths)));
      const rounded = BigInt(exact.toFixed(0));
      const [payment] = paymentsOf(
        annuitySchedule({ amount, apr: rateText(millionths), termMonths, startDate: '2026-01-01' }),
      );
      expect([rounded, rounded - 1n]).toContain(payment);
    }),
    { numRuns: 200 },
  );
});

test('without interest parts differ by one unit at most and add up', () => {
  fc.assert(
    fc.property(fc.bigInt(1n, 10n ** 17n), fc.integer({ min: 1, max: 480 }), (amount, termMonths) => {
      const parts = annuitySchedule({ amount, apr: '0', termMonths, startDate: '2026-01-01' }).map(
        ({ principal }) => principal,
      );
      expect(sum(parts)).toBe(amount);
      expect((parts[0] as bigint) - (parts.at(-1) as bigint)).toBeLessThanOrEqual(1n);
    }),
  );
});

test('each due date is the same day of the next months, or the month’s last', () => {
  const dates = annuitySchedule({ amount: 1_000n, apr: '0.1', termMonths: 14, startDate: '2027-12-31' }).map(
    ({ dueDate }) => dueDate,
  );
  expect([dates[0], dates[1], dates[2], dates[10], dates[13]]).toEqual([
    '2028-01-31',
    '2028-02-29',
    '2028-03-31',
    '2028-11-30',
    '2029-02-28',
  ]);
});

test('rates are read exactly, and what is none is refused', () => {
  expect([rateMillionths('0'), rateMillionths('0.0725'), rateMillionths('999.999999')]).toEqual([
    0n,
    72_500n,
    999_999_999n,
  ]);
  for (const text of ['', '-1', '1e3', '0.0000001', '1000', ' 1'])
    expect(() => rateMillionths(text)).toThrow(RangeError);
});

test('a share is rounded half up', () => {
  expect([shareOf(149n, 10_000n), shareOf(150n, 10_000n), shareOf(0n, 10_000n)]).toEqual([1n, 2n, 0n]);
});

test('terms outside of 1 to 480 and amounts that are not positive are refused', () => {
  const input = { amount: 100n, apr: '0.1', termMonths: 12, startDate: '2026-01-01' };
  for (const wrong of [{ termMonths: 0 }, { termMonths: 481 }, { termMonths: 1.5 }, { amount: 0n }]) {
    expect(() => annuitySchedule({ ...input, ...wrong })).toThrow(RangeError);
  }
});

function cents(text: string): bigint {
  return BigInt(text.replace('.', ''));
}
