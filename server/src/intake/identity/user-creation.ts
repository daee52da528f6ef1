import { randomBytes } from 'node:crypto';
import type { User } from '@millrace/contract';
import { isUuid } from '../../core/ids.ts';
import { problem, type Result } from '../../core/result.ts';
import { readNewUser } from './inputs.ts';
import { type NewUsers, registrationRefused } from './new-users.ts';
import type { PasswordHasher } from './passwords.ts';
import { viewOfUser } from './rows.ts';
import type { NewUser } from './types.ts';

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
