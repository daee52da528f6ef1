import { expect, test } from 'vitest';
import { isDay, periodOf } from './period.ts';

test('both days are included, from midnight to midnight of the reader’s own zone', () => {
  const { from, to } = periodOf({ from: '2026-11-01', to: '2026-11-30' });
  expect(from).toBe(new Date(2026, 10, 1).toISOString());
  expect(to).toBe(new Date(2026, 11, 1).toISOString());
});

test('a day whose clocks are changed is one day', () => {
  // In Europe the clocks went back on 25 October 2026.
  const { from, to } = periodOf({ from: '2026-10-25', to: '2026-10-25' });
  expect(new Date(from as string).getDate()).toBe(25);
  expect(new Date(to as string)).toEqual(new Date(2026, 9, 26));
});

test('a year that is still being typed is no day yet', () => {
  expect(['0002-11-21', '0020-11-21', '0202-11-21', '2026-11-21'].map(isDay)).toEqual([false, false, false, true]);
  expect(periodOf({ from: '0020-11-21' })).toEqual({});
});

test('what is no day is as if it were not there', () => {
  expect(periodOf({})).toEqual({});
  expect(periodOf({ from: 'yesterday', to: '2026-02-30' })).toEqual({});
  expect(periodOf({ from: '2026-13-01' })).toEqual({});
});
