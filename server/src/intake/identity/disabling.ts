import { type Caller, seesAll } from '../../core/caller.ts';
import { problem, type Result } from '../../core/result.ts';
import type { IdentityParts } from './types.ts';
import type { Users } from './users.ts';

/** The user that the command line on this machine operates as. Nobody can log in as it, and nobody disables it. */
export const LOCAL_OPERATOR_EMAIL = 'local-operator@millrace.invalid';

const IS_PROTECTED = 'select email_key = $2::text as is_protected from users where id = $1::uuid';

export interface Disabling {
  disable(caller: Caller, userId: string): Promise<Result<undefined>>;
  enable(caller: Caller, userId: string): Promise<Result<undefined>>;
}

/**
 * What operators may do about others. It is no event: events come from commands alone, and who may come in is not money.
 * So the audit log and the user's row (`disabled_by`) say who did it.
 */
export function createDisabling({ pool }: IdentityParts, users: Users): Disabling {
  return {
    async disable(caller, userId) {
      if (!seesAll(caller)) return problem('forbidden', 'Only operators disable users.');
      if (userId === caller.userId) return problem('forbidden', 'Operators cannot disable themselves.');
      const { rows } = await pool.query<{ is_protected: boolean }>(IS_PROTECTED, [userId, LOCAL_OPERATOR_EMAIL]);
      if (rows[0]?.is_protected) return problem('forbidden', 'Millrace itself works as this user.');
      return done(await users.disable(userId, caller.userId));
    },
    async enable(caller, userId) {
      if (!seesAll(caller)) return problem('forbidden', 'Only operators enable users.');
      return done(await users.enable(userId, caller.userId));
    },
  };
}

function done(found: boolean): Result<undefined> {
  return found ? { ok: true, value: undefined } : problem('not_found', 'There is no such user.');
}
