import type pg from 'pg';
import { derivation } from '../../src/core/ids.ts';
import { createAccountIds } from '../../src/ledger/index.ts';

/** The secret of databases whose rows a test writes by itself. */
const SECRET = Buffer.alloc(32, 7);

export const deriveId = derivation(SECRET);
export const accountIds = createAccountIds(deriveId);

/** Makes an empty database an installation whose ids are those of `accountIds`. */
export async function writeInstallation(pool: pg.Pool): Promise<void> {
  await pool.query("insert into installation (id, created_at, secret) values ('test', now(), $1)", [SECRET]);
}
