import { Writable } from 'node:stream';
import type pg from 'pg';
import { pino } from 'pino';
import type { Caller } from '../../src/core/caller.ts';
import { type SettableClock, settableClock } from '../../src/core/clock.ts';
import type { Problem, Result } from '../../src/core/result.ts';
import { createPool } from '../../src/db/pool.ts';
import { createIdentity, type Identity, type IdentityOptions } from '../../src/intake/identity/index.ts';
import type { Argon2 } from '../../src/intake/identity/passwords.ts';
import { createDatabase } from '../support/database.ts';

export const ADDRESS = '203.0.113.7';
export const PASSWORD = 'mill-stream-7';
export const NAME = 'Ann Example';

/** Instead of Argon2, where a test is not about it: as slow as a turn of the event loop. */
export function quickArgon2(): Argon2 & { hashes: number; verifications: string[] } {
  const counted: Argon2 & { hashes: number; verifications: string[] } = {
    hashes: 0,
    verifications: [],
    async hash(password) {
      counted.hashes += 1;
      await new Promise((resolve) => setImmediate(resolve));
      return `hash of ${password.length}:${Buffer.from(password).toString('hex')}`;
    },
    async verify(stored, password) {
      counted.verifications.push(stored);
      await new Promise((resolve) => setImmediate(resolve));
      return stored === `hash of ${password.length}:${Buffer.from(password).toString('hex')}`;
    },
  };
  return counted;
}

export interface Bench {
  pool: pg.Pool;
  clock: SettableClock;
  /** Everything that was logged, at every level, and at `info` and above. */
  logged: { all: string[]; info: string[] };
  /** One more process of the same installation. */
  identity(options?: Partial<IdentityOptions>): Identity;
  close(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const database = await createDatabase();
  const pool = createPool(database.connection, { applicationName: 'identity test' });
  const clock = settableClock(Date.parse('2026-11-21T12:00:00Z'));
  const logged: Bench['logged'] = { all: [], info: [] };
  const stream = new Writable({
    write(chunk, _, done) {
      const line = String(chunk);
      logged.all.push(line);
      if ((JSON.parse(line) as { level: number }).level >= 30) logged.info.push(line);
      done();
    },
  });
  const log = pino({ level: 'trace' }, stream);
  return {
    pool,
    clock,
    logged,
    identity: (options = {}) => createIdentity({ pool, clock, log, argon2: quickArgon2(), ...options }),
    async close() {
      await pool.end();
      await database.drop();
    },
  };
}

let count = 0;
/** An address that nobody has yet. */
export function newEmail(): string {
  count += 1;
  return `person-${count}@example.org`;
}

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.problem)}`);
  return result.value;
}

export function problemOf(result: Result<unknown>): Problem {
  if (result.ok) throw new Error('expected a refusal');
  return result.problem;
}

/** A new investor with a session. */
export async function newPerson(identity: Identity): Promise<{ email: string; token: string; caller: Caller }> {
  const email = newEmail();
  const { token } = valueOf(await identity.register({ email, password: PASSWORD, name: NAME }, { address: ADDRESS }));
  return { email, token, caller: (await identity.authenticate(token)) as Caller };
}

/** A new user as the command line makes one, with the caller that a full key of theirs would give. */
export async function newUser(
  identity: Identity,
  role: 'operator' | 'service',
): Promise<{ userId: string; email: string; caller: Caller; key?: string }> {
  const email = newEmail();
  const { user, password } = valueOf(await identity.createUser({ email, name: NAME, role }));
  const userId = user.id.slice('usr_'.length);
  const token =
    role === 'service'
      ? valueOf(await identity.createServiceKey({ userId, name: 'all' })).key
      : valueOf(await identity.login({ email, password: password as string }, { address: ADDRESS })).token;
  return {
    userId,
    email,
    caller: (await identity.authenticate(token)) as Caller,
    ...(role === 'service' ? { key: token } : {}),
  };
}
