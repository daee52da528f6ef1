import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AMOUNT_MINOR_MAX, formatAmount, parseAmount, splitByLargestRemainder } from './money.ts';

describe('parseAmount accepts exactly what can be held', () => {
  test.each([
    ['25.00', 2, 2500n],
    ['25', 2, 2500n],
    ['0.01', 2, 1n],
    ['1.10', 2, 110n],
    ['1.100000', 2, 110n],
    ['007', 0, 7n],
    ['0.00000001', 8, 1n],
    [25, 2, 2500n],
    [0.1, 2, 10n],
    [1e3, 2, 100_000n],
    [1e-7, 8, 10n],
    [Number.MAX_SAFE_INTEGER, 0, 9_007_199_254_740_991n],
  ])('%s at scale %i', (input, scale, minor) => {
    expect(parseAmount(input, scale)).toEqual({ ok: true, minor });
  });

  test.each([
    ['0', 2, 'not_positive'],
    ['0.00', 2, 'not_positive'],
    [0, 2, 'not_positive'],
    [-1, 2, 'not_positive'],
    ['-1', 2, 'not_a_number'],
    ['0.001', 2, 'too_precise'],
    [0.001, 2, 'too_precise'],
    ['1.5', 0, 'too_precise'],
    ['1e3', 2, 'not_a_number'],
    ['NaN', 2, 'not_a_number'],
    [Number.NaN, 2, 'not_a_number'],
    [Number.POSITIVE_INFINITY, 2, 'not_a_number'],
    [2 ** 53, 2, 'not_a_number'],
    ['', 2, 'not_a_number'],
    [' 25', 2, 'not_a_number'],
    ['25.', 2, 'not_a_number'],
    ['.5', 2, 'not_a_number'],
    ['25,00', 2, 'not_a_number'],
    ['٢٥', 2, 'not_a_number'],
    ['1'.repeat(30), 2, 'not_a_number'],
    ['1'.repeat(20), 2, 'too_large'],
  ])('and says why not: %s at scale %i is %s', (input, scale, fault) => {
    expect(parseAmount(input, scale)).toEqual({ ok: false, fault });
  });

  test('what is formatted is read back unchanged', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, AMOUNT_MINOR_MAX), fc.integer({ min: 0, max: 8 }), (minor, scale) => {
        expect(parseAmount(formatAmount(minor, scale), scale)).toEqual({ ok: true, minor });
      }),
    );
  });

  test('a JSON number is read as the decimal that JSON writes for it, or refused', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e12, noNaN: true }), (value) => {
        const parsed = parseAmount(value, 8);
        if (parsed.ok) expect(Number(formatAmount(parsed.minor, 8))).toBe(value);
      }),
    );
  });
});

test('formatAmount keeps sign, scale and leading zeros', () => {
  expect(formatAmount(-5n, 2)).toBe('-0.05');
  expect(formatAmount(0n, 2)).toBe('0.00');
  expect(formatAmount(123n, 0)).toBe('123');
  expect(formatAmount(100_000_000_000_000_001n, 2)).toBe('1000000000000000.01');
});

test('the classic: a cent that cannot be split goes to the largest remainder, ties to the earlier', () => {
  expect(splitByLargestRemainder(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
  expect(splitByLargestRemainder(10n, [15n, 25n, 60n])).toEqual([2n, 2n, 6n]);
  // Hamilton's apportionment of 10 seats over 1500, 1500, 900, 500, 500, 200 votes.
  expect(splitByLargestRemainder(10n, [1500n, 1500n, 900n, 500n, 500n, 200n])).toEqual([3n, 3n, 2n, 1n, 1n, 0n]);
});

test('parts add up to the total, and each is within one unit of its exact share', () => {
  fc.assert(
    fc.property(
      fc.bigInt(0n, 10n ** 18n),
      fc.array(fc.bigInt(0n, 10n ** 12n), { minLength: 1, maxLength: 50 }),
      (total, weights) => {
        const sum = weights.reduce((a, b) => a + b, 0n);
        fc.pre(sum > 0n);
        const parts = splitByLargestRemainder(total, weights);
        expect(parts.reduce((a, b) => a + b, 0n)).toBe(total);
        parts.forEach((part, i) => {
          const floor = (total * (weights[i] as bigint)) / sum;
          expect(part === floor || part === floor + 1n).toBe(true);
        });
      },
    ),
  );
});

test('nothing to split by is an error unless there is nothing to split', () => {
  expect(splitByLargestRemainder(0n, [0n, 0n])).toEqual([0n, 0n]);
  expect(() => splitByLargestRemainder(1n, [0n])).toThrow(RangeError);
  expect(() => splitByLargestRemainder(1n, [-1n, 2n])).toThrow(RangeError);
});
