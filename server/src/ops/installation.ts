import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { derivation, type DeriveId } from '../core/ids.ts';
import { exclusively } from '../db/transaction.ts';
import { requireNewDemoAllowed, requirePlayMoney } from './demo/allowed.ts';

export interface Installation {
  id: string;
  demo: boolean;
  shards: number;
  /** By the installation's secret, which is in here and nowhere else: it is no field, so that nothing can print it. */
  deriveId: DeriveId;
}

/** As long as what HMAC-SHA-256 puts out: more adds nothing. */
const SECRET_BYTES = 32;

/** The configuration does not fit what this database is. */
class InstallationMismatch extends Error {
  readonly code = 'config_invalid';
}

/**
 * Reads what this database is, or writes it down at the first start. The number of shards is fixed then: orders carry
 * their shard, and users would meet another one.
 *
 * Processes that start together on a new database wait for the first.
 *
 * @throws InstallationMismatch where the configuration asks for another number of shards; DemoInProduction where a new installation would
 * be a demo in production, or with a gateway by which its history cannot be made (`config_invalid`).
 */
export async function openInstallation(
  pool: pg.Pool,
  wish: { demo: boolean; shards: number; nodeEnv?: string | undefined; gateway?: string },
): Promise<Installation> {
  if (wish.demo && (await pool.query('select 1 from installation')).rows.length === 0) {
    requireNewDemoAllowed(wish.nodeEnv);
    requirePlayMoney(wish.gateway);
  }
  await exclusively(pool, 'installation', () =>
    pool.query(
      `with first as (
       insert into installation (id, created_at, demo, secret) select $1, now(), $2, $4 where not exists (select from installation) returning id
     )
     insert into shards (id) select generate_series(0, $3::int - 1) from first`,
      [randomUUID(), wish.demo, wish.shards, randomBytes(SECRET_BYTES)],
    ),
  );
  const { rows } = await pool.query<{ id: string; demo: boolean; secret: Buffer; shards: string }>(
    'select id, demo, secret, (select count(*)::int from shards) as shards from installation',
  );
  const row = rows[0] as (typeof rows)[number];
  const deriveId = derivation(row.secret);
  const installation = { id: row.id, demo: row.demo, shards: Number(row.shards), deriveId };
  if (installation.shards !== wish.shards) {
    throw new InstallationMismatch(
      `this installation has ${installation.shards} shard(s), not ${wish.shards}: start it with --shards ${installation.shards}, since the number is fixed at the first start`,
    );
  }
  return installation;
}
