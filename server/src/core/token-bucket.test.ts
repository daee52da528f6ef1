import { expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

test('gives the burst at once, then as much as time refills, and never more than the burst', () => {
  const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, 0);
  expect([0, 0, 0].map((now) => bucket.take(now))).toEqual([0, 0, 0]);
  expect(bucket.take(0)).toBe(100);
  expect(bucket.take(0)).toBe(200);
  // Both debts are paid after 0.2 s, and one more token is there after 0.3 s.
  expect(bucket.take(300)).toBe(0);
  expect([1e6, 1e6, 1e6].map((now) => bucket.take(now))).toEqual([0, 0, 0]);
  expect(bucket.take(1e6)).toBe(100);
});

test('a clock that is set back earns nothing, and takes nothing away', () => {
  const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, 10_000);
  expect([10_000, 0, 0].map((now) => bucket.takeIfThere(now))).toEqual([0, 0, 0]);
  expect(bucket.takeIfThere(0)).toBe(100);
  expect(bucket.takeIfThere(100)).toBe(0);
});
