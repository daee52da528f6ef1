import { parseId } from '../core/ids.ts';
import { INSTALLATION, MERCHANT, SYSTEM_OWNER } from '../ledger/index.ts';

export { ownerName } from '../ledger/index.ts';

/** The bare UUID of such a name; undefined where it is none. */
export function parseOwner(name: string): string | undefined {
  if (name === INSTALLATION) return SYSTEM_OWNER;
  // A merchant's id is that of its handle, and looks like a user's.
  if (name.startsWith(MERCHANT)) return parseId('user', `usr_${name.slice(MERCHANT.length)}`);
  return parseId('user', name) ?? parseId('loan', name);
}
