import { existsSync } from 'node:fs';
import { applicationDatabase, applicationRole, type Credentials, readCredentials } from './credentials.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { layoutOf, socketPort } from './layout.ts';
import { findLivePostmaster, readPostmasterFile } from './postmaster-file.ts';
import { readState } from './state.ts';

/** Options for a pg client or pool: the folder of the Unix socket as host, and the application's role. */
export interface EmbeddedConnection {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}

export function applicationConnection(socketFolder: string, credentials: Credentials): EmbeddedConnection {
  return {
    host: socketFolder,
    port: socketPort,
    user: applicationRole,
    password: credentials.applicationPassword,
    database: applicationDatabase,
  };
}

/**
 * How to reach the server that some Millrace runs in this data folder, for tools beside it. Starts nothing, takes nothing
 * over, and does not keep the server alive.
 *
 * Throws `embedded_not_running` where no server accepts connections; a retry helps while one is starting.
 */
export function runningConnection(dataFolder: string): EmbeddedConnection {
  const connection = existsSync(dataFolder) ? findConnection(dataFolder) : null;
  if (connection !== null) return connection;
  throw new EmbeddedPostgresError(
    'embedded_not_running',
    `No PostgreSQL of Millrace runs with the data folder ${dataFolder}. Start Millrace first, or check the folder.`,
  );
}

function findConnection(dataFolder: string): EmbeddedConnection | null {
  const layout = layoutOf(dataFolder);
  const live = findLivePostmaster(layout.cluster, readState(layout.state)?.postmaster ?? null);
  const file = live === null ? null : readPostmasterFile(layout.cluster);
  const credentials = readCredentials(layout.credentials);
  if (file?.status !== 'ready' || credentials === null) return null;
  return applicationConnection(file.socketFolder, credentials);
}
