import type { Role, Scope } from '@millrace/contract';

/** Who is asking, as identity found out. Ids are bare UUIDs. */
export interface Caller {
  userId: string;
  role: Role;
  scopes: ReadonlySet<Scope>;
  /** The user whose orders and accounts are meant: the caller, or one that a service created and acts for. */
  actingFor: string;
}

/**
 * Whether everybody's data is shown, not only the caller's own. The role alone is not enough: an operator's key with
 * only `orders:read` reads what is the operator's own, so that a key given to a report is not a key to the house.
 */
export function seesAll({ role, scopes }: Pick<Caller, 'role' | 'scopes'>): boolean {
  return role === 'operator' && scopes.has('operate');
}

/** Whether what the caller opened may have ended with something of this user's (bare UUID). */
export function isAbout({ userId, actingFor }: Caller, ended: string): boolean {
  return userId === ended || actingFor === ended;
}

/** Whether a caller may still do exactly what something that stays open was opened for. */
export function isSameCaller(before: Caller, now: Caller | undefined): boolean {
  return (
    now !== undefined &&
    before.userId === now.userId &&
    before.actingFor === now.actingFor &&
    before.role === now.role &&
    before.scopes.size === now.scopes.size &&
    [...before.scopes].every((scope) => now.scopes.has(scope))
  );
}
