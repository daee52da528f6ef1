import { join } from 'node:path';
import type pg from 'pg';
import type { Caller } from '../core/caller.ts';
import { parseId } from '../core/ids.ts';
import { exclusively } from '../db/exclusive.ts';
import { type Identity, LOCAL_OPERATOR_EMAIL } from '../intake/identity/index.ts';
import { readIfExists, writePrivateFile } from './private-file.ts';

const SCOPES = ['orders:read', 'orders:write', 'loans:write', 'operate'] as const;
const KEY_DAYS = 365;
/**
 * The newest ones stay, for the processes of one database with a data folder each; older ones belong to folders that were
 * thrown away, and would fill what one user may have (100).
 */
const KEYS_KEPT = 20;
const DELETE_OLDEST = `delete from api_keys where user_id = $1
and id not in (select id from api_keys where user_id = $1 order by id desc limit $2)`;

function operatorKeyPath(dataFolder: string): string {
  return join(dataFolder, 'operator.key');
}

/**
 * A user who may read the data folder operates this installation anyway; the key in it lets the command line do so over HTTP,
 * as a user of its own that nobody can log in as. The key of an earlier start is kept while it opens something. Folders
 * that share a database have a key each, of which the newest 20 open something.
 */
export async function ensureOperatorKey({
  pool,
  identity,
  dataFolder,
}: {
  pool: pg.Pool;
  identity: Identity;
  dataFolder: string;
}): Promise<void> {
  const path = operatorKeyPath(dataFolder);
  const known = readIfExists(path)?.trim();
  if (known && (await identity.authenticate(known))?.role === 'operator') return;
  const made = await exclusively(pool, 'operatorKey', () => makeKey(pool, identity));
  if (!made.ok) throw new Error(`the local operator’s key cannot be made: ${made.problem.detail}`);
  writePrivateFile(path, `${made.value.key}\n`);
}

async function makeKey(pool: pg.Pool, identity: Identity): ReturnType<Identity['createKey']> {
  const userId = await localOperator(pool, identity);
  await pool.query(DELETE_OLDEST, [userId, KEYS_KEPT - 1]);
  const caller: Caller = { userId, role: 'operator', scopes: new Set(SCOPES), actingFor: userId };
  return identity.createKey(caller, { name: 'Local operator', scopes: SCOPES, expires_in_days: KEY_DAYS });
}

async function localOperator(pool: pg.Pool, identity: Identity): Promise<string> {
  const { rows } = await pool.query<{ id: string }>('select id from users where email = $1', [LOCAL_OPERATOR_EMAIL]);
  if (rows[0]) return rows[0].id;
  const made = await identity.createUser({
    email: LOCAL_OPERATOR_EMAIL,
    name: 'Local operator',
    role: 'operator',
    password: null,
  });
  if (!made.ok) throw new Error(`the local operator cannot be made: ${made.problem.detail}`);
  return parseId('user', made.value.user.id) as string;
}
