import type { Caller } from './intake.ts';

/** Whether what the caller opened may have ended with something of this user's (bare UUID). */
export function isAbout({ userId, actingFor }: Caller, ended: string): boolean {
  return userId === ended || actingFor === ended;
}

/** Whether somebody may still do exactly what something that stays open was opened for. */
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
