import type { ResetLink } from '@millrace/contract';
import { join } from 'node:path';
import type pg from 'pg';
import type { Caller } from '../core/caller.ts';
import { parseId } from '../core/ids.ts';
import { exclusively } from '../db/transaction.ts';
import { type Identity, LOCAL_OPERATOR_EMAIL, scopesOfRole } from '../intake/identity/index.ts';
import { readIfExists, writePrivateFile } from './data-folder.ts';

/** The operator whom an installation waits for: who it is, and the link to a password where this start has made one. */
export interface FirstOperator {
  /** As it logs in; null: nobody could be made, since a user of another role has the address. */
  email: string | null;
  /** Known this once: only its hash is stored. null: an earlier start has shown it. */
  link: ResetLink | null;
}

// The local operator is a key and no person.
const OPERATORS = `
select email, password_hash is not null as can_log_in from users
where role = 'operator' and disabled_at is null and email <> $1 order by can_log_in desc, id limit 1`;

/**
 * Where no person can operate yet, makes the first operator: a user without a password, and a one-time link to one. A link
 * that was lost is renewed by `millrace user reset-link`, which ends the one before.
 *
 * @returns null where an operator can log in.
 */
export async function ensureFirstOperator(options: {
  pool: pg.Pool;
  identity: Pick<Identity, 'createUser' | 'createResetLink' | 'record'>;
  email: string;
}): Promise<FirstOperator | null> {
  const known = await find(options.pool);
  if (known !== undefined) return known;
  // Processes that start together make one.
  return exclusively(options.pool, 'firstOperator', async () => (await find(options.pool)) ?? (await make(options)));
}

/** undefined: there is no operator. */
async function find(pool: pg.Pool): Promise<FirstOperator | null | undefined> {
  const { rows } = await pool.query<{ email: string; can_log_in: boolean }>(OPERATORS, [LOCAL_OPERATOR_EMAIL]);
  const [operator] = rows;
  if (!operator) return undefined;
  return operator.can_log_in ? null : { email: operator.email, link: null };
}

async function make({ identity, email }: Parameters<typeof ensureFirstOperator>[0]): Promise<FirstOperator> {
  const made = await identity.createUser({ email, name: 'Operator', role: 'operator', password: null });
  if (!made.ok) return { email: null, link: null };
  const { user } = made.value;
  const subjectUserId = parseId('user', user.id) as string;
  const link = await identity.createResetLink(undefined, subjectUserId);
  if (!link.ok) throw new Error(`the first operator’s link cannot be made: ${link.problem.detail}`);
  for (const act of ['create_user', 'createResetLink'])
    await identity.record({ act, credential: 'first start', subject: user.id, subjectUserId });
  return { email: user.email, link: link.value };
}

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
  const caller: Caller = { userId, role: 'operator', scopes: scopesOfRole('operator'), actingFor: userId };
  return identity.createKey(caller, {
    name: 'Local operator',
    scopes: [...scopesOfRole('operator')],
    expires_in_days: KEY_DAYS,
  });
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
