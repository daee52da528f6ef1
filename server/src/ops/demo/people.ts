import type pg from 'pg';
import type { Caller } from '../../core/caller.ts';
import { parseId } from '../../core/ids.ts';
import { type Actor, actorOf, DEMO_DOMAIN as DOMAIN, type DemoPerson } from '../../desks/demo.ts';
import { DESKS } from '../../desks/index.ts';
import type { DeskModule } from '../../desks/module.ts';
import { type Identity, scopesOfRole } from '../../intake/identity/index.ts';

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

/** The three that a newcomer logs in as. The passwords are printed, so the accounts are refused in production. */
export const LOGINS = {
  investor: { email: `investor@${DOMAIN}`, name: 'Ines Moreau', role: 'investor', password: 'invest-in-millrace' },
  trader: { email: `trader@${DOMAIN}`, name: 'Tomas Berg', role: 'trader', password: 'trade-on-millrace' },
  operator: { email: `operator@${DOMAIN}`, name: 'Olga Petrova', role: 'operator', password: 'operate-millrace' },
} as const satisfies Record<string, DemoPerson>;

const SERVICE: DemoPerson = {
  email: `service@${DOMAIN}`,
  name: 'Demo integration',
  role: 'service',
  password: null,
};

/** Those of each desk are what makes things happen while a newcomer watches. */
const EVERYBODY: readonly DemoPerson[] = [
  ...Object.values(LOGINS),
  SERVICE,
  ...DESKS.flatMap(({ demo }: DeskModule) => demo?.people ?? []),
];
