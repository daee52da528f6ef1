import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Identity } from '../../intake/identity/index.ts';

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
  const known = readIfExists(path);
  if (known !== undefined && (await identity.authenticate(known))?.userId === serviceId) return known;
  const made = await identity.createServiceKey({ userId: serviceId, name: 'Demonstration', expires_in_days: KEY_DAYS });
  if (!made.ok) throw new Error(`the demo service’s key cannot be made: ${made.problem.detail}`);
  const draft = `${path}.new`;
  writeFileSync(draft, `${made.value.key}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
  return made.value.key;
}

function readIfExists(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
