import { expect, it } from 'vitest';
import { hashToken, hintOf, makeToken, tokenKind } from './tokens.ts';

it('makes tokens of 256 random bits that tell what they open', () => {
  const token = makeToken('session');
  expect(token).toMatch(/^mrs_[A-Za-z0-9_-]{43}$/);
  expect(makeToken('key')).toMatch(/^mrk_/);
  expect(makeToken('ticket')).toMatch(/^mrt_/);
  expect(new Set(Array.from({ length: 1000 }, () => makeToken('key'))).size).toBe(1000);
  expect([token, makeToken('key'), makeToken('ticket')].map(tokenKind)).toEqual(['session', 'key', 'ticket']);
});

it.each([
  ['nothing', ''],
  ['a prefix', 'mrs_'],
  ['another prefix', `mrx_${'a'.repeat(43)}`],
  ['one character less', `mrs_${'a'.repeat(42)}`],
  ['a megabyte', `mrs_${'a'.repeat(1_000_000)}`],
])('takes %s for no token', (_, text) => {
  expect(tokenKind(text)).toBeUndefined();
});

it('shows no more of a key than recognises it', () => {
  expect(hintOf('mrk_abcdefghijkl')).toBe('mrk_abcdef');
});

it('hashes with SHA-256', () => {
  expect(hashToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
