import { totalmem } from 'node:os';
import { EmbeddedPostgresError } from './errors.ts';
import { socketPort } from './layout.ts';

/** More than this buys nothing for a database whose hot rows are a few hundred megabytes. */
const sharedBuffersMaxMb = 256;
const sharedBuffersMinMb = 16;

/** Log files are kept up to this number and size, so that a chatty server cannot fill the disk. */
export const logFilesMax = 5;
const logFileSizeMaxMb = 10;

export const settingsFileName = 'millrace.conf';

/** The operator's own file: what stands below the include wins over ours. */
export const mainSettingsFile = `# Settings of the embedded PostgreSQL.
# Millrace rewrites ${settingsFileName} at each start; what you set below the next line is yours and wins.
include '${settingsFileName}'
`;

/** Only a password opens the socket, even for those who can reach it. */
export const hostBasedAuthentication = `# Written by Millrace. There is no network listener.
local all         all scram-sha-256
local replication all scram-sha-256
`;

/** The memory that this machine, or the container around this process, grants. */
export function usableMemoryMb(): number {
  const constrained = process.constrainedMemory();
  const bytes = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return Math.floor(bytes / 1024 / 1024);
}

function sharedBuffersMb(memoryMb: number): number {
  return Math.max(sharedBuffersMinMb, Math.min(sharedBuffersMaxMb, Math.floor(memoryMb / 4)));
}

/** What an operator may tune, as the text of the settings file. */
export function settingsFile(facts: { memoryMb: number; walCompression: 'lz4' | 'pglz' }): string {
  const settings: Record<string, string> = {
    max_connections: '60',
    shared_buffers: `${sharedBuffersMb(facts.memoryMb)}MB`,
    huge_pages: 'try',
    // Plans of this size never gain from being compiled, and compiling costs tens of milliseconds.
    jit: 'off',
    // Enough for base backups and archiving; `minimal` would save WAL only in bulk loads.
    wal_level: 'replica',
    wal_compression: facts.walCompression,
    // Rare checkpoints: each one makes the next change of every page write the whole page to the WAL.
    max_wal_size: '4GB',
    min_wal_size: '512MB',
    checkpoint_timeout: '15min',
    // The defaults (a fifth of a table) come far too late for tables with millions of rows.
    autovacuum: 'on',
    autovacuum_vacuum_scale_factor: '0.05',
    autovacuum_vacuum_insert_scale_factor: '0.1',
    autovacuum_analyze_scale_factor: '0.05',
    autovacuum_naptime: '30s',
    timezone: 'UTC',
    log_timezone: 'UTC',
    default_text_search_config: 'pg_catalog.english',
    lc_messages: 'C',
    logging_collector: 'on',
    log_destination: 'stderr',
    log_directory: 'log',
    log_filename: 'postgresql-%Y%m%d-%H%M%S.log',
    log_file_mode: '0600',
    log_rotation_size: `${logFileSizeMaxMb}MB`,
    log_rotation_age: '1d',
    log_line_prefix: '%m [%p] %q%u@%d ',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'`);
  return `# Written by Millrace at each start; put your own settings into postgresql.conf.\n${lines.join('\n')}\n`;
}

/**
 * What must hold whatever stands in the files: no network, a private socket, and durability. `extra` comes last and
 * wins, so that a test can break durability on purpose.
 */
export function commandLineSettings(socketFolder: string, extra: Record<string, string>): string[] {
  const forced: Record<string, string> = {
    listen_addresses: '',
    port: String(socketPort),
    // The value is a list, in which only quotes protect a comma.
    unix_socket_directories: `"${socketFolder.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
  };
  const valid = /^[a-z][a-z0-9_.]*$/i;
  return Object.entries({ ...forced, ...extra }).flatMap(([name, value]) => {
    if (!valid.test(name)) {
      throw new EmbeddedPostgresError('embedded_setting_invalid', `"${name}" is no name of a PostgreSQL setting.`);
    }
    return ['-c', `${name}=${value}`];
  });
}
