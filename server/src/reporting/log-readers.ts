import type pg from 'pg';
import type { LogReaders } from '../desks/readers.ts';
import { type AccountIds, ownerKindOf, SYSTEM_OWNER } from '../ledger/index.ts';
import { type LineRow, readLines } from './account-lines.ts';
import { createSumsReader } from './account-sums.ts';
import type { IndexProjection } from './index-projection.ts';
import { encodePlace, readPlace } from './newest-first.ts';

export interface LogReadersOptions {
  pool: pg.Pool;
  projection: IndexProjection;
  accountIds: AccountIds;
}

/** What the desks' queries read the log by. */
export function createLogReaders({ pool, projection, accountIds }: LogReadersOptions): LogReaders {
  return {
    sums(declaration) {
      const reader = createSumsReader({ pool, projection, ...declaration });
      return { read: (account) => reader.read(accountIds(account)) };
    },
    async lines(account, { list, reason, limit, cursor, scanSize }) {
      const place = await readPlace(projection, { list, log: 'transferSeq', cursor });
      if (!place.ok) return place;
      const at = { id: accountIds(account), place: place.value };
      const size = scanSize === undefined ? { limit } : { limit, scanSize };
      const page = await readLines(pool, at, { reason }, size);
      const data = page.data.map(({ row }) => ({ at: row.at, amount: row.amount, ownerId: ownerOf(row) }));
      const next = page.hasMore ? encodePlace(list, page.reached) : null;
      return { ok: true, value: { data, has_more: page.hasMore, next_cursor: next } };
    },
  };
}

/** Parts of the installation's accounts have owners of their own, which nobody needs to know of. */
function ownerOf({ purpose, owner_id }: LineRow): string {
  return ownerKindOf(purpose) === 'installation' ? SYSTEM_OWNER : owner_id;
}
