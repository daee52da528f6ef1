import { expect, test } from 'vitest';
import { passwordRules, passwordStrength } from './password-rules.ts';

const met = (password: string, email = 'ann@example.com') => passwordRules(password, email).map((rule) => rule.met);

test('the rules are the server’s: 8 to 200 characters, and not the address', () => {
  expect(met('')).toEqual([false, false]);
  expect(met('1234567')).toEqual([false, true]);
  expect(met('long enough')).toEqual([true, true]);
  expect(met('Ann@example.com')).toEqual([true, false]);
  expect(met('x'.repeat(201))).toEqual([false, true]);
});

test('length makes a password strong, repetition does not', () => {
  expect(passwordStrength('')).toEqual({ score: 0, word: '' });
  expect(passwordStrength('short').score).toBe(1);
  expect(passwordStrength('aaaaaaaaaaaaaaaaaaaa').score).toBe(1);
  expect(passwordStrength('lowercase').score).toBe(2);
  expect(passwordStrength('correct horse battery').score).toBe(4);
});
