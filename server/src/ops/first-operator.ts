import type { ResetLink } from '@millrace/contract';
import type pg from 'pg';
import { parseId } from '../core/ids.ts';
import { exclusively } from '../db/exclusive.ts';
import { type Identity, LOCAL_OPERATOR_EMAIL } from '../intake/identity/index.ts';

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
