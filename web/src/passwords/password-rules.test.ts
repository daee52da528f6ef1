import { expect, test } from 'vitest';
import { passwordRules, passwordStrength } from './password-rules.ts';

const OWNER = { email: 'ann@example.com', name: 'Ann Miller' };
const met = (password: string, common: string | undefined = '\npassword1\n') =>
  passwordRules(password, OWNER, common).map((rule) => rule.met);

test('the rules are the server’s: length, variety, nothing personal, and nothing common', () => {
  expect(met('')).toEqual([false, false, false, false]);
  expect(met('1x3y5z7')).toEqual([false, true, true, true]);
  expect(met('long enough')).toEqual([true, true, true, true]);
  expect(met('Ann@example.com')).toEqual([true, true, false, true]);
  expect(met('Miller-26')).toEqual([true, true, false, true]);
  expect(met('abababab')).toEqual([true, false, true, true]);
  expect(met('Password1')).toEqual([true, true, true, false]);
});

test('a password is not called uncommon before the list is there', () => {
  expect(passwordRules('Password1', OWNER, undefined).map((rule) => rule.met)).toEqual([true, true, true, false]);
});

test('length makes a password strong, repetition does not', () => {
  expect(passwordStrength('')).toEqual({ score: 0, word: '' });
  expect(passwordStrength('short').score).toBe(1);
  expect(passwordStrength('aaaaaaaaaaaaaaaaaaaa').score).toBe(1);
  expect(passwordStrength('lowercase').score).toBe(2);
  expect(passwordStrength('correct horse battery').score).toBe(4);
});
