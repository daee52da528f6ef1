import { expect, it } from 'vitest';
import { allowedScopes, isScope, scopesOfRole } from './scopes.ts';

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
