import { spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { EmbeddedPostgresError, messageOf } from './errors.ts';
import type { ServerUser } from './os-user.ts';

/**
 * Makes the data folder where it is missing. Root opens what it makes for passing through (0711), because the server runs
 * as another user below it; what existed before keeps its rights.
 */
export function makeDataFolder(folder: string): void {
  try {
    const firstMade = mkdirSync(folder, { recursive: true });
    if (firstMade === undefined || process.geteuid?.() !== 0) return;
    for (let made = resolve(folder); made.length >= resolve(firstMade).length; made = dirname(made)) {
      chmodSync(made, 0o711);
    }
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'embedded_folder_unreadable',
      `The data folder ${folder} cannot be made: ${messageOf(cause)}. Choose another with MILLRACE_DATA.`,
      { cause },
    );
  }
}

/** This process itself must be able to write to the folder. */
export function requireWritableFolder(folder: string): void {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'embedded_folder_unreadable',
      `The folder ${folder} cannot be read and written by the user that runs Millrace (uid ${process.geteuid?.()}). ` +
        'Change its rights, or choose another data folder with MILLRACE_DATA.',
      { cause },
    );
  }
}

/** Throws, naming the first folder on the way to `path` that the server's user may not pass through. */
export function requireReachable(path: string, user: ServerUser, what: string): void {
  const closed = firstClosedFolder(path, user);
  if (closed === null) return;
  throw new EmbeddedPostgresError(
    'embedded_folder_unreadable',
    `The user ${user.name}, who runs PostgreSQL, cannot enter the folder ${closed}, and ${what} below it (${path}). ` +
      `Open it for passing through (chmod o+x ${closed}), ` +
      `or move ${what === 'the data lies' ? 'the data elsewhere with MILLRACE_DATA' : 'the installation elsewhere'}.`,
  );
}

function firstClosedFolder(path: string, user: ServerUser): string | null {
  for (const folder of foldersFromRoot(path)) {
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isDirectory()) return null;
    if (!user.drop) {
      if (!mayEnter(folder)) return folder;
    } else if (!modeAllows(stats, user) && !entersInFact(folder, user)) return folder;
  }
  return null;
}

function foldersFromRoot(path: string): string[] {
  const folders: string[] = [];
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (folder === dirname(folder)) return folders;
  }
}

function mayEnter(folder: string): boolean {
  try {
    accessSync(folder, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function modeAllows(stats: { mode: number; uid: number; gid: number }, user: ServerUser): boolean {
  if (stats.uid === user.uid) return (stats.mode & 0o100) !== 0;
  if (stats.gid === user.gid) return (stats.mode & 0o010) !== 0;
  return (stats.mode & 0o001) !== 0;
}

/** Access lists may allow what the mode bits deny, so a denial is tried out before it is believed. */
function entersInFact(folder: string, user: ServerUser): boolean {
  const result = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { uid: user.uid, gid: user.gid, cwd: '/' });
  return result.status === 0;
}
