import type { ApiKey, ApiKeyCreated, Scope } from '@millrace/contract';
import { type Caller, seesAll } from '../../core/caller.ts';
import { isUuid, parseId, uuidv7 } from '../../core/ids.ts';
import { type Page, problem, type Result } from '../../core/result.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Authentication } from './authentication.ts';
import { allowedScopes, hashToken, hintOf, isScope, makeToken, scopesOfRole } from './credentials.ts';
import { NAME_DETAIL, readName } from './inputs.ts';
import { KEY_COLUMNS, type KeyRow, viewOfKey } from './rows.ts';
import type { Endings } from './sessions.ts';
import type { IdentityParts, KeyInput, ServiceKeyInput } from './types.ts';

/** Keys of one user: one for each program that a user runs, and a bound on what a script can leave behind. */
const KEYS_OF_USER_MAX = 100;
const DAYS_MAX = 3650;
const DAY_MS = 24 * 3_600_000;

const LOCK_USER = 'select role from users where id = $1 for no key update';
const COUNT = 'select count(*)::int as keys from api_keys where user_id = $1';
const INSERT = `
insert into api_keys (id, user_id, token_hash, name, hint, scopes, created_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${KEY_COLUMNS}`;

export interface Keys {
  create(caller: Caller, input: KeyInput): Promise<Result<ApiKeyCreated>>;
  createForService(input: ServiceKeyInput): Promise<Result<ApiKeyCreated>>;
}

export function createKeys({ pool, clock, log }: IdentityParts): Keys {
  async function insert(userId: string, key: ReadKey): Promise<Result<ApiKeyCreated>> {
    const token = makeToken('key');
    const now = clock.now();
    const expiresAt = key.days === undefined ? null : new Date(now + key.days * DAY_MS);
    const values = [
      uuidv7(),
      userId,
      Buffer.from(hashToken(token), 'hex'),
      key.name,
      hintOf(token),
      key.scopes,
      new Date(now),
      expiresAt,
    ];
    return inTransaction(pool, async (client) => {
      // The lock makes the count hold until the commit.
      await client.query(LOCK_USER, [userId]);
      const { rows: counts } = await client.query<{ keys: number }>(COUNT, [userId]);
      if ((counts[0]?.keys ?? 0) >= KEYS_OF_USER_MAX)
        return problem('too_many_keys', `A user may have ${KEYS_OF_USER_MAX} keys.`);
      const { rows } = await client.query<KeyRow>(INSERT, values);
      const created = rows[0] as KeyRow;
      log.info({ userId, keyId: created.id, scopes: created.scopes }, 'API key made');
      return { ok: true, value: { ...viewOfKey(created), key: token } };
    });
  }

  return {
    async create(caller, input) {
      if (caller.actingFor !== caller.userId) return problem('forbidden', 'Keys are made by their own user.');
      const key = readKey(input);
      if (!key.ok) return key;
      const missing = key.value.scopes.filter((scope) => !caller.scopes.has(scope));
      if (missing.length > 0)
        return problem('forbidden', `A key cannot have scopes that its creator does not have: ${missing.join(', ')}.`);
      return insert(caller.userId, key.value);
    },
    async createForService({ userId, ...input }) {
      const all = [...scopesOfRole('service')];
      const key = readKey({ ...input, scopes: input.scopes ?? all });
      const known =
        isUuid(userId) &&
        (await pool.query("select 1 from users where id = $1 and role = 'service'", [userId])).rows.length > 0;
      if (!known) return problem('not_found', 'There is no such service.');
      if (!key.ok) return key;
      const worthless = key.value.scopes.length - allowedScopes('service', key.value.scopes).size;
      return worthless > 0
        ? problem('forbidden', `A service can have the scopes ${all.join(', ')}.`)
        : insert(userId, key.value);
    },
  };
}

interface ReadKey {
  name: string;
  scopes: Scope[];
  days: number | undefined;
}

/** Reads what a new key is made of. What came over the wire has met its schema already; other callers have none. */
function readKey(input: KeyInput): Result<ReadKey> {
  const errors: { pointer: string; detail: string }[] = [];
  const name = readName(input.name);
  if (!name) errors.push({ pointer: '/name', detail: NAME_DETAIL });
  const scopes = [...new Set(input.scopes)];
  if (scopes.length === 0 || !scopes.every(isScope))
    errors.push({ pointer: '/scopes', detail: 'must name at least one known scope' });
  const days = input.expires_in_days;
  if (days !== undefined && !(Number.isInteger(days) && days >= 1 && days <= DAYS_MAX)) {
    errors.push({ pointer: '/expires_in_days', detail: `must be a whole number from 1 to ${DAYS_MAX}` });
  }
  if (!name || errors.length > 0) return problem('invalid_request', 'The key’s data is not valid.', { errors });
  return { ok: true, value: { name, scopes, days } };
}

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
