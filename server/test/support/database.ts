import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type { EmbeddedPostgres } from '../../src/db/embedded/index.ts';

export interface TestDatabase {
  /** Options for a pg client or pool. */
  connection: EmbeddedPostgres['connection'];
  /** Removes the database, even with connections to it. */
  drop(): Promise<void>;
}

/**
 * A fresh, migrated database of one's own on the run's server: one a test file is the habit. A copy of `template`, where one is
 * given (`createTemplate`).
 */
export async function createDatabase(template: string = inject('templateDatabase')): Promise<TestDatabase> {
  const server = inject('postgres');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await runOnServer(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return {
    connection: { ...server, database: name },
    async drop() {
      // Not WITH (FORCE), which fails while the superuser's autovacuum is at work in there: without, the server ends that.
      await runOnServer(
        server,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND usename = current_user`,
      );
      await runOnServer(server, `DROP DATABASE IF EXISTS ${name}`);
    },
  };
}

/** Makes the database `name` once in a run, by what `fill` does to a fresh one, for `createDatabase` to copy. */
export async function createTemplate(name: string, fill: (database: TestDatabase) => Promise<void>): Promise<void> {
  const server = inject('postgres');
  const client = new pg.Client(server);
  await client.connect();
  try {
    // Test files run side by side: the others wait for the first.
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount !== 0) return;
    const database = await createDatabase();
    try {
      await fill(database);
    } catch (error) {
      await database.drop();
      throw error;
    }
    await client.query(`ALTER DATABASE ${database.connection.database} RENAME TO ${name}`);
  } finally {
    await client.end();
  }
}

/** As an operator writes it. */
export function urlOf({ connection }: TestDatabase): string {
  const { host, user, password, database } = connection;
  return `postgres://${user}:${encodeURIComponent(password)}@localhost/${database}?host=${encodeURIComponent(host)}`;
}

async function runOnServer(connection: EmbeddedPostgres['connection'], statement: string): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
