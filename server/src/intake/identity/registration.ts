import type { Role, SessionAnswer } from '@millrace/contract';
import { seesAll } from '../../core/caller.ts';
import { problem, type Result } from '../../core/result.ts';
import { readNewUser } from './inputs.ts';
import type { KnownAddresses } from './known-addresses.ts';
import type { Limits } from './limits.ts';
import { type NewUsers, registrationRefused } from './new-users.ts';
import type { PasswordHasher } from './passwords.ts';
import { viewOfUser } from './rows.ts';
import type { RegistrationContext, RegistrationInput } from './types.ts';

export interface RegistrationDependencies {
  limits: Limits;
  known: KnownAddresses;
  passwords: PasswordHasher;
  newUsers: NewUsers;
}

export type Register = (input: RegistrationInput, context: RegistrationContext) => Promise<Result<SessionAnswer>>;

export function createRegistration({ limits, known, passwords, newUsers }: RegistrationDependencies): Register {
  return async (input, { address, userAgent, by, role }) => {
    const creator = creatorOf(by, role);
    if (!creator.ok) return creator;
    // A missing password is an empty one here: only `createUser` makes users without.
    const read = readNewUser({ email: input.email, name: input.name, password: input.password ?? '' });
    if (!read.ok) return read;
    if (creator.value === null) {
      const taken = limits.takeRegistration(address);
      if (!taken.ok) return taken;
    }
    // Before the address is looked at, so that a taken one takes the same work.
    const hashed = await passwords.hash(read.value.password as string);
    if (!hashed.ok) return hashed;
    const { email, name } = read.value;
    const inserted = await newUsers.insert(
      { email, name, role: role ?? 'investor', passwordHash: hashed.value, createdBy: creator.value, demo: false },
      { session: true, welcome: true, from: { address, userAgent } },
    );
    if (!inserted?.session) return registrationRefused();
    // A user who is registered by another is elsewhere.
    if (creator.value === null) await known.note(inserted.row.id, address);
    return { ok: true, value: { user: viewOfUser(inserted.row), ...inserted.session } };
  };
}

/**
 * Whose the new user is: the service's or operator's who registers it, or null where people register themselves
 * (logged in or not).
 */
function creatorOf(by: RegistrationContext['by'], role: Role | undefined): Result<string | null> {
  const caller = by?.caller;
  const operates = caller !== undefined && seesAll(caller);
  if (role !== undefined && !caller) return problem('unauthenticated', 'Who gives a role must be logged in.');
  if (role !== undefined && !operates) return problem('forbidden', 'Only operators register users with a role.');
  // The session that comes with the user would outlive the key, and be able to do what the key is not.
  if (role !== undefined && !by?.isSession)
    return problem('forbidden', 'Giving a role needs a session; a key is not enough.');
  if (role === 'service') return problem('forbidden', 'Services are made on the command line.');
  if (caller?.role === 'service' && !caller.scopes.has('users:write')) {
    return problem('forbidden', 'Registering users needs the scope users:write.');
  }
  return { ok: true, value: caller && (operates || caller.role === 'service') ? caller.userId : null };
}
