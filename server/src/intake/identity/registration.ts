import { randomBytes } from 'node:crypto';
import type { Role, SessionAnswer, User } from '@millrace/contract';
import { isUuid, uuidv7 } from '../../core/ids.ts';
import { type Problem, problem, type Result } from '../../core/result.ts';
import type { Caller } from '../intake.ts';
import { type Email, readNewUser } from './inputs.ts';
import type { Limits } from './limits.ts';
import type { PasswordHasher } from './passwords.ts';
import { inTransaction, USER_COLUMNS, type UserRow, viewOfUser } from './rows.ts';
import type { Sessions } from './sessions.ts';
import type { IdentityHooks, IdentityParts, NewUser, RegistrationContext, RegistrationInput } from './types.ts';

const INSERT = `
insert into users (id, email, email_key, name, role, password_hash, created_by, demo, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (email_key) do nothing returning ${USER_COLUMNS}`;

/** Enough of a made-up password: 120 random bits, 20 characters. */
const MADE_UP_BYTES = 15;

interface ReadUser {
  email: Email;
  name: string;
  role: Role;
  passwordHash: string | null;
  createdBy: string | null;
  demo: boolean;
}

export interface Registration {
  register(input: RegistrationInput, context: RegistrationContext): Promise<Result<SessionAnswer>>;
  createUser(input: NewUser): Promise<Result<{ user: User; password?: string }>>;
}

export interface RegistrationDependencies extends IdentityParts {
  limits: Limits;
  passwords: PasswordHasher;
  sessions: Sessions;
  hooks: IdentityHooks;
}

export function createRegistration(dependencies: RegistrationDependencies): Registration {
  const { pool, clock, log, limits, passwords, sessions, hooks } = dependencies;

  /** Undefined where the e-mail address is taken: of any number at once, the unique index lets one in. */
  async function insert(user: ReadUser, options: { session: boolean; welcome: boolean }) {
    const values = [uuidv7(), user.email.given, user.email.key, user.name, user.role, user.passwordHash, user.createdBy, user.demo, new Date(clock.now())];
    const inserted = await inTransaction(pool, async (client) => {
      const { rows } = await client.query<UserRow>(INSERT, values);
      const [row] = rows;
      if (!row) return undefined;
      const session = options.session ? await sessions.open(client, row.id) : undefined;
      if (options.welcome) await hooks.onRegistered?.(client, row.id);
      return { row, session };
    });
    if (!inserted) return undefined;
    log.info({ userId: inserted.row.id, role: user.role, createdBy: user.createdBy }, 'user registered');
    if (options.welcome) await welcome(inserted.row.id);
    return inserted;
  }

  async function welcome(userId: string): Promise<void> {
    try {
      await hooks.afterRegistered?.(userId);
    } catch (error) {
      log.warn({ err: error, userId }, 'what follows a registration failed; the user exists');
    }
  }

  return {
    async register(input, { address, caller, role }) {
      const creator = creatorOf(caller, role);
      if (!creator.ok) return creator;
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
      const user = { email, name, role: role ?? 'investor', passwordHash: hashed.value, createdBy: creator.value, demo: false };
      const inserted = await insert(user, { session: true, welcome: true });
      if (!inserted?.session) return refused();
      return { ok: true, value: { user: viewOfUser(inserted.row), ...inserted.session } };
    },

    async createUser(input) {
      const isService = input.role === 'service';
      if (isService && input.password) return problem('invalid_request', 'A service has no password: it uses keys.', { errors: [{ pointer: '/password', detail: 'must not be given' }] });
      const madeUp = input.password === undefined && !isService ? randomBytes(MADE_UP_BYTES).toString('base64url') : undefined;
      const password = isService ? undefined : (input.password ?? madeUp);
      const read = readNewUser({ email: input.email, name: input.name, password });
      if (!read.ok) return read;
      if (input.createdBy !== undefined && !isUuid(input.createdBy)) return problem('invalid_request', 'The creator must be a UUID.');
      const hashed = read.value.password === undefined ? undefined : await passwords.hash(read.value.password);
      if (hashed && !hashed.ok) return hashed;
      const { email, name } = read.value;
      const user = { email, name, role: input.role, passwordHash: hashed?.value ?? null, createdBy: input.createdBy ?? null, demo: input.demo ?? false };
      const inserted = await insert(user, { session: false, welcome: input.welcome ?? false });
      if (!inserted) return refused();
      return { ok: true, value: { user: viewOfUser(inserted.row), ...(madeUp === undefined ? {} : { password: madeUp }) } };
    },
  };
}

/**
 * Whose the new user is: the service's or operator's who registers it, or null where people register themselves
 * (logged in or not).
 */
function creatorOf(caller: Caller | undefined, role: Role | undefined): Result<string | null> {
  const operates = caller?.role === 'operator' && caller.scopes.has('operate');
  if (role !== undefined && !operates) return problem('forbidden', 'Only operators register users with a role.');
  if (role === 'service') return problem('forbidden', 'Services are made on the command line.');
  if (caller?.role === 'service' && !caller.scopes.has('users:write')) return problem('forbidden', 'Registering users needs the scope users:write.');
  return { ok: true, value: caller && (operates || caller.role === 'service') ? caller.userId : null };
}

function refused(): { ok: false; problem: Problem } {
  return problem('registration_refused', 'This registration cannot be accepted. If you have an account already, log in.');
}
