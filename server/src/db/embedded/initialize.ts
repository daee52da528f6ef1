import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  fchownSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Binaries, spawnOptionsFor } from './binaries.ts';
import {
  applicationDatabase,
  applicationRole,
  type Credentials,
  makeCredentials,
  supervisorRole,
  writeCredentials,
} from './connection.ts';
import { EmbeddedPostgresError, messageOf, outsideServerHint } from './errors.ts';
import { readFileIfExists, syncFolder } from './files.ts';
import type { Layout } from './layout.ts';
import type { ServerUser } from './os-user.ts';
import { hostBasedAuthentication, mainSettingsFile, settingsFileName } from './settings.ts';

/** A first start takes under a second; a disk that needs longer than this has stopped working. */
const initializeTimeoutMs = 120_000;

/** Whether the cluster's folder holds a cluster of this major version; throws on anything that we must not touch. */
export function inspectCluster(layout: Layout, version: string): 'absent' | 'present' {
  if (!existsSync(layout.cluster)) return 'absent';
  let names: string[];
  try {
    names = readdirSync(layout.cluster);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'embedded_folder_unreadable',
      `The PostgreSQL data folder ${layout.cluster} cannot be read: ${messageOf(cause)}. Change its rights or owner.`,
      { cause },
    );
  }
  if (names.length === 0) return 'absent';
  const dataVersion = readFileIfExists(join(layout.cluster, 'PG_VERSION'))?.trim();
  if (dataVersion === undefined) {
    throw new EmbeddedPostgresError(
      'embedded_folder_foreign',
      `${layout.cluster} holds files, but no PostgreSQL cluster, and was left as it is. ` +
        'Move them away, or choose another data folder with MILLRACE_DATA.',
    );
  }
  const binaryVersion = majorOf(version);
  if (dataVersion !== binaryVersion) {
    throw new EmbeddedPostgresError(
      'embedded_data_version',
      `The data in ${layout.cluster} was written by PostgreSQL ${dataVersion}, and Millrace brings PostgreSQL ` +
        `${binaryVersion}; nothing was changed. Dump it with a PostgreSQL ${dataVersion} and load the dump into a new ` +
        `data folder, or run pg_upgrade. ${outsideServerHint}`,
    );
  }
  return 'present';
}

function majorOf(version: string): string {
  return version.split('.')[0] ?? version;
}

/**
 * Makes the cluster beside its final place and moves it there in one step, so that an interrupted first start leaves
 * nothing that looks like a cluster. The moving comes last: credentials without a cluster are simply made again.
 */
export function initializeCluster(options: {
  layout: Layout;
  binaries: Binaries;
  user: ServerUser;
  mayCreateDatabase: boolean;
}): Credentials {
  const { layout, binaries, user } = options;
  const folder = layout.clusterInTheMaking;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  if (user.drop) chownSync(folder, user.uid, user.gid);
  runInitdb(binaries, user, folder);
  const credentials = makeCredentials(options.mayCreateDatabase);
  applyCredentials({ binaries, user, folder, credentials });
  for (const [name, text] of [
    ['postgresql.conf', mainSettingsFile],
    ['pg_hba.conf', hostBasedAuthentication],
    [settingsFileName, ''],
  ] as const) {
    writeClusterFile(join(folder, name), text, user);
  }
  writeCredentials(layout.credentials, credentials);
  renameSync(folder, layout.cluster);
  syncFolder(dirname(layout.cluster));
  return credentials;
}

/**
 * Writes a file that the server reads; it belongs to the server's user. Root writes it under a new name and moves it:
 * an attacker who took over the server's user must not make root write, or give away, what a link in this folder points to.
 */
export function writeClusterFile(path: string, text: string, user: ServerUser): void {
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, text);
    if (user.drop) fchownSync(file, user.uid, user.gid);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}

function runInitdb(binaries: Binaries, user: ServerUser, folder: string): void {
  const result = spawnSync(
    binaries.initdb,
    [
      `--pgdata=${folder}`,
      `--username=${supervisorRole}`,
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--data-checksums',
      // Nobody gets in until our own rules and passwords are in place.
      '--auth=reject',
      '--no-instructions',
    ],
    { ...spawnOptionsFor(user), encoding: 'utf8', timeout: initializeTimeoutMs },
  );
  if (result.status === 0) return;
  throw new EmbeddedPostgresError(
    'embedded_start_failed',
    `The PostgreSQL cluster in ${folder} could not be made: ${tail(result.stderr) || messageOf(result.error)}`,
    { cause: result.error },
  );
}

/**
 * Sets roles, passwords and the database of a cluster that is not running. It uses the server's single-user mode, which
 * asks for no password: this also gives back a cluster whose credentials were lost.
 */
export function applyCredentials(options: {
  binaries: Binaries;
  user: ServerUser;
  folder: string;
  credentials: Credentials;
}): void {
  const { binaries, user, folder, credentials } = options;
  const result = spawnSync(binaries.postgres, ['--single', '-D', folder, 'postgres'], {
    ...spawnOptionsFor(user),
    encoding: 'utf8',
    input: credentialStatements(credentials)
      .map((statement) => `${statement}\n`)
      .join(''),
    timeout: initializeTimeoutMs,
  });
  if (result.status === 0 && result.stdout.includes(`"${appliedMark}"`)) return;
  throw new EmbeddedPostgresError(
    'embedded_start_failed',
    `The roles of the PostgreSQL cluster in ${folder} could not be set: ${tail(result.stderr) || messageOf(result.error)}`,
    { cause: result.error },
  );
}

const appliedMark = 'credentials applied';

/** One statement a line, as single-user mode reads them; each may run again. An existing database stays, with an error that it ignores. */
function credentialStatements(credentials: Credentials): string[] {
  const createDatabase = credentials.mayCreateDatabase ? 'CREATEDB' : 'NOCREATEDB';
  return [
    `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${applicationRole}') ` +
      `THEN CREATE ROLE ${applicationRole}; END IF; END $$`,
    `ALTER ROLE ${applicationRole} LOGIN NOSUPERUSER NOCREATEROLE ${createDatabase} ` +
      `PASSWORD '${credentials.applicationPassword}'`,
    `ALTER ROLE ${supervisorRole} PASSWORD '${credentials.supervisorPassword}'`,
    `CREATE DATABASE ${applicationDatabase} OWNER ${applicationRole}`,
    `SELECT '${appliedMark}' FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba ` +
      `WHERE d.datname = '${applicationDatabase}' AND r.rolname = '${applicationRole}'`,
  ];
}

function tail(text: string | null): string {
  return (text ?? '').trim().split('\n').slice(-8).join('\n');
}
