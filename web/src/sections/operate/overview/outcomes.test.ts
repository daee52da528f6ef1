import { expect, test } from 'vitest';
import { busyMinutes, totalsOf } from './outcomes.ts';

const idle = { completed: 0, rejected: 0, failed: 0, pending: 0, open: 0, canceled: 0 };
const hour = [
  { ...idle, minute: '2026-11-21T10:00:00Z', completed: 3, rejected: 1 },
  { ...idle, minute: '2026-11-21T10:01:00Z' },
  { ...idle, minute: '2026-11-21T10:02:00Z', completed: 2, failed: 1 },
];

test('an hour is the sum of its minutes', () => {
  expect(totalsOf(hour)).toEqual({ ...idle, completed: 5, rejected: 1, failed: 1 });
});

test('minutes without an order are left out of the table, and the newest comes first', () => {
  expect(busyMinutes(hour).map(({ minute }) => minute)).toEqual(['2026-11-21T10:02:00Z', '2026-11-21T10:00:00Z']);
});
