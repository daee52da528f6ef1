import type { Role, SessionAnswer, User } from '@millrace/contract';
import type { Email } from '@millrace/contract/email';
import { randomBytes } from 'node:crypto';
import { seesAll } from '../../core/caller.ts';
import { isUuid, uuidv7 } from '../../core/ids.ts';
import { type Problem, problem, type Result } from '../../core/result.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { AuditOrigin } from './audit.ts';
import { readNewUser } from './inputs.ts';
import type { KnownAddresses } from './known-addresses.ts';
import type { Limits } from './limits.ts';
import type { PasswordHasher } from './passwords.ts';
import { USER_COLUMNS, type UserRow, viewOfUser } from './rows.ts';
import type { Sessions } from './sessions.ts';
import type { IdentityHooks, IdentityParts, NewUser, RegistrationContext, RegistrationInput } from './types.ts';

const INSERT = `
insert into users (id, email, email_key, name, role, password_hash, created_by, demo, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (email_key) do nothing returning ${USER_COLUMNS}`;

export interface UserDraft {
  email: Email;
  name: string;
  role: Role;
  passwordHash: string | null;
  createdBy: string | null;
  demo: boolean;
}

export interface Inserted {
  row: UserRow;
  session: { token: string; expires_at: string } | undefined;
}

interface NewUsers {
  /** Undefined where the e-mail address is taken: of any number at once, the unique index lets one in. */
  insert(
    user: UserDraft,
    options: { session: boolean; welcome: boolean; from?: AuditOrigin },
  ): Promise<Inserted | undefined>;
}

export interface NewUsersDependencies extends IdentityParts {
  sessions: Sessions;
  hooks: IdentityHooks;
}

export function createNewUsers({ pool, clock, log, sessions, hooks }: NewUsersDependencies): NewUsers {
  async function welcome(userId: string): Promise<void> {
    try {
      await hooks.afterRegistered?.(userId);
    } catch (error) {
      log.warn({ err: error, userId }, 'what follows a registration failed; the user exists');
    }
  }

  return {
    async insert({ email, name, role, passwordHash, createdBy, demo }, options) {
      const createdAt = new Date(clock.now());
      const values = [uuidv7(), email.given, email.key, name, role, passwordHash, createdBy, demo, createdAt];
      const inserted = await inTransaction(pool, async (client) => {
        const { rows } = await client.query<UserRow>(INSERT, values);
        const [row] = rows;
        if (!row) return undefined;
        const session = options.session ? await sessions.open(client, row.id, options.from) : undefined;
        if (options.welcome) await hooks.onRegistered?.(client, row.id);
        return { row, session };
      });
      if (!inserted) return undefined;
      // A demonstration makes thirty at once: no news.
      log[demo ? 'debug' : 'info']({ userId: inserted.row.id, role, createdBy }, 'user registered');
      if (options.welcome) await welcome(inserted.row.id);
      return inserted;
    },
  };
}

/** The same words for every refusal of a registration. */
function registrationRefused(): { ok: false; problem: Problem } {
  return problem(
    'registration_refused',
    'This registration cannot be accepted. If you have an account already, log in.',
  );
}

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

/** Enough of a made-up password: 120 random bits, 20 characters. */
const MADE_UP_BYTES = 15;

export type CreateUser = (input: NewUser) => Promise<Result<{ user: User; password?: string }>>;

export function createUserCreation(passwords: PasswordHasher, newUsers: NewUsers): CreateUser {
  return async (input) => {
    const { role, createdBy } = input;
    const errors: { pointer: string; detail: string }[] = [];
    if (role === 'service' && input.password) errors.push({ pointer: '/password', detail: 'a service uses keys' });
    if (createdBy !== undefined && !isUuid(createdBy)) errors.push({ pointer: '/createdBy', detail: 'must be a UUID' });
    if (errors.length > 0) return problem('invalid_request', 'The user’s data is not valid.', { errors });

    const makesUp = input.password === undefined && role !== 'service';
    const madeUp = makesUp ? randomBytes(MADE_UP_BYTES).toString('base64url') : undefined;
    const password = role === 'service' ? undefined : (input.password ?? madeUp);
    const read = readNewUser({ email: input.email, name: input.name, password });
    if (!read.ok) return read;
    const hashed = read.value.password === undefined ? undefined : await passwords.hash(read.value.password);
    if (hashed && !hashed.ok) return hashed;
    const { email, name } = read.value;
    const passwordHash = hashed?.value ?? null;
    const inserted = await newUsers.insert(
      { email, name, role, passwordHash, createdBy: createdBy ?? null, demo: input.demo ?? false },
      { session: false, welcome: input.welcome ?? false },
    );
    if (!inserted) return registrationRefused();
    return {
      ok: true,
      value: { user: viewOfUser(inserted.row), ...(madeUp === undefined ? {} : { password: madeUp }) },
    };
  };
}
