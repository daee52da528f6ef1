import { expect, test } from 'vitest';
import { type ClockReading, clockFaultText, judgeClock } from './clock-guard.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 21);
const limits = { gapMaxMs: 7 * DAY, differenceMaxMs: 5 * MINUTE };
const calm: ClockReading = {
  business: NOW,
  database: NOW,
  seenAt: NOW - MINUTE,
  latestAt: NOW - 3 * DAY,
  confirmedDifferenceMs: 0,
};

test.each<[string, Partial<ClockReading>, ReturnType<typeof judgeClock>]>([
  ['all clocks agree', {}, null],
  ['some seconds are no fault', { database: NOW + 2_000, latestAt: NOW + 2_000 }, null],
  ['this process’s clock has jumped ahead', { business: NOW + 400 * DAY }, 'database'],
  ['this process’s clock has jumped back', { business: NOW - DAY }, 'database'],
  ['both clocks of one machine have jumped ahead', { business: NOW + 400 * DAY, database: NOW + 400 * DAY }, 'gap'],
  ['a machine was off for a weekend', { seenAt: NOW - 3 * DAY }, null],
  ['a machine was off for three weeks', { seenAt: NOW - 21 * DAY, latestAt: NOW - 21 * DAY }, 'gap'],
  ['three weeks without an event, at work', { latestAt: NOW - 21 * DAY }, null],
  ['set back behind what was written', { latestAt: NOW + 400 * DAY }, 'behind'],
  ['set back behind the last sign of life', { seenAt: NOW + DAY }, 'behind'],
  [
    'an operator said that the clocks differ by an hour',
    { database: NOW - 60 * MINUTE, confirmedDifferenceMs: 60 * MINUTE },
    null,
  ],
  ['they agree again', { confirmedDifferenceMs: 60 * MINUTE }, 'database'],
])('%s', (_, part, fault) => {
  expect(judgeClock({ ...calm, ...part }, limits)).toBe(fault);
});

test('what is wrong is said with both times', () => {
  expect(clockFaultText({ ...calm, fault: null })).toBeNull();
  const text = clockFaultText({ ...calm, seenAt: NOW - 21 * DAY, fault: 'gap' });
  expect(text).toContain('2026-11-21T00:00:00.000Z now');
  expect(text).toContain('2026-10-31T00:00:00.000Z');
});
