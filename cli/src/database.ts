import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresError, runningConnection, startEmbedded } from '@millrace/server/db/embedded/index';
import { type Connection, createPool } from '@millrace/server/db/pool';
import { type Context, settingsOf } from './context.ts';
import { CliFailure } from './failure.ts';

export interface DirectDatabase {
  connection: Connection;
  pool: ReturnType<typeof createPool>;
  /** For messages; without a password. */
  name: string;
  close(): Promise<void>;
}

/**
 * The database itself, for commands that do not need a server: the one of `DATABASE_URL`; else the embedded one, beside the
 * server that runs it, or started for as long as the command takes.
 *
 * @param options.create whether a data folder without a database gets one.
 */
export async function openDirectly(context: Context, options: { create?: boolean } = {}): Promise<DirectDatabase> {
  const { databaseUrl, dataFolder } = settingsOf(context).values;
  if (databaseUrl !== '') return wrap({ connectionString: databaseUrl }, nameOf(databaseUrl), async () => {});
  const name = `the embedded database in ${dataFolder}`;
  const running = findRunning(dataFolder);
  if (running) return wrap(running, name, async () => {});
  if (!options.create && !existsSync(join(dataFolder, 'postgres'))) {
    throw new CliFailure('unreachable', `there is no database in ${dataFolder}`, {
      hint: '`millrace start` makes one. Or name another folder with --data, or a server with DATABASE_URL.',
    });
  }
  context.output.note(`Starting ${name} for this command …`);
  const server = await startEmbedded({
    dataFolder,
    log: (level, message) => level !== 'info' && context.output.note(`PostgreSQL: ${message}`),
  });
  return wrap(server.connection, name, () => server.stop());
}

function findRunning(dataFolder: string): Connection | undefined {
  try {
    return runningConnection(dataFolder);
  } catch (error) {
    if (error instanceof EmbeddedPostgresError && error.code === 'embedded_not_running') return undefined;
    throw error;
  }
}

function wrap(connection: Connection, name: string, stop: () => Promise<void>): DirectDatabase {
  const pool = createPool(connection, { max: 4, applicationName: 'millrace command' });
  return {
    connection,
    pool,
    name,
    async close() {
      await pool.end();
      await stop();
    },
  };
}

function nameOf(databaseUrl: string): string {
  try {
    const { host, pathname } = new URL(databaseUrl);
    return `the database ${pathname.slice(1)} on ${host}`;
  } catch {
    return 'the database of DATABASE_URL';
  }
}
