import { type OwnerKind, type Purpose, PURPOSES } from '@millrace/contract';
import type { DeriveId } from '../core/ids.ts';

/** The names that desks and engine give to what accounts are for, with who owns them and whether they may be negative. */
const ENTRIES = Object.entries(PURPOSES) as [Purpose, { owner: OwnerKind; mayBeNegative: boolean }][];

/**
 * What owns the accounts of a purpose. An owner is a kind and a UUID: who chooses ids may give a loan that of a user, and
 * neither may see what is the other's.
 */
const OWNERS = Object.fromEntries(ENTRIES.map(([purpose, { owner }]) => [purpose, owner])) as Readonly<
  Record<Purpose, OwnerKind>
>;

export function ownerKindOf(purpose: string): OwnerKind {
  return OWNERS[purpose as Purpose];
}

export function purposesOf(kind: OwnerKind): Purpose[] {
  return ENTRIES.flatMap(([purpose, { owner }]) => (owner === kind ? [purpose] : []));
}

/** SQL: whether the account `alias` belongs to a user, its `owner_id` being that user's. */
export function ofUsers(alias: string): string {
  return `${alias}.purpose in (${purposesOf('user')
    .map((purpose) => `'${purpose}'`)
    .join(', ')})`;
}

/** Whether an account is that user's (bare UUID). */
export function isOfUser({ ownerId, purpose }: { ownerId: string; purpose: string }, userId: string | null): boolean {
  return ownerId === userId && ownerKindOf(purpose) === 'user';
}

export const MAY_BE_NEGATIVE: ReadonlySet<Purpose> = new Set(
  ENTRIES.flatMap(([purpose, { mayBeNegative }]) => (mayBeNegative ? [purpose] : [])),
);

/**
 * Names one account. Desks know names only; which id the name has in this installation, the ledger knows (`AccountIds`).
 */
export interface AccountKey {
  /** `account/<owner>/<purpose>/<asset>`: two keys with the same name are the same account. */
  readonly name: string;
  readonly ownerId: string;
  readonly purpose: Purpose;
  readonly asset: string;
}

/** The owner of the installation's own accounts. */
export const SYSTEM_OWNER = '00000000-0000-0000-0000-000000000000';

// The same few users and loans come again and again. Owners are looked up as they are, since joining the three parts to one
// name cost more than the look-up. The bound keeps the cache near 30 MB; past it everything is forgotten at once, which is
// cheaper than keeping an order of use.
const CACHED_OWNERS_MAX = 50_000;
const cache = new Map<string, AccountKey[]>();
/** Keys of one owner that are kept: an investor's notes are of as many assets as there are loans. */
const CACHED_KEYS_OF_OWNER_MAX = 8;

export function accountKey(ownerId: string, purpose: Purpose, asset: string): AccountKey {
  const known = cache.get(ownerId);
  if (known) {
    for (const key of known) if (key.asset === asset && key.purpose === purpose) return key;
  }
  const key = { name: `account/${ownerId}/${purpose}/${asset}`, ownerId, purpose, asset };
  if (!known) {
    if (cache.size >= CACHED_OWNERS_MAX) cache.clear();
    cache.set(ownerId, [key]);
  } else if (known.length < CACHED_KEYS_OF_OWNER_MAX) {
    known.push(key);
  }
  return key;
}

/** The ids of accounts in one installation, derived from their names, so that they can be locked without being looked up. */
export type AccountIds = (key: AccountKey) => string;

// An HMAC for each costs two microseconds. About 10 MB, beside the names that the keys hold anyway.
const CACHED_IDS_MAX = 100_000;

export function createAccountIds(derive: DeriveId): AccountIds {
  const ids = new Map<string, string>();
  return ({ name }) => {
    const known = ids.get(name);
    if (known !== undefined) return known;
    if (ids.size >= CACHED_IDS_MAX) ids.clear();
    const id = derive(name);
    ids.set(name, id);
    return id;
  };
}

export function mayBeNegative(purpose: Purpose): boolean {
  return MAY_BE_NEGATIVE.has(purpose);
}

export const cashOf = (userId: string, asset: string): AccountKey => accountKey(userId, 'cash', asset);
export const outside = (asset: string): AccountKey => accountKey(SYSTEM_OWNER, 'outside', asset);
