import { expect, test } from 'vitest';
import { LOOPBACK } from '../intake/identity/index.ts';
import { createStreamLimits } from './stream-limits.ts';

const of = (userId: string | null, address = userId ?? 'nobody') => ({ userId, address });

test('counts for each user and for all, and gives places back', () => {
  const streams = createStreamLimits({ perUser: 2, total: 3 });
  expect(['a', 'a', 'a', 'b', 'b'].map((user) => streams.enter(of(user)))).toEqual([
    undefined,
    undefined,
    'user_full',
    undefined,
    'full',
  ]);
  expect(streams.count).toBe(3);
  streams.leave(of('a'));
  expect(streams.enter(of('b'))).toBeUndefined();
  streams.leave(of('b'));
  streams.leave(of('b'));
  streams.leave(of('a'));
  expect(streams.count).toBe(0);
  expect(streams.enter(of('a'))).toBeUndefined();
});

test('many users of one address do not take the places of another address', () => {
  const streams = createStreamLimits({ perUser: 2, perAddress: 3, total: 10 });
  const there = ['a', 'b', 'c', 'd', null].map((user) => streams.enter(of(user, '192.0.2.1')));
  expect(there).toEqual([undefined, undefined, undefined, 'address_full', 'address_full']);
  expect(streams.enter(of('d', '192.0.2.2'))).toBeUndefined();
  streams.leave(of('a', '192.0.2.1'));
  expect(streams.enter(of(null, '192.0.2.1'))).toBeUndefined();
});

test('this machine may have more', () => {
  const streams = createStreamLimits({ perUser: 100, perAddress: 1, total: 100 });
  const places = Array.from({ length: 21 }, (_, i) => streams.enter(of(String(i), LOOPBACK)));
  expect(places.filter((full) => full === undefined)).toHaveLength(20);
});
