import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, realpathSync, rmdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError, messageOf, systemErrorCode } from './errors.ts';
import type { ServerUser } from './os-user.ts';

/** Names the socket file and nothing else: the server listens on no network address. */
export const socketPort = 5432;

/** Linux ends a socket's path at 107 bytes and macOS at 103; below this both agree. */
const socketPathBytesMax = 100;

/** Where everything of one installation's cluster lies. */
export interface Layout {
  dataFolder: string;
  /** PostgreSQL's own data folder, owned by the server's user. */
  cluster: string;
  /** A cluster in the making; it takes the place of `cluster` in one rename. */
  clusterInTheMaking: string;
  log: string;
  /** What the watcher keeps: lock, state, credentials, its own log. Only for the user that runs Millrace. */
  supervisor: string;
  lock: string;
  state: string;
  credentials: string;
  watcherLog: string;
  /** Holds the server's socket, owned by the server's user, closed to everybody else. */
  socketFolder: string;
  /** Holds the watcher's socket, owned by the user that runs Millrace. */
  controlFolder: string;
  controlSocket: string;
}

/** The layout below an existing data folder. Long paths move the sockets to private folders below the temporary folder. */
export function layoutOf(dataFolder: string, temporaryFolder: string = tmpdir()): Layout {
  const root = realpathSync(dataFolder);
  const clusterPath = join(root, 'postgres');
  // An operator may have put the data on another disk behind a link.
  const cluster = existsSync(clusterPath) ? realpathSync(clusterPath) : clusterPath;
  const supervisor = join(root, 'postgres-supervisor');
  const sockets = socketFolders(root, supervisor, temporaryFolder);
  return {
    dataFolder: root,
    cluster,
    clusterInTheMaking: `${cluster}.in-the-making`,
    log: join(cluster, 'log'),
    supervisor,
    lock: join(supervisor, 'lock'),
    state: join(supervisor, 'state.json'),
    credentials: join(supervisor, 'credentials.json'),
    watcherLog: join(supervisor, 'watcher.log'),
    ...sockets,
  };
}

type SocketFolders = Pick<Layout, 'socketFolder' | 'controlFolder' | 'controlSocket'>;

function socketFolders(root: string, supervisor: string, temporaryFolder: string): SocketFolders {
  const near = withControlSocket(join(root, 'postgres-socket'), supervisor);
  if (fits(near)) return near;
  const name = `millrace-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`;
  const far = withControlSocket(join(temporaryFolder, name), join(temporaryFolder, `${name}-control`));
  if (fits(far)) return far;
  throw new EmbeddedPostgresError(
    'embedded_socket_taken',
    `Neither ${near.socketFolder} nor ${far.socketFolder} is short enough for a socket (${socketPathBytesMax} bytes ` +
      'with its file name). Choose a shorter data folder with MILLRACE_DATA, or a shorter TMPDIR.',
  );
}

function withControlSocket(socketFolder: string, controlFolder: string): SocketFolders {
  return { socketFolder, controlFolder, controlSocket: join(controlFolder, 'control.sock') };
}

function fits({ socketFolder, controlSocket }: SocketFolders): boolean {
  const paths = [serverSocket(socketFolder), controlSocket];
  return paths.every((path) => Buffer.byteLength(path) <= socketPathBytesMax);
}

export function serverSocket(socketFolder: string): string {
  return join(socketFolder, `.s.PGSQL.${socketPort}`);
}

/**
 * Makes a folder that only `owner` can use. One that exists must already be such a folder: in the temporary folder
 * anybody could have put something under its name.
 */
export function makePrivateFolder(folder: string, owner: { uid: number; gid: number }): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
    if (process.geteuid?.() === 0) chownSync(folder, owner.uid, owner.gid);
    return;
  } catch (cause) {
    if (systemErrorCode(cause) !== 'EEXIST') {
      throw new EmbeddedPostgresError(
        'embedded_folder_unreadable',
        `The folder ${folder} cannot be made: ${messageOf(cause)}. Change the rights of the folder above it.`,
        { cause },
      );
    }
  }
  const stats = lstatSync(folder);
  const ownUid = process.geteuid?.() ?? owner.uid;
  if (!stats.isDirectory() || (stats.uid !== owner.uid && stats.uid !== ownUid)) {
    throw new EmbeddedPostgresError(
      dirname(folder) === tmpdir() ? 'embedded_socket_taken' : 'embedded_folder_unreadable',
      `${folder} belongs to another user (uid ${stats.uid}) or is no folder. Remove it, or choose another place ` +
        'with MILLRACE_DATA or TMPDIR.',
    );
  }
  if (stats.uid !== owner.uid) chownSync(folder, owner.uid, owner.gid);
  if ((stats.mode & 0o777) !== 0o700) chmodSync(folder, 0o700);
}

/** The user that this process runs as. */
export function ownUser(): { uid: number; gid: number } {
  return { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
}

/**
 * Makes the folder for the watcher's files and returns its owner: the user who runs Millrace, except that root leaves the files
 * of an ordinary user to that user, for whom the watcher then runs.
 */
export function makeSupervisorFolder(layout: Layout): { uid: number; gid: number } {
  const own = ownUser();
  const existing = statSync(layout.supervisor, { throwIfNoEntry: false });
  const owner = own.uid === 0 && existing !== undefined ? { uid: existing.uid, gid: existing.gid } : own;
  makePrivateFolder(layout.supervisor, owner);
  return owner;
}

/** Below the temporary folder nothing is left lying about; inside the data folder the folders stay. */
export function removeFarSocketFolders(layout: Layout): void {
  if (layout.controlFolder === layout.supervisor) return;
  for (const folder of [layout.socketFolder, layout.controlFolder]) {
    try {
      rmdirSync(folder);
    } catch {
      // Never made, or not empty: then it is in use.
    }
  }
}

export function makeSocketFolder(layout: Layout, user: ServerUser): void {
  makePrivateFolder(layout.socketFolder, user);
}
