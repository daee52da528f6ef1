import { expect, test } from 'vitest';
import { sharedRead } from './shared-read.ts';

test('who asks while it is read, or soon after, shares the reading', async () => {
  let reads = 0;
  const read = sharedRead(async () => {
    reads += 1;
    return reads;
  }, 60_000);
  expect(await Promise.all([read(), read()])).toEqual([1, 1]);
  expect(await read()).toBe(1);
});

test('what is no longer fresh is read again', async () => {
  let reads = 0;
  const read = sharedRead(async () => {
    reads += 1;
    return reads;
  }, 0);
  expect([await read(), await read()]).toEqual([1, 2]);
});

test('a failure is told to those who wait, and the next one asks again', async () => {
  let fails = true;
  const read = sharedRead(async () => {
    if (fails) throw new Error('gone');
    return 'here';
  }, 60_000);
  const first = await Promise.allSettled([read(), read()]);
  expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  expect(await read()).toBe('here');
});
