import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { type EmbeddedPostgres, startEmbedded } from '../../src/db/embedded/index.ts';
import { migrate } from '../../src/db/migrator.ts';

/** The migrated database that each test's own database is a copy of. */
const templateDatabase = 'millrace_template';

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: EmbeddedPostgres['connection'];
    templateDatabase: string;
  }
}

/** One server for the whole run, in a folder that goes away with it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-test-'));
  // As root, the server runs as another user, who must get through.
  chmodSync(folder, 0o711);
  const server = await startEmbedded({
    dataFolder: folder,
    allowCreateDatabase: true,
    log: (level, message) => {
      if (level !== 'info') console.error(`PostgreSQL: ${message}`);
    },
  });
  const teardown = async (): Promise<void> => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await createTemplate(server.connection);
  } catch (error) {
    await teardown();
    throw error;
  }
  project.provide('postgres', server.connection);
  project.provide('templateDatabase', templateDatabase);
  return teardown;
}

async function createTemplate(connection: EmbeddedPostgres['connection']): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${templateDatabase}`);
  } finally {
    await client.end();
  }
  await migrate({ ...connection, database: templateDatabase });
}
