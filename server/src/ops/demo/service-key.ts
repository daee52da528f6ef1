import { join } from 'node:path';
import type { Identity } from '../../intake/identity/index.ts';
import { readIfExists, writePrivateFile } from '../data-folder.ts';

/** Where the demo service's key is kept, so that it stays the same from start to start. Only its hash is in the database. */
const FILE = 'demo-service.key';
/** A data folder that is lost leaves a key behind each time; this many days later they no longer count. */
const KEY_DAYS = 365;

/** The key of the demonstration's service user: the one that was made before, where it still opens something. */
export async function ensureServiceKey(options: {
  dataFolder: string;
  identity: Identity;
  serviceId: string;
}): Promise<string> {
  const { dataFolder, identity, serviceId } = options;
  const path = join(dataFolder, FILE);
  const known = readIfExists(path)?.trim();
  if (known !== undefined && (await identity.authenticate(known))?.userId === serviceId) return known;
  const made = await identity.createServiceKey({ userId: serviceId, name: 'Demonstration', expires_in_days: KEY_DAYS });
  if (!made.ok) throw new Error(`the demo service’s key cannot be made: ${made.problem.detail}`);
  writePrivateFile(path, `${made.value.key}\n`);
  return made.value.key;
}
