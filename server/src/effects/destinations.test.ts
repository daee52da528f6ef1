import { beforeEach, expect, test } from 'vitest';
import { createDestinations, type Destinations } from './destinations.ts';

const LIMITS = { callsAtOnce: 3, failuresMax: 4, pauseMs: 100, pauseMsMax: 350 };

let now: number;
let destinations: Destinations;
beforeEach(() => {
  now = 1_000;
  const limitsOf = (lane: string) => (lane === 'unknown' ? undefined : LIMITS);
  destinations = createDestinations({ limitsOf, now: () => now });
});

const isAnswer = (error: unknown): boolean => (error as Error).message === 'refused';
const answer = (lane = 'a') => destinations.guard(lane, async () => 'yes', isAnswer);
const fail = (lane = 'a', message = 'down') =>
  destinations.guard(lane, () => Promise.reject(new Error(message)), isAnswer).catch((error: Error) => error.message);

test('a destination has so many calls at once, and another has its own', () => {
  for (let i = 0; i < 3; i += 1) {
    expect(destinations.full()).toEqual([]);
    destinations.taken('a');
  }
  destinations.taken('b');
  expect(destinations.full()).toEqual(['a']);
  destinations.left('a');
  expect(destinations.full()).toEqual([]);
});

test('after a failure it has one at a time, until it answers', async () => {
  await fail();
  destinations.taken('a');
  expect(destinations.full()).toEqual(['a']);
  await answer();
  expect(destinations.full()).toEqual([]);
});

test('the breaker opens after so many failures one after another, for it alone', async () => {
  for (let i = 0; i < 3; i += 1) await fail();
  await answer();
  for (let i = 0; i < 4; i += 1) {
    expect(destinations.full()).toEqual([]);
    await fail();
  }
  await fail('b');
  expect(destinations.full()).toEqual(['a']);
  await expect(answer()).rejects.toThrow('the breaker of a is open');
  expect(await answer('b')).toBe('yes');
});

test('then one call is let through; each that fails doubles the pause, up to a limit; an answer closes it', async () => {
  for (let i = 0; i < 4; i += 1) await fail();
  for (const pause of [100, 200, 350, 350]) {
    now += pause - 1;
    expect(destinations.full()).toEqual(['a']);
    now += 1;
    expect(destinations.full()).toEqual([]);
    destinations.taken('a');
    expect(destinations.full()).toEqual(['a']);
    await fail();
    destinations.left('a');
  }
  now += 350;
  await answer();
  for (let i = 0; i < 3; i += 1) await fail();
  expect(destinations.full()).toEqual([]);
  await fail();
  now += 100;
  expect(destinations.full()).toEqual([]);
});

test('failures of calls that were under way when it opened lengthen nothing', async () => {
  let giveUp: (error: Error) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => (giveUp = reject));
  const late = Array.from({ length: 3 }, () => destinations.guard('a', () => broken, isAnswer).catch(() => undefined));
  for (let i = 0; i < 4; i += 1) await fail();
  giveUp(new Error('down'));
  await Promise.all(late);
  now += 100;
  expect(destinations.full()).toEqual([]);
});

test('a refusal is an answer', async () => {
  for (let i = 0; i < 10; i += 1) expect(await fail('a', 'refused')).toBe('refused');
  expect(destinations.full()).toEqual([]);
});

test('what is not known is not bounded, and ten thousand at most are remembered', async () => {
  for (let i = 0; i < 10; i += 1) expect(await fail('unknown')).toBe('down');
  for (let i = 0; i < 4; i += 1) await fail('a');
  for (let i = 0; i < 9_999; i += 1) await fail(`other ${i}`);
  expect(destinations.full()).toEqual(['a']);
  await fail('one too many');
  expect(destinations.full()).toEqual([]);
});
