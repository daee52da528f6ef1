import type { Role, Scope } from '@millrace/contract';

/**
 * Whether everybody's data is shown, not only the caller's own. The role alone is not enough: an operator's key with
 * only `orders:read` reads what is the operator's own, so that a key given to a report is not a key to the house.
 */
export function seesAll({ role, scopes }: { role: Role; scopes: ReadonlySet<Scope> }): boolean {
  return role === 'operator' && scopes.has('operate');
}
