import type { ApiKey } from '@millrace/contract';
import { type Caller, seesAll } from '../../core/caller.ts';
import { isUuid, parseId } from '../../core/ids.ts';
import { type Page, problem, type Result } from '../../core/result.ts';
import type { Authentication } from './authentication.ts';
import type { Endings } from './endings.ts';
import { KEY_COLUMNS, type KeyRow, viewOfKey } from './key-rows.ts';
import type { IdentityParts } from './types.ts';

const PAGE_SIZE = 50;
const PAGE_SIZE_MAX = 200;

const LIST = `
select ${KEY_COLUMNS} from api_keys where user_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`;
const REVOKE = `
delete from api_keys where id = $1::uuid and (user_id = $2::uuid or $3::boolean)
returning user_id, encode(token_hash, 'hex') as token_hash`;
const IS_USER = 'select from users where id = $1::uuid';

/** Keys that were made: their list, and their end. */
export interface IssuedKeys {
  list(caller: Caller, page: KeyPage): Promise<Result<Page<ApiKey>>>;
  listOf(caller: Caller, userId: string, page: KeyPage): Promise<Result<Page<ApiKey>>>;
  revoke(caller: Caller, keyId: string): Promise<boolean>;
  revokeOf(caller: Caller, userId: string, keyId: string): Promise<boolean>;
}

interface KeyPage {
  limit?: number | undefined;
  cursor?: string | undefined;
}

export function createIssuedKeys(
  { pool, log }: IdentityParts,
  { authentication, endings }: { authentication: Authentication; endings: Endings },
): IssuedKeys {
  async function listKeys(userId: string, { limit = PAGE_SIZE, cursor }: KeyPage): Promise<Result<Page<ApiKey>>> {
    const after = cursor === undefined ? null : parseId('key', cursor);
    if (after === undefined) return problem('invalid_cursor', 'The cursor does not belong to this list.');
    const size = Math.min(Math.max(1, Math.trunc(limit)), PAGE_SIZE_MAX);
    const { rows } = await pool.query<KeyRow>(LIST, [userId, after, size + 1]);
    const data = rows.slice(0, size).map(viewOfKey);
    const more = rows.length > size;
    return { ok: true, value: { data, has_more: more, next_cursor: more ? (data.at(-1)?.id ?? null) : null } };
  }

  async function revokeKey(
    caller: Caller,
    keyId: string,
    { userId, everybodys }: { userId: string; everybodys: boolean },
  ): Promise<boolean> {
    if (!isUuid(keyId)) return false;
    const { rows } = await pool.query<{ user_id: string; token_hash: string }>(REVOKE, [keyId, userId, everybodys]);
    for (const row of rows) {
      authentication.forget(row.token_hash);
      endings.tell(row.user_id);
    }
    if (rows.length > 0) log.info({ userId: caller.userId, keyId }, 'API key revoked');
    return rows.length > 0;
  }

  return {
    list: (caller, page) => listKeys(caller.userId, page),
    async listOf(caller, userId, page) {
      if (!seesAll(caller)) return problem('forbidden', 'Only operators see the keys of others.');
      const { rowCount } = await pool.query(IS_USER, [userId]);
      return rowCount === 0 ? problem('not_found', 'There is no such user.') : listKeys(userId, page);
    },
    revoke: (caller, keyId) => revokeKey(caller, keyId, { userId: caller.userId, everybodys: seesAll(caller) }),
    async revokeOf(caller, userId, keyId) {
      return seesAll(caller) && (await revokeKey(caller, keyId, { userId, everybodys: false }));
    },
  };
}
