import type { Caller } from '../../core/caller.ts';
import { isUuid } from '../../core/ids.ts';
import { createCachedLookup, type Found } from './cached-lookup.ts';
import { isDisabled } from './rows.ts';
import type { IdentityParts } from './types.ts';

/** As the tokens' cache, for the same reasons: a service may act for many users in turn. */
const CACHE_ENTRIES_MAX = 10_000;
const CACHE_TTL_MS = 5_000;

const FIND_CREATORS =
  'select id, created_by, demo, disabled_at from users where id = any ($1::uuid[]) and created_by is not null';

interface CreatorRow {
  id: string;
  created_by: string;
  demo: boolean;
  disabled_at: Date | null;
}

export interface Acting {
  actAs(caller: Caller, userId: string): Promise<Caller | undefined>;
  /** After the user was disabled. */
  forget(userId: string): void;
}

export function createActing({ pool, clock, refuseDemoUsers }: IdentityParts): Acting {
  async function load(ids: readonly string[]): Promise<Map<string, Found<CreatorRow>>> {
    const { rows } = await pool.query<CreatorRow>({
      name: 'identity_find_creators',
      text: FIND_CREATORS,
      values: [ids],
    });
    const usable = rows.filter((row) => !isDisabled(row, refuseDemoUsers));
    return new Map(usable.map((row) => [row.id, { value: row, validUntilMs: Infinity }]));
  }
  const lookup = createCachedLookup({ clock, load, entriesMax: CACHE_ENTRIES_MAX, ttlMs: CACHE_TTL_MS });
  return {
    async actAs(caller, userId) {
      if (userId === caller.actingFor) return caller;
      // A caller that acts for a user already was given to that user, by a ticket perhaps, and is good for no other.
      if (caller.actingFor !== caller.userId) return undefined;
      if (caller.role !== 'service' || !caller.scopes.has('users:write') || !isUuid(userId)) return undefined;
      const user = await lookup.get(userId);
      return user?.created_by === caller.userId ? { ...caller, actingFor: userId } : undefined;
    },
    forget: (userId) => lookup.forget(userId),
  };
}
