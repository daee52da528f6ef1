import type { Logger } from 'pino';
import type pg from 'pg';
import { type EmbeddedPostgres, startEmbedded } from './embedded/index.ts';
import { migrate } from './migrator.ts';
import { type Connection, createPool } from './pool.ts';
import { requireDurability, requireSession } from './server-requirements.ts';

export interface DatabaseOptions {
  /** An outside server; empty for the embedded one. */
  databaseUrl: string;
  dataFolder: string;
  allowUnsafeDurability: boolean;
  log: Logger;
}

export interface Database {
  connection: Connection;
  pool: pg.Pool;
  /** PostgreSQL's version. */
  version: string;
  embedded: boolean;
  /** Closes the pool; the embedded server ends too. */
  close(): Promise<void>;
}

/**
 * A database that is reachable, safe and migrated: the embedded one, or the one that the URL names.
 *
 * @throws EmbeddedPostgresError, UnsafeServer, SessionNotKept, or the driver's error where the server cannot be reached.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { databaseUrl, dataFolder, log } = options;
  let server: EmbeddedPostgres | undefined;
  if (databaseUrl === '') {
    server = await startEmbedded({ dataFolder, log: (level, message) => log[level](message) });
  }
  const connection: Connection = server?.connection ?? { connectionString: databaseUrl };
  let closing = false;
  const pool = createPool(connection, {
    onError: (error) => {
      // The pool says that it has ended before its connections have.
      if (!closing) log.warn({ err: error }, 'an idle connection was lost');
    },
  });
  const close = async (): Promise<void> => {
    closing = true;
    await pool.end();
    await server?.stop();
  };
  try {
    if (!server) await requireSession(connection);
    const { version } = await requireDurability(pool, options.allowUnsafeDurability);
    const applied = await migrate(connection);
    if (applied.length > 0) log.info({ applied }, 'migrated');
    return { connection, pool, version, embedded: server !== undefined, close };
  } catch (error) {
    await close();
    throw error;
  }
}
