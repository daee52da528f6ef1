import { expect, test } from 'vitest';
import { LAG_WITHOUT_REST, restMs } from './pacing.ts';

test('rests nine times as long as it worked while nearly nothing waits', () => {
  expect(restMs(0, 50)).toBe(450);
});

test('rests less the more is waiting, and not at all past the bound', () => {
  const rests = [
    0,
    0.25 * LAG_WITHOUT_REST,
    0.5 * LAG_WITHOUT_REST,
    0.75 * LAG_WITHOUT_REST,
    LAG_WITHOUT_REST,
    10 * LAG_WITHOUT_REST,
  ].map((lag) => restMs(lag, 100));
  expect(rests).toEqual([900, 675, 450, 225, 0, 0]);
});

test('one very slow chunk does not make it rest without bound', () => {
  expect(restMs(0, 60_000)).toBe(2_000);
});
