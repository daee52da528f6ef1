import { expect, it } from 'vitest';
import { allowedScopes, hashToken, hintOf, isScope, makeToken, scopesOfRole, tokenKind } from './credentials.ts';

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

it('gives people orders, operators what runs the place, and acting for users to services alone', () => {
  expect([...scopesOfRole('investor')]).toEqual(['orders:read', 'orders:write']);
  expect([...scopesOfRole('trader')]).toEqual(['orders:read', 'orders:write']);
  expect([...scopesOfRole('operator')]).toEqual(['orders:read', 'orders:write', 'loans:write', 'operate']);
  expect([...scopesOfRole('service')]).toEqual(['orders:read', 'orders:write', 'users:write']);
});

it('takes from a key what its user’s role no longer allows, and what is no scope', () => {
  expect([...allowedScopes('investor', ['orders:read', 'operate', 'loans:write', 'nonsense'])]).toEqual([
    'orders:read',
  ]);
});

it('knows a scope from a property that every object has', () => {
  expect(isScope('operate')).toBe(true);
  expect(isScope('toString')).toBe(false);
  expect(isScope(1)).toBe(false);
});
