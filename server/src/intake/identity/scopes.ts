import { type Role, SCOPES, type Scope } from '@millrace/contract';

/**
 * What each role may do. A session has all of it; a key what its creator gave it, and never more than its user's role
 * allows now.
 *
 * | role     | orders:read | orders:write | loans:write | users:write | operate |
 * | -------- | ----------- | ------------ | ----------- | ----------- | ------- |
 * | investor | yes         | yes          |             |             |         |
 * | trader   | yes         | yes          |             |             |         |
 * | operator | yes         | yes          | yes         |             | yes     |
 * | service  | yes         | yes          |             | yes         |         |
 *
 * `users:write` is the services' alone: it lets the caller act for the users that it registered, and an operator, who
 * sees everything, must not also be able to place users' orders. Operators register users, of any role but service,
 * by their role.
 */
const SCOPES_OF_ROLE: Readonly<Record<Role, ReadonlySet<Scope>>> = {
  investor: new Set<Scope>(['orders:read', 'orders:write']),
  trader: new Set<Scope>(['orders:read', 'orders:write']),
  operator: new Set<Scope>(['orders:read', 'orders:write', 'loans:write', 'operate']),
  service: new Set<Scope>(['orders:read', 'orders:write', 'users:write']),
};

export function scopesOfRole(role: Role): ReadonlySet<Scope> {
  return SCOPES_OF_ROLE[role];
}

/** What stored scopes are worth with the role that the user has now. A scope that is no longer known is worth nothing. */
export function allowedScopes(role: Role, stored: readonly string[]): ReadonlySet<Scope> {
  const allowed = SCOPES_OF_ROLE[role];
  return new Set(stored.filter((scope): scope is Scope => allowed.has(scope as Scope)));
}

export function isScope(text: unknown): text is Scope {
  return typeof text === 'string' && Object.hasOwn(SCOPES, text);
}
