import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type { EmbeddedPostgres } from '../../src/db/embedded/index.ts';

export interface TestDatabase {
  /** Options for a pg client or pool. */
  connection: EmbeddedPostgres['connection'];
  /** Removes the database, whoever is still connected to it. */
  drop(): Promise<void>;
}

/** A fresh, migrated database of one's own on the run's server: one a test file is the habit. */
export async function createDatabase(): Promise<TestDatabase> {
  const server = inject('postgres');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await runOnServer(server, `CREATE DATABASE ${name} TEMPLATE ${inject('templateDatabase')}`);
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
