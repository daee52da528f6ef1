import type { User } from '@millrace/contract';
import { type Caller, seesAll } from '../../core/caller.ts';
import { isUuid } from '../../core/ids.ts';
import { problem, type Result } from '../../core/result.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Acting } from './acting.ts';
import type { Authentication } from './authentication.ts';
import { USER_COLUMNS, type UserRow, viewOfUser } from './rows.ts';
import type { Endings } from './sessions.ts';
import type { IdentityParts } from './types.ts';

const FIND = `select ${USER_COLUMNS} from users where id = $1`;
// Who did it first is kept, when it is done again.
const DISABLE = `
update users set disabled_at = coalesce(disabled_at, $2::timestamptz),
  disabled_by = case when disabled_at is null then $3::uuid else disabled_by end
where id = $1::uuid`;
const ENABLE = 'update users set disabled_at = null, disabled_by = null where id = $1';
const END_SESSIONS = 'delete from sessions where user_id = $1';
const END_TICKETS = 'delete from tickets where user_id = $1';

interface Users {
  me(caller: Caller): Promise<User | undefined>;
  /** `by`: the operator who does it. */
  disable(userId: string, by?: string): Promise<boolean>;
  enable(userId: string, by: string): Promise<boolean>;
}

export function createUsers(
  { pool, clock, log }: IdentityParts,
  others: { authentication: Authentication; acting: Acting; endings: Endings },
): Users {
  return {
    async me(caller) {
      const { rows } = await pool.query<UserRow>(FIND, [caller.actingFor]);
      return rows[0] && viewOfUser(rows[0]);
    },
    async disable(userId, by) {
      if (!isUuid(userId)) return false;
      const found = await inTransaction(pool, async (client) => {
        const { rowCount } = await client.query(DISABLE, [userId, new Date(clock.now()), by ?? null]);
        await client.query(END_SESSIONS, [userId]);
        await client.query(END_TICKETS, [userId]);
        return rowCount === 1;
      });
      others.authentication.forgetUser(userId);
      others.acting.forget(userId);
      others.endings.tell(userId);
      if (found) log.info({ userId, by }, 'user disabled');
      return found;
    },
    async enable(userId, by) {
      if (!isUuid(userId)) return false;
      const { rowCount } = await pool.query(ENABLE, [userId]);
      if (rowCount === 1) log.info({ userId, by }, 'user enabled');
      return rowCount === 1;
    },
  };
}

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
