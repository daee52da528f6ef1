import { expect, test } from 'vitest';
import { eachAtOnce } from './each-at-once.ts';

test('every item has its turn, and never more at once than allowed', async () => {
  const done: number[] = [];
  let running = 0;
  let most = 0;
  await eachAtOnce([1, 2, 3, 4, 5], 2, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    done.push(item);
  });
  expect(done.toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

test('nothing to do is done at once', async () => {
  await eachAtOnce([], 3, () => Promise.reject(new Error('nobody calls this')));
});
