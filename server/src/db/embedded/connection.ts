import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { EmbeddedPostgresError } from './errors.ts';
import { isRecord, readJsonIfExists, writeFileAtomically } from './files.ts';
import { layoutOf, socketPort } from './layout.ts';
import { findLivePostmaster, readPostmasterFile, readState } from './postmaster.ts';

export const applicationRole = 'millrace';
export const applicationDatabase = 'millrace';
export const supervisorRole = 'millrace_supervisor';

/** Written only after the cluster has taken them over, so that a file that exists is a file that works. */
export interface Credentials {
  applicationPassword: string;
  /** The superuser's; for the operator's backups and repairs, never for the application. */
  supervisorPassword: string;
  /** Whether the application's role may create databases. */
  mayCreateDatabase: boolean;
}

export function makeCredentials(mayCreateDatabase: boolean): Credentials {
  return { applicationPassword: randomPassword(), supervisorPassword: randomPassword(), mayCreateDatabase };
}

/** 192 bits, in characters that need no quoting in SQL or a URL. */
function randomPassword(): string {
  return randomBytes(24).toString('base64url');
}

export function readCredentials(path: string): Credentials | null {
  const parsed = readJsonIfExists(path);
  if (!isRecord(parsed) || !isRecord(parsed['application']) || !isRecord(parsed['supervisor'])) return null;
  const { password: applicationPassword, may_create_database: mayCreateDatabase } = parsed['application'];
  const { password: supervisorPassword } = parsed['supervisor'];
  if (typeof applicationPassword !== 'string' || typeof supervisorPassword !== 'string') return null;
  return { applicationPassword, supervisorPassword, mayCreateDatabase: mayCreateDatabase === true };
}

export function writeCredentials(path: string, credentials: Credentials): void {
  const text = JSON.stringify(
    {
      application: {
        user: applicationRole,
        password: credentials.applicationPassword,
        database: applicationDatabase,
        may_create_database: credentials.mayCreateDatabase,
      },
      supervisor: { user: supervisorRole, password: credentials.supervisorPassword },
    },
    null,
    2,
  );
  writeFileAtomically(path, `${text}\n`, 0o600);
}

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
