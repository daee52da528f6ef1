import { expect, test } from 'vitest';
import { createStreamLimits } from './stream-limits.ts';

test('counts for each user and for all, and gives places back', () => {
  const streams = createStreamLimits({ perUser: 2, total: 3 });
  expect(['a', 'a', 'a', 'b', 'b'].map((user) => streams.enter(user))).toEqual([
    undefined,
    undefined,
    'user_full',
    undefined,
    'full',
  ]);
  expect(streams.count).toBe(3);
  streams.leave('a');
  expect(streams.enter('b')).toBeUndefined();
  streams.leave('b');
  streams.leave('b');
  streams.leave('a');
  expect(streams.count).toBe(0);
  expect(streams.enter('a')).toBeUndefined();
});
