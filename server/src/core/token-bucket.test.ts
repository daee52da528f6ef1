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
