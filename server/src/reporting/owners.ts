import { formatId, parseId } from '../core/ids.ts';
import { SYSTEM_OWNER } from '../ledger/index.ts';

/** How the installation's own accounts are named. */
const INSTALLATION = 'installation';
const MERCHANT = 'merchant_';

/** Purposes whose accounts belong to a loan; all others belong to a user, a merchant or the installation. */
const OF_LOANS: ReadonlySet<string> = new Set(['escrow', 'issuance']);

/** `usr_…`, `loan_…`, `merchant_…` or `installation`. */
export function ownerName(ownerId: string, purpose: string): string {
  if (ownerId === SYSTEM_OWNER) return INSTALLATION;
  if (purpose === 'merchant') return `${MERCHANT}${ownerId}`;
  return formatId(OF_LOANS.has(purpose) ? 'loan' : 'user', ownerId);
}

/** The bare UUID of such a name; undefined where it is none. */
export function parseOwner(name: string): string | undefined {
  if (name === INSTALLATION) return SYSTEM_OWNER;
  // A merchant's id is that of its handle, and looks like a user's.
  if (name.startsWith(MERCHANT)) return parseId('user', `usr_${name.slice(MERCHANT.length)}`);
  return parseId('user', name) ?? parseId('loan', name);
}
