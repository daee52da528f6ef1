import type { ApiKeyCreated, Scope } from '@millrace/contract';
import type { Caller } from '../../core/caller.ts';
import { isUuid, uuidv7 } from '../../core/ids.ts';
import { problem, type Result } from '../../core/result.ts';
import { inTransaction } from '../../db/transaction.ts';
import { NAME_DETAIL, readName } from './inputs.ts';
import { KEY_COLUMNS, type KeyRow, viewOfKey } from './key-rows.ts';
import { allowedScopes, isScope, scopesOfRole } from './scopes.ts';
import { hashToken, hintOf, makeToken } from './tokens.ts';
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
