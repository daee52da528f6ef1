import { hash, verify } from '@node-rs/argon2';
import { createBoundedPermits } from '../../core/permits.ts';
import { problem, type Result } from '../../core/result.ts';

/** OWASP's first recommendation for Argon2id (Password Storage Cheat Sheet): 19 MiB, two passes, one lane. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
// The value of the library's `Algorithm.Argon2id`, a const enum, which type stripping cannot read.
const ARGON2ID = 2;

/**
 * A hash that no password has, of the same cost as a real one: verified where there is no account, so that an unknown
 * address takes the same work as a wrong password. Salt and digest are zeros.
 */
export const NOBODYS_HASH = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/**
 * Two hashes at a time: each takes a thread of Node's pool of four for some 20 ms, and 19 MiB; files and name lookups
 * keep the other two. The order path uses neither.
 */
const AT_ONCE = 2;
/** At some 60 hashes a second on two cores, the last of 256 waits for about four seconds. */
const WAITING_MAX = 256;
const RETRY_AFTER_SECONDS = 5;

export interface PasswordHasher {
  /** The refusal is `overloaded`. */
  hash(password: string): Promise<Result<string>>;
  verify(stored: string, password: string): Promise<Result<boolean>>;
}

/** What does the work. Tests count its calls: counts, unlike times, are the same on every machine. */
export interface Argon2 {
  hash(password: string): Promise<string>;
  verify(stored: string, password: string): Promise<boolean>;
}

export const argon2id: Argon2 = {
  hash: (password) =>
    hash(password, { algorithm: ARGON2ID, memoryCost: MEMORY_KIB, timeCost: PASSES, parallelism: LANES }),
  verify: (stored, password) => verify(stored, password),
};

export interface PasswordHasherOptions {
  /** Default: the real one. */
  argon2?: Argon2 | undefined;
  /** Default 2. */
  atOnce?: number | undefined;
  /** Default 256; more are refused. */
  waitingMax?: number | undefined;
}

export function createPasswordHasher(options: PasswordHasherOptions): PasswordHasher {
  const argon2 = options.argon2 ?? argon2id;
  const permits = createBoundedPermits({
    atOnce: options.atOnce ?? AT_ONCE,
    waitingMax: options.waitingMax ?? WAITING_MAX,
  });
  const guarded = async <T>(task: () => Promise<T>): Promise<Result<T>> => {
    const work = permits.run(task);
    if (!work)
      return problem('overloaded', 'Too many passwords are being checked.', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    return { ok: true, value: await work };
  };
  return {
    hash: (password) => guarded(() => argon2.hash(password)),
    verify: (stored, password) => guarded(() => argon2.verify(stored, password)),
  };
}
