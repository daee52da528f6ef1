import { LRUCache } from 'lru-cache';
import { addressKey } from './address.ts';
import type { IdentityParts } from './types.ts';

/** Of one user: home, work, a phone's networks. A bound on what a traveler leaves behind; the newest stay. */
const ADDRESSES_OF_USER_MAX = 20;
/** An address that a user did not come from for so long may have become another's. */
export const ADDRESSES_KEPT_MS = 90 * 24 * 3_600_000;
/** An address is written again after a day at the earliest: a login costs no write where it is the usual one. */
const WRITTEN_EVERY_MS = 24 * 3_600_000;
/** Pairs whose writing is remembered: some 2 MB. Forgetting one costs a write. */
const REMEMBERED_MAX = 10_000;

const HAS = `
select 1 from known_addresses k join users u on u.id = k.user_id
where u.email_key = $1 and k.address = $2 and k.last_at > $3`;
const NOTE = `
insert into known_addresses (user_id, address, last_at) values ($1, $2, $3)
on conflict (user_id, address) do update set last_at = excluded.last_at`;
const TRIM = `
delete from known_addresses where user_id = $1 and address in (
  select address from known_addresses where user_id = $1 order by last_at desc offset ${ADDRESSES_OF_USER_MAX})`;

/** From where each user has logged in: kept in the database, so that a restart makes nobody a stranger. */
export interface KnownAddresses {
  has(emailKey: string, address: string): Promise<boolean>;
  /** After a login. */
  note(userId: string, address: string): Promise<void>;
}

export function createKnownAddresses({ pool, clock }: Pick<IdentityParts, 'pool' | 'clock'>): KnownAddresses {
  const written = new LRUCache<string, number>({ max: REMEMBERED_MAX });
  return {
    async has(emailKey, address) {
      const since = new Date(clock.now() - ADDRESSES_KEPT_MS);
      const { rowCount } = await pool.query(HAS, [emailKey, addressKey(address), since]);
      return rowCount === 1;
    },
    async note(userId, address) {
      const key = addressKey(address);
      const now = clock.now();
      if (Math.abs(now - (written.get(`${userId} ${key}`) ?? -Infinity)) < WRITTEN_EVERY_MS) return;
      await pool.query(NOTE, [userId, key, new Date(now)]);
      await pool.query(TRIM, [userId]);
      written.set(`${userId} ${key}`, now);
    },
  };
}
