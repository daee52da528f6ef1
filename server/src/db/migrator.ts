import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import type { Connection } from './pool.ts';

const FOLDER = new URL('../../migrations/', import.meta.url);
const FILE = /^(\d{6})_[a-z0-9-]+\.sql$/;

/** Any number that no other program on the same server is likely to take for its own advisory lock. */
const LOCK = 0x6d696c6c;

/**
 * Applies every migration that the database does not have yet, in order, each in a transaction of its own, under a
 * lock: processes that start together wait for the first. Forward only.
 *
 * @returns the names of the migrations applied now.
 * @throws Error where the database has a migration that this version does not know (it is newer than the program).
 */
export async function migrate(connection: Connection): Promise<string[]> {
  const client = new pg.Client({ ...connection, application_name: 'millrace migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await client.query(
      'create table if not exists migrations (name text primary key, applied_at timestamptz not null default clock_timestamp())',
    );
    const files = migrationsAmong(await readdir(FOLDER));
    const { rows } = await client.query<{ name: string }>('select name from migrations order by name');
    const applied = new Set(rows.map((row) => row.name));
    const unknown = [...applied].find((name) => !files.includes(name));
    if (unknown) {
      throw new Error(
        `the database has the migration ${unknown}, which this version does not know: start the newer version`,
      );
    }
    const done: string[] = [];
    for (const name of files) {
      if (applied.has(name)) continue;
      await apply(client, name, await readFile(new URL(name, FOLDER), 'utf8'));
      done.push(name);
    }
    return done;
  } finally {
    await client.end();
  }
}

/**
 * The names of migrations among those of a folder's files, in the order in which they are applied.
 *
 * @throws Error for SQL with another name: leaving it out would show only when something misses its table.
 */
export function migrationsAmong(names: readonly string[]): string[] {
  const sql = names.filter((name) => name.endsWith('.sql')).sort();
  const odd = sql.find((name) => !FILE.test(name));
  if (odd) throw new Error(`${odd} is no name of a migration: 000001_what-it-does.sql`);
  return sql;
}

async function apply(client: pg.Client, name: string, sql: string): Promise<void> {
  await client.query('begin');
  try {
    await client.query(sql);
    await client.query('insert into migrations (name) values ($1)', [name]);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback');
    throw new Error(`migration ${name} failed: ${(cause as Error).message}`, { cause });
  }
}
