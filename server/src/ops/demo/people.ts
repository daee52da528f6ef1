import type pg from 'pg';
import type { Caller } from '../../core/caller.ts';
import { parseId } from '../../core/ids.ts';
import { type Actor, actorOf, type DemoPerson } from '../../desks/demo.ts';
import { type Identity, scopesOfRole } from '../../intake/identity/index.ts';
import { EVERYBODY } from './cast.ts';

/** The demonstration's users by the first part of their e-mail address, as callers of intake. */
export type Cast = ReadonlyMap<Actor, Caller>;

/** @throws Error where nobody is called so: a mistake in a desk's part. */
export function personOf(cast: Cast, actor: Actor): Caller {
  const caller = cast.get(actor);
  if (!caller) throw new Error(`nobody in the demonstration is called ${actor}`);
  return caller;
}

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

async function create({ email, name, role, password }: DemoPerson, identity: Identity): Promise<string> {
  const created = await identity.createUser({ email, name, role, password, demo: true });
  if (!created.ok) throw new Error(`the demo user ${email} cannot be made: ${created.problem.detail}`);
  return parseId('user', created.value.user.id) as string;
}

function callerOf({ role }: DemoPerson, userId: string): Caller {
  return { userId, role, scopes: scopesOfRole(role), actingFor: userId };
}
