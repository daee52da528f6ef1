import { expect, test } from 'vitest';
import { problem } from '../core/result.ts';
import { createRefusals } from './remembered-refusals.ts';

const REFUSED = problem('not_found', 'There is no such loan.').problem;
const asked = (userId: string, key: string, fingerprint = 'a body') => ({
  key: { userId, operation: 'createLoan', key, fingerprint },
});

test('a refusal is told for a minute: to the same request of the same user', () => {
  let now = 0;
  const refusals = createRefusals({ now: () => now });
  refusals.keep(asked('ann', 'one'), REFUSED);
  expect(refusals.find(asked('ann', 'one'))).toEqual(REFUSED);
  expect(refusals.find(asked('ben', 'one'))).toBeUndefined();
  expect(refusals.find(asked('ann', 'two'))).toBeUndefined();
  expect(refusals.find(asked('ann', 'one', 'another body'))).toBeUndefined();
  now = 59_999;
  expect(refusals.find(asked('ann', 'one'))).toEqual(REFUSED);
  now = 60_000;
  expect(refusals.find(asked('ann', 'one'))).toBeUndefined();
});

test('what nobody could ask for again is not kept: the system’s own, and ids that were not chosen', () => {
  const refusals = createRefusals();
  const made = { key: null, id: 'made', userId: 'ann', fingerprint: null };
  refusals.keep(made, REFUSED);
  expect(refusals.find(made)).toBeUndefined();
});

test('a user’s refusals push out the oldest of the same user, and nobody else’s', () => {
  const refusals = createRefusals({ perUserMax: 2, inAllMax: 4 });
  const isKnown = (user: string, key: string) => refusals.find(asked(user, key)) !== undefined;
  refusals.keep(asked('ann', 'one'), REFUSED);
  for (const key of ['one', 'two', 'one', 'three']) refusals.keep(asked('ben', key), REFUSED);
  for (let i = 0; i < 100; i += 1) refusals.keep(asked('ben', `flood ${i}`), REFUSED);
  expect([
    isKnown('ann', 'one'),
    isKnown('ben', 'three'),
    isKnown('ben', 'flood 98'),
    isKnown('ben', 'flood 99'),
  ]).toEqual([true, false, true, true]);
  // Of many users together there are so many: the one who was refused longest ago goes.
  for (const key of ['one', 'two']) refusals.keep(asked('cem', key), REFUSED);
  expect([isKnown('ann', 'one'), isKnown('ben', 'flood 99'), isKnown('cem', 'two')]).toEqual([false, true, true]);
});
