import { describe, expect, test } from 'vitest';
import { createAdmission } from './admission.ts';

describe('orders of one user', () => {
  test('come as fast as the bucket refills, and say when to come back; another user has a bucket too', () => {
    let now = 0;
    const admission = createAdmission({ orders: { perSecond: 10, burst: 2 }, now: () => now });
    const enter = (user = 'ann'): unknown => {
      const excess = admission.enter(user);
      if (!excess) admission.leave(user);
      return excess;
    };
    expect([enter(), enter()]).toEqual([undefined, undefined]);
    expect(enter()).toEqual({ type: 'rate', retryAfterMs: 100 });
    // What is refused takes nothing.
    expect(enter()).toEqual({ type: 'rate', retryAfterMs: 100 });
    expect(enter('ben')).toBeUndefined();
    now = 100;
    expect(enter()).toBeUndefined();
    expect(enter()).toMatchObject({ type: 'rate' });
    now = 10_000;
    expect([enter(), enter(), enter()]).toMatchObject([undefined, undefined, { type: 'rate' }]);
  });

  test('under way are bounded', () => {
    const admission = createAdmission({ orders: { perSecond: 1e9, burst: 1e9 }, inFlightMax: 2 });
    expect([1, 2, 3].map(() => admission.enter('ann'))).toEqual([undefined, undefined, { type: 'in_flight' }]);
    admission.leave('ann');
    expect(admission.enter('ann')).toBeUndefined();
  });

  test('are remembered of so many users, and never forgotten while they are under way', () => {
    const admission = createAdmission({ orders: { perSecond: 0.001, burst: 1 }, usersMax: 2, now: () => 0 });
    for (const user of ['ann', 'ben']) admission.enter(user);
    admission.leave('ben');
    admission.enter('cem');
    // Ann has an order under way, so Ben was forgotten.
    expect(admission.enter('ann')).toMatchObject({ type: 'rate' });
    expect(admission.enter('ben')).toBeUndefined();
  });
});
