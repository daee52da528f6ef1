import type { PortfolioView } from '@millrace/contract';
import { expect, test } from 'vitest';
import { type ExpectedMonth, periodsOf } from './expected.ts';
import { performanceOf } from './performance.ts';

function portfolioOf(part: Partial<PortfolioView>): PortfolioView {
  return { asset: 'USD', outstanding: '0.00', defaulted: '0.00', cash_flows: [], ...part } as PortfolioView;
}

test('what is still out counts at par today', () => {
  const cash_flows = [
    { date: '2025-11-21', amount: '-100.00' },
    { date: '2026-11-21', amount: '10.00' },
  ];
  const { effective, withDefaulted } = performanceOf(portfolioOf({ cash_flows, outstanding: '100.00' }), '2026-11-21');
  expect(effective.ok && effective.rate).toBeCloseTo(0.1, 10);
  expect(withDefaulted).toBeNull();
});

test('loans in default are counted as lost, and what they owe only beside it', () => {
  const cash_flows = [{ date: '2025-11-21', amount: '-100.00' }];
  const portfolio = portfolioOf({ cash_flows, outstanding: '100.00', defaulted: '50.00' });
  const { effective, withDefaulted } = performanceOf(portfolio, '2026-11-21');
  expect(effective.ok && effective.rate).toBeCloseTo(-0.5, 10);
  expect(withDefaulted?.ok && withDefaulted.rate).toBeCloseTo(0, 10);
});

test('what was recovered after a default is a return on its day, and only the rest is lost', () => {
  const cash_flows = [
    { date: '2024-11-21', amount: '-100.00' },
    { date: '2025-11-21', amount: '45.00' },
  ];
  // 45.00 came back, 40.00 are owed by loans that pay, 20.00 by those in default: 85 of 100 after a year, or 105.
  const portfolio = portfolioOf({ cash_flows, outstanding: '60.00', defaulted: '20.00' });
  const { effective, withDefaulted } = performanceOf(portfolio, '2025-11-21');
  expect(effective.ok && effective.rate).toBeCloseTo(-0.15, 10);
  expect(withDefaulted?.ok && withDefaulted.rate).toBeCloseTo(0.05, 10);
});

test('when everything is lost, that is a return: all of it', () => {
  const cash_flows = [{ date: '2025-11-21', amount: '-100.00' }];
  const portfolio = portfolioOf({ cash_flows, outstanding: '100.00', defaulted: '100.00' });
  expect(performanceOf(portfolio, '2026-11-21').effective).toEqual({ ok: true, rate: -1 });
});

test('where there is no return, it is said why', () => {
  const invested = portfolioOf({ cash_flows: [{ date: '2026-11-21', amount: '-100.00' }], outstanding: '100.00' });
  expect(performanceOf(portfolioOf({}), '2026-11-21').effective).toEqual({ ok: false, why: 'no_flows' });
  expect(performanceOf(invested, '2026-11-21').effective).toEqual({ ok: false, why: 'one_day' });
});

test('a clock that is behind the server’s does not turn time around', () => {
  const invested = portfolioOf({ cash_flows: [{ date: '2026-11-22', amount: '-100.00' }], outstanding: '100.00' });
  expect(performanceOf(invested, '2026-11-21').effective).toEqual({ ok: false, why: 'one_day' });
});

function monthsOf(count: number): ExpectedMonth[] {
  return Array.from({ length: count }, (_, number) => ({
    month: `${2027 + Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, '0')}`,
    principal: '10.00',
    interest: '1.00',
    fee: '0.10',
    total: '10.90',
  }));
}

test('what is expected is told by month, interest after its fee', () => {
  expect(periodsOf(monthsOf(2))).toEqual([
    {
      label: 'Jan 2027',
      principal: '10.00',
      interest: '0.90',
      total: '10.90',
      drawn: { principal: 10, interest: 0.9 },
    },
    {
      label: 'Feb 2027',
      principal: '10.00',
      interest: '0.90',
      total: '10.90',
      drawn: { principal: 10, interest: 0.9 },
    },
  ]);
});

test('too many months to draw are told by year, and add up', () => {
  const years = periodsOf(monthsOf(30), 24);
  expect(years.map(({ label, total }) => [label, total])).toEqual([
    ['2027', '130.80'],
    ['2028', '130.80'],
    ['2029', '65.40'],
  ]);
});
