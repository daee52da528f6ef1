import { uuidOfName } from '../core/ids.ts';

/**
 * What an account is for. `outside`, `promotions` and `issuance` stand for the world beyond the ledger and may be
 * negative; no other account may.
 */
export type Purpose = 'cash' | 'escrow' | 'notes' | 'fees' | 'merchant' | 'outside' | 'promotions' | 'issuance';

export const MAY_BE_NEGATIVE: ReadonlySet<Purpose> = new Set(['outside', 'promotions', 'issuance']);

/** Names one account. `id` is derived from the rest, so that it can be locked without being looked up. */
export interface AccountKey {
  readonly id: string;
  readonly ownerId: string;
  readonly purpose: Purpose;
  readonly asset: string;
}

/** The owner of the installation's own accounts. */
export const SYSTEM_OWNER = '00000000-0000-0000-0000-000000000000';

// A hash for each key costs a microsecond; the same few users and loans come again and again. The bound keeps the cache
// near 20 MB; past it the older half is forgotten at once, which is cheaper than keeping an order of use.
const CACHE_SIZE_MAX = 50_000;
let recent = new Map<string, AccountKey>();
let older = new Map<string, AccountKey>();

export function accountKey(ownerId: string, purpose: Purpose, asset: string): AccountKey {
  const name = `${ownerId}/${purpose}/${asset}`;
  const known = recent.get(name);
  if (known) return known;
  const key = older.get(name) ?? { id: uuidOfName(`account/${name}`), ownerId, purpose, asset };
  if (recent.size >= CACHE_SIZE_MAX) {
    older = recent;
    recent = new Map();
  }
  recent.set(name, key);
  return key;
}

export function mayBeNegative(purpose: Purpose): boolean {
  return MAY_BE_NEGATIVE.has(purpose);
}

export const cashOf = (userId: string, asset: string): AccountKey => accountKey(userId, 'cash', asset);
export const escrowOf = (loanId: string, asset: string): AccountKey => accountKey(loanId, 'escrow', asset);
export const outside = (asset: string): AccountKey => accountKey(SYSTEM_OWNER, 'outside', asset);
