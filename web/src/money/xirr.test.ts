import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CashFlow, type Xirr, xirr } from './xirr.ts';

function rateOf(result: Xirr): number {
  if (!result.ok) throw new Error(`no rate: ${result.why}`);
  return result.rate;
}

/** Dollars on days. */
function flowsOf(flows: readonly (readonly [at: string, amount: number])[]): CashFlow[] {
  return flows.map(([at, amount]) => ({ at, amount: BigInt(amount) * 100n }));
}

test('is the example of Microsoft’s documentation of XIRR: 37.34 %', () => {
  const flows = flowsOf([
    ['2008-01-01', -10_000],
    ['2008-03-01', 2_750],
    ['2008-10-30', 4_250],
    ['2009-02-15', 3_250],
    ['2009-04-01', 2_750],
  ]);
  // The documentation prints 0.373362535, of which its own algorithm promises 0.000001 percent.
  expect(rateOf(xirr(flows))).toBeCloseTo(0.373_362_535, 7);
});

test('is the example of LibreOffice’s help for XIRR: 0.1828', () => {
  const flows = flowsOf([
    ['2001-01-01', -10_000],
    ['2001-02-01', 2_000],
    ['2001-03-15', 2_500],
    ['2001-05-12', 5_000],
    ['2001-08-10', 1_000],
  ]);
  expect(rateOf(xirr(flows))).toBeCloseTo(0.1828, 4);
});

test('of a year is what came more or less, whatever the amount', () => {
  const after = (amount: number) =>
    xirr(
      flowsOf([
        ['2026-01-01', -100],
        ['2027-01-01', amount],
      ]),
    );
  expect(rateOf(after(110))).toBeCloseTo(0.1, 10);
  expect(rateOf(after(100))).toBeCloseTo(0, 10);
  expect(rateOf(after(50))).toBeCloseTo(-0.5, 10);
  expect(rateOf(after(1_000_000))).toBeCloseTo(9_999, 5);
});

test('is found where Newton’s method from the usual guess leaves the range', () => {
  const flows = flowsOf([
    ['2026-01-01', -100],
    ['2026-01-15', 1],
    ['2026-06-01', 2],
  ]);
  const rate = rateOf(xirr(flows));
  expect(rate).toBeGreaterThan(-1);
  expect(rate).toBeLessThan(-0.9);
});

test('of several rates is the one nearest to the guess of spreadsheets', () => {
  // Worth nothing at 10 % and at 200 %.
  const flows = flowsOf([
    ['2025-01-01', -1_000],
    ['2026-01-01', 4_100],
    ['2027-01-01', -3_300],
  ]);
  expect(rateOf(xirr(flows))).toBeCloseTo(0.1, 8);
});

test('makes the present value zero, for any loan that is paid back', () => {
  const cents = fc.bigInt({ min: 1n, max: 10n ** 15n });
  const days = fc.integer({ min: 1, max: 36_000 });
  fc.assert(
    fc.property(cents, fc.array(fc.tuple(days, cents), { minLength: 1, maxLength: 40 }), (paid, received) => {
      const at = (day: number): string => new Date(Date.UTC(2000, 0, 1 + day)).toISOString().slice(0, 10);
      const flows = [{ at: at(0), amount: -paid }, ...received.map(([day, amount]) => ({ at: at(day), amount }))];
      const result = xirr(flows);
      if (!result.ok) return result.why === 'no_rate';
      const terms = [
        -Number(paid),
        ...received.map(([day, amount]) => Number(amount) / (1 + result.rate) ** (day / 365)),
      ];
      const error = Math.abs(terms.reduce((total, term) => total + term, 0));
      return error <= 1e-6 * Number(paid);
    }),
  );
});

test('counts a day by what is left of it', () => {
  const backAtOnce = [
    ['2025-01-01', -100],
    ['2025-01-01', 100],
  ] as const;
  const flows = flowsOf([...backAtOnce, ['2026-01-01', -100], ['2027-01-01', 110]]);
  expect(rateOf(xirr(flows))).toBeCloseTo(0.1, 10);
  expect(xirr(flowsOf([...backAtOnce, ['2026-01-01', 5]]))).toEqual({ ok: false, why: 'one_way' });
});

test('says why there is none', () => {
  const paid = flowsOf([['2026-01-01', -100]]);
  const back = flowsOf([['2026-01-01', 100]]);
  const nothing = flowsOf([['2026-01-01', 0]]);
  expect(xirr([])).toEqual({ ok: false, why: 'no_flows' });
  expect(xirr(nothing)).toEqual({ ok: false, why: 'no_flows' });
  expect(xirr(paid)).toEqual({ ok: false, why: 'one_way' });
  expect(xirr([...paid, ...back])).toEqual({ ok: false, why: 'one_day' });
  const everythingTomorrow = flowsOf([
    ['2026-01-01', -1],
    ['2026-01-02', 1_000_000],
  ]);
  expect(xirr(everythingTomorrow)).toEqual({ ok: false, why: 'no_rate' });
});
