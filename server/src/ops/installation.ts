import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { exclusively } from '../db/exclusive.ts';
import { requireNewDemoAllowed } from './demo/production.ts';

export interface Installation {
  id: string;
  demo: boolean;
  shards: number;
}

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
 * be a demo in production.
 */
export async function openInstallation(
  pool: pg.Pool,
  wish: { demo: boolean; shards: number; nodeEnv?: string | undefined },
): Promise<Installation> {
  if (wish.demo && (await pool.query('select 1 from installation')).rows.length === 0)
    requireNewDemoAllowed(wish.nodeEnv);
  await exclusively(pool, 'installation', () =>
    pool.query(
      `with first as (
       insert into installation (id, created_at, demo) select $1, now(), $2 where not exists (select from installation) returning id
     )
     insert into shards (id) select generate_series(0, $3::int - 1) from first`,
      [randomUUID(), wish.demo, wish.shards],
    ),
  );
  const { rows } = await pool.query<{ id: string; demo: boolean; shards: string }>(
    'select id, demo, (select count(*)::int from shards) as shards from installation',
  );
  const row = rows[0] as (typeof rows)[number];
  const installation = { id: row.id, demo: row.demo, shards: Number(row.shards) };
  if (installation.shards !== wish.shards) {
    throw new InstallationMismatch(
      `this installation has ${installation.shards} shard(s), not ${wish.shards}: start it with --shards ${installation.shards}, since the number is fixed at the first start`,
    );
  }
  return installation;
}
