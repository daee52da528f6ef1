import { isRecord, readJsonIfExists, writeFileAtomically } from './files.ts';
import type { KnownPostmaster } from './postmaster-file.ts';
import { parseWishes, type ServerWishes } from './protocol.ts';

/** What a watcher leaves for its successor, so that a killed one can be replaced without touching the server. */
export interface WatcherState {
  version: string;
  postmaster: KnownPostmaster;
  /** Kept because the temporary folder of the next process may be another one. */
  controlSocket: string;
  wishes: ServerWishes;
}

export function writeState(path: string, state: WatcherState): void {
  writeFileAtomically(path, `${JSON.stringify(state, null, 2)}\n`);
}

export function readState(path: string): WatcherState | null {
  const value = readJsonIfExists(path);
  if (!isRecord(value) || !isRecord(value['postmaster'])) return null;
  const { version, controlSocket } = value;
  const { pid, start } = value['postmaster'];
  if (typeof version !== 'string' || typeof controlSocket !== 'string') return null;
  if (typeof pid !== 'number' || typeof start !== 'string') return null;
  return { version, postmaster: { pid, start }, controlSocket, wishes: parseWishes(value['wishes']) };
}
