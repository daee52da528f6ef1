import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitByLargestRemainder } from './split.ts';

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
