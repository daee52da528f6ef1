import { expect, test } from 'vitest';
import { actLabel } from './acts.ts';

test('an act is said in words, one that is new too', () => {
  expect(actLabel('disableUser')).toBe('User disabled');
  expect(actLabel('closeLoan')).toBe('Close loan');
  expect(actLabel('log_something')).toBe('Log something');
});
