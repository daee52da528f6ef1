import type { Scope } from '@millrace/contract';
import type pg from 'pg';
import type { Caller } from '../../core/caller.ts';
import { parseId } from '../../core/ids.ts';
import type { Identity } from '../../intake/identity/index.ts';
import { EVERYBODY, type DemoPerson } from './cast.ts';

/** The demonstration's users by the first part of their e-mail address, as callers of intake. */
export type Cast = ReadonlyMap<string, Caller>;

/** What these users do here; a session of theirs may do what their role allows. */
const SCOPES: ReadonlySet<Scope> = new Set<Scope>(['orders:read', 'orders:write']);
// With `operate`: the heart-beat looks up whose loan it repays, which only operators are shown.
const OPERATOR_SCOPES: ReadonlySet<Scope> = new Set<Scope>([...SCOPES, 'loans:write', 'operate']);

/** Makes the users that are missing. Called at every start, so that a start that was interrupted is made up for. */
export async function ensurePeople({ pool, identity }: { pool: pg.Pool; identity: Identity }): Promise<Cast> {
  const { rows } = await pool.query<{ id: string; email: string }>('select id, email from users where demo');
  const known = new Map(rows.map(({ id, email }) => [email, id]));
  const cast = await Promise.all(
    EVERYBODY.map(async (person) => {
      const id = known.get(person.email) ?? (await create(person, identity));
      return [actorOf(person), callerOf(person, id)] as const;
    }),
  );
  return new Map(cast);
}

export function actorOf({ email }: DemoPerson): string {
  return email.slice(0, email.indexOf('@'));
}

async function create({ email, name, role, password }: DemoPerson, identity: Identity): Promise<string> {
  const created = await identity.createUser({ email, name, role, password, demo: true });
  if (!created.ok) throw new Error(`the demo user ${email} cannot be made: ${created.problem.detail}`);
  return parseId('user', created.value.user.id) as string;
}

function callerOf({ role }: DemoPerson, userId: string): Caller {
  return { userId, role, scopes: role === 'operator' ? OPERATOR_SCOPES : SCOPES, actingFor: userId };
}
