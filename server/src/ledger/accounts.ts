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

// A hash for each key costs a microsecond; the same few users and loans come again and again. Owners are looked up as
// they are, since joining the three parts to one name cost more than the look-up. The bound keeps the cache near 20 MB;
// past it everything is forgotten at once, which is cheaper than keeping an order of use.
const CACHED_OWNERS_MAX = 50_000;
const cache = new Map<string, AccountKey[]>();
/** Keys of one owner that are kept: an investor's notes are of as many assets as there are loans. */
const CACHED_KEYS_OF_OWNER_MAX = 8;

export function accountKey(ownerId: string, purpose: Purpose, asset: string): AccountKey {
  const known = cache.get(ownerId);
  if (known) {
    for (const key of known) if (key.asset === asset && key.purpose === purpose) return key;
  }
  const key = { id: uuidOfName(`account/${ownerId}/${purpose}/${asset}`), ownerId, purpose, asset };
  if (!known) {
    if (cache.size >= CACHED_OWNERS_MAX) cache.clear();
    cache.set(ownerId, [key]);
  } else if (known.length < CACHED_KEYS_OF_OWNER_MAX) {
    known.push(key);
  }
  return key;
}

export function mayBeNegative(purpose: Purpose): boolean {
  return MAY_BE_NEGATIVE.has(purpose);
}

export const cashOf = (userId: string, asset: string): AccountKey => accountKey(userId, 'cash', asset);
export const escrowOf = (loanId: string, asset: string): AccountKey => accountKey(loanId, 'escrow', asset);
export const outside = (asset: string): AccountKey => accountKey(SYSTEM_OWNER, 'outside', asset);
