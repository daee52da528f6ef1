import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compare,
  formatBusinessDate,
  formatCompact,
  formatDuration,
  formatMoment,
  formatMoney,
  formatMonth,
  formatPercent,
  formatRelative,
  negate,
  ratio,
  signOf,
  subtract,
  sum,
} from './index.ts';

describe('decimals', () => {
  test('add up exactly where floating-point numbers do not', () => {
    expect(sum(['0.1', '0.2'])).toBe('0.3');
    expect(sum(['9007199254740993.01', '0.99'])).toBe('9007199254740994.00');
    expect(subtract('1.00', '0.001')).toBe('0.999');
    expect(sum([])).toBe('0');
  });

  test('are as bigints are, whatever the amounts', () => {
    const cents = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
    const textOf = (units: bigint): string => sum([negate('0.00'), formatOf(units)]);
    fc.assert(
      fc.property(cents, cents, (one, other) => {
        expect(sum([formatOf(one), formatOf(other)])).toBe(textOf(one + other));
        expect(Math.sign(compare(formatOf(one), formatOf(other)))).toBe(one === other ? 0 : one < other ? -1 : 1);
      }),
    );
  });

  test('have a sign, and a part of a whole for drawing', () => {
    expect([signOf('-0.01'), signOf('0.00'), signOf('3')]).toEqual([-1, 0, 1]);
    expect([ratio('25.00', '100'), ratio('1', '0'), ratio('5', '4')]).toEqual([0.25, 0, 1]);
  });

  test('that are none are refused', () => {
    for (const text of ['', '1e3', '.5', '1,000', 'NaN']) expect(() => sum([text])).toThrow(RangeError);
  });
});

function formatOf(units: bigint): string {
  const digits = String(units < 0n ? -units : units).padStart(3, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

test('money shows every cent, however much it is', () => {
  expect(formatMoney('9007199254740993.01', 'USD')).toBe('$9,007,199,254,740,993.01');
  expect(formatMoney('-3.50', 'USD')).toBe('\u2212$3.50');
  expect(formatMoney('3.50', 'USD', { sign: true })).toBe('+$3.50');
  expect(['USD', 'CAD', 'AUD'].map((asset) => formatMoney('1.00', asset))).toEqual(['$1.00', 'CA$1.00', 'A$1.00']);
  expect(formatMoney('12', 'GOLD.X')).toBe('12\u00A0GOLD.X');
  expect(formatCompact('1234567.00', 'USD')).toBe('$1.2M');
  expect(formatCompact('-1234567890.12', 'USD', { sign: true, digits: 2 })).toBe('\u2212$1.23B');
  expect(formatCompact('1234567890', 'GOLD.X')).toBe('1.2B\u00A0GOLD.X');
});

test('rates are percent, dates are the same everywhere', () => {
  expect(formatPercent('0.0725')).toBe('7.25%');
  expect(formatPercent('0.1')).toBe('10.0%');
  expect(formatBusinessDate('2026-11-01')).toBe('1 Nov 2026');
  expect(formatMonth('2026-11-30')).toBe('Nov 2026');
});

test('durations are told in what one reads them by', () => {
  expect([0, 12.4, 1_250, 184_000, 7_500_000, 266_400_000].map(formatDuration)).toEqual([
    '0 ms',
    '12 ms',
    '1.25 s',
    '3 min 4 s',
    '2 h 5 min',
    '3 d 2 h',
  ]);
  expect(formatMoment('2026-11-21T12:00:00.123Z')).toMatch(/00\.123$/);
});

test('times are told from now', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  expect(formatRelative('2026-11-21T11:59:30Z', now)).toBe('just now');
  expect(formatRelative('2026-11-21T11:57:00Z', now)).toBe('3 minutes ago');
  expect(formatRelative('2026-11-23T12:00:00Z', now)).toBe('in 2 days');
  expect(formatRelative('2026-11-20T12:00:00Z', now)).toBe('yesterday');
});
