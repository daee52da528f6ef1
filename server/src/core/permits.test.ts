import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createPermits } from './permits.ts';

test('so many tasks run at once, in the order in which they came, and one that fails makes room too', async () => {
  const permits = createPermits(2);
  let running = 0;
  let most = 0;
  const order: number[] = [];
  const results = await Promise.allSettled(
    Array.from({ length: 10 }, (_, n) =>
      permits.run(async () => {
        order.push(n);
        running += 1;
        most = Math.max(most, running);
        await nextTurn();
        running -= 1;
        if (n % 3 === 0) throw new Error('failed');
        return n;
      }),
    ),
  );
  expect(most).toBe(2);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(results.map(({ status }) => status)).toEqual(results.map((_, n) => (n % 3 === 0 ? 'rejected' : 'fulfilled')));
});
