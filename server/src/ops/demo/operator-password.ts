import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Identity } from '../../intake/identity/index.ts';
import { readIfExists, writePrivateFile } from '../data-folder.ts';
import { LOGINS } from './cast.ts';

/** Where the password is kept that others do not know. */
const FILE = 'demo-operator.key';

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
  const path = join(dataFolder, FILE);
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
