import { expect, test } from 'vitest';
import { addMonths, dateOf, settableClock } from './clock.ts';

test('months are the calendar’s, with the month’s last day where it is shorter', () => {
  expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
  expect(addMonths('2028-01-31', 1)).toBe('2028-02-29');
  expect(addMonths('2026-11-30', 3)).toBe('2027-02-28');
  expect(addMonths('2026-12-15', 1)).toBe('2027-01-15');
  expect(addMonths('2026-05-15', 480)).toBe('2066-05-15');
});

test('a settable clock stands still', () => {
  const clock = settableClock(Date.UTC(2026, 0, 1));
  clock.advance(86_400_000);
  expect(dateOf(clock.now())).toBe('2026-01-02');
  expect(clock.now()).toBe(clock.now());
});
