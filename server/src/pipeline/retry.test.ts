import { expect, test } from 'vitest';
import { nextStep, noTrouble, type Step, type Trouble } from './retry.ts';

/** Steps of a batch that meets the same fault again and again, each after the pause before it and a try of 10 ms. */
function stepsOf(fault: Parameters<typeof nextStep>[0], trouble: Trouble, until: (step: Step) => boolean): Step[] {
  const steps: Step[] = [];
  for (let now = 0; ; ) {
    const step = nextStep(fault, trouble, { now, busyMsMax: 20_000, random: 1 });
    steps.push(step);
    if (until(step)) return steps;
    now += 10 + ('pauseMs' in step ? step.pauseMs : 0);
  }
}

test('a busy database is tried at once twice, then with pauses that double to a second, for 20 s in all', () => {
  const steps = stepsOf('busy', noTrouble(), (step) => step.do === 'refuse');
  const pauses = steps.map((step) => ('pauseMs' in step ? step.pauseMs : null));
  expect(pauses.slice(0, 9)).toEqual([0, 0, 25, 50, 100, 200, 400, 800, 1_000]);
  expect(steps.slice(0, 6).map((step) => step.do)).toEqual(['again', 'again', 'again', 'again', 'again', 'split']);
  expect(steps.at(-1)).toEqual({ do: 'refuse', because: 'busy' });
  const waited = pauses.reduce<number>((sum, ms) => sum + (ms ?? 0), 0) + 10 * steps.length;
  expect(waited).toBeGreaterThanOrEqual(20_000);
  expect(waited).toBeLessThan(21_100);
  expect(steps.some((step) => step.do === 'blame')).toBe(false);
});

test('nothing is said to be unrecorded that a lost connection may have committed', () => {
  const trouble = noTrouble();
  expect(nextStep('lost', trouble, { now: 0, busyMsMax: 20_000, random: 1 })).toMatchObject({ do: 'reconnect' });
  expect(nextStep('unwritable', trouble, { now: 1, busyMsMax: 20_000, random: 1 })).toEqual({
    do: 'refuse',
    because: 'unknown',
  });
  expect(stepsOf('busy', trouble, (step) => step.do === 'refuse').at(-1)).toMatchObject({ because: 'unknown' });
});

test('what may be the data’s own fault is tried ten times, and refused data is looked for at once', () => {
  expect(stepsOf('again', noTrouble(), (step) => step.do === 'blame')).toHaveLength(10);
  expect(stepsOf('refused', noTrouble(), (step) => step.do === 'blame')).toHaveLength(1);
});
