import type { User } from '@millrace/contract';
import { isUuid } from '../../core/ids.ts';
import type { Caller } from '../intake.ts';
import type { Acting } from './acting.ts';
import type { Authentication } from './authentication.ts';
import { inTransaction, USER_COLUMNS, type UserRow, viewOfUser } from './rows.ts';
import type { IdentityParts } from './types.ts';

const FIND = `select ${USER_COLUMNS} from users where id = $1`;
const DISABLE = 'update users set disabled_at = coalesce(disabled_at, $2) where id = $1';
const END_SESSIONS = 'delete from sessions where user_id = $1';
const END_TICKETS = 'delete from tickets where user_id = $1';

export interface Users {
  me(caller: Caller): Promise<User | undefined>;
  disable(userId: string): Promise<boolean>;
}

export function createUsers(
  { pool, clock, log }: IdentityParts,
  caches: { authentication: Authentication; acting: Acting },
): Users {
  return {
    async me(caller) {
      const { rows } = await pool.query<UserRow>(FIND, [caller.actingFor]);
      return rows[0] && viewOfUser(rows[0]);
    },
    async disable(userId) {
      if (!isUuid(userId)) return false;
      const found = await inTransaction(pool, async (client) => {
        const { rowCount } = await client.query(DISABLE, [userId, new Date(clock.now())]);
        await client.query(END_SESSIONS, [userId]);
        await client.query(END_TICKETS, [userId]);
        return rowCount === 1;
      });
      caches.authentication.forgetUser(userId);
      caches.acting.forget(userId);
      if (found) log.info({ userId }, 'user disabled');
      return found;
    },
  };
}
