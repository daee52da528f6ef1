import { chmodSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** SQLite's result code for "another process holds the lock". */
const sqliteBusy = 5;

export interface FolderLock {
  release(): void;
}

/**
 * Takes the lock that makes one watcher per data folder, or returns null while another process holds it.
 * It is the operating system's file lock, taken through SQLite because Node offers no other way to it: it ends with its
 * process, however that ends, so that there is no stale lock to recognise and no race in breaking one.
 */
export function tryLock(path: string): FolderLock | null {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA busy_timeout = 0');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy) return null;
    throw error;
  }
  chmodSync(path, 0o600);
  return { release: () => database.close() };
}
