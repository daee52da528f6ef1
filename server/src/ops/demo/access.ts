import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Identity } from '../../intake/identity/index.ts';
import { readIfExists, writePrivateFile } from '../data-folder.ts';
import { LOGINS } from './people.ts';

/** Where the password is kept that others do not know. */
const PASSWORD_FILE = 'demo-operator.key';

export interface OperatorPasswordOptions {
  dataFolder: string;
  identity: Pick<Identity, 'createResetLink' | 'resetPassword'>;
  /** Bare UUID. */
  operatorId: string;
  /** Whether others than this machine can reach the demonstration. */
  isOpen: boolean;
}

/**
 * The password of the demonstration's operator. Everybody knows the one in the source, with which a stranger could disable
 * everybody else: where strangers can reach the demonstration, it has one of its own, the same from start to start.
 */
export async function ensureOperatorPassword(options: OperatorPasswordOptions): Promise<string> {
  const { dataFolder, isOpen } = options;
  const path = join(dataFolder, PASSWORD_FILE);
  const own = readIfExists(path)?.trim();
  const { password: known } = LOGINS.operator;
  if (isOpen) {
    if (own !== undefined) return own;
    const made = randomBytes(15).toString('base64url');
    // The file comes last: without it, the next start makes another one.
    await set(made, options);
    writePrivateFile(path, `${made}\n`);
    return made;
  }
  if (own === undefined) return known;
  await set(known, options);
  rmSync(path);
  return known;
}

async function set(password: string, { identity, operatorId }: OperatorPasswordOptions): Promise<void> {
  const link = await identity.createResetLink(undefined, operatorId);
  if (!link.ok) throw new Error(`the demo operator’s password cannot be set: ${link.problem.detail}`);
  const token = link.value.path.split('#')[1] as string;
  const done = await identity.resetPassword({ token, new_password: password }, { address: '127.0.0.1' });
  if (!done.ok) throw new Error(`the demo operator’s password cannot be set: ${done.problem.detail}`);
}

/** Where the demo service's key is kept, so that it stays the same from start to start. Only its hash is in the database. */
const KEY_FILE = 'demo-service.key';
/** A data folder that is lost leaves a key behind each time; this many days later they no longer count. */
const KEY_DAYS = 365;

/** The key of the demonstration's service user: the one that was made before, where it still opens something. */
export async function ensureServiceKey(options: {
  dataFolder: string;
  identity: Identity;
  serviceId: string;
}): Promise<string> {
  const { dataFolder, identity, serviceId } = options;
  const path = join(dataFolder, KEY_FILE);
  const known = readIfExists(path)?.trim();
  if (known !== undefined && (await identity.authenticate(known))?.userId === serviceId) return known;
  const made = await identity.createServiceKey({ userId: serviceId, name: 'Demonstration', expires_in_days: KEY_DAYS });
  if (!made.ok) throw new Error(`the demo service’s key cannot be made: ${made.problem.detail}`);
  writePrivateFile(path, `${made.value.key}\n`);
  return made.value.key;
}
