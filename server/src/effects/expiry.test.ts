import { expect, test } from 'vitest';
import { expiryTask } from './expiry.ts';

/** Expired rows by the number, and the portions in which they were deleted. */
function expired(rows: number): { portions: number[]; purgeExpired(limit: number): Promise<number> } {
  const portions: number[] = [];
  return {
    portions,
    async purgeExpired(limit) {
      const purged = Math.min(limit, rows);
      rows -= purged;
      portions.push(purged);
      return purged;
    },
  };
}

const { signal } = new AbortController();

test('what has expired is deleted in portions until a portion is not full', async () => {
  const rows = expired(2_300);
  await expiryTask(rows)({}, { signal });
  expect(rows.portions).toEqual([1_000, 1_000, 300]);
});

test('one run deletes a million rows at most', async () => {
  const rows = expired(1e9);
  await expiryTask(rows)({}, { signal });
  expect(rows.portions).toHaveLength(1_000);
});

test('a run that is told to give up stops between two portions', async () => {
  const stop = new AbortController();
  const rows = expired(1e9);
  const stopping = {
    async purgeExpired(limit: number) {
      if (rows.portions.length === 2) stop.abort();
      return rows.purgeExpired(limit);
    },
  };
  await expiryTask(stopping)({}, { signal: stop.signal });
  expect(rows.portions).toHaveLength(3);
});
