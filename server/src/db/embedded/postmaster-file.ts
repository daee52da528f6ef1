import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { readFileIfExists } from './files.ts';
import { portableProcessStart, processStart } from './process-identity.ts';

/** What PostgreSQL says about itself in `postmaster.pid`. */
export interface PostmasterFile {
  pid: number;
  startedAtMs: number;
  /** Where its socket lies; empty until it listens. */
  socketFolder: string;
  /** `starting`, `ready`, `stopping`; empty while the file is being written. */
  status: string;
}

/** How far a start time by `ps`, in whole seconds, may be from the one that the server wrote itself. */
const startToleranceMs = 3_000;

export function postmasterFilePath(cluster: string): string {
  return join(cluster, 'postmaster.pid');
}

/** The lines are: pid, data folder, start, port, socket folder, address, shared memory, status (PostgreSQL's miscadmin.h). */
export function readPostmasterFile(cluster: string): PostmasterFile | null {
  const lines = readFileIfExists(postmasterFilePath(cluster))?.split('\n');
  if (lines === undefined) return null;
  const pid = Number.parseInt(lines[0] ?? '', 10);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return {
    pid,
    startedAtMs: Number(lines[2] ?? 0) * 1000,
    socketFolder: lines[4] ?? '',
    status: (lines[7] ?? '').trim(),
  };
}

export interface KnownPostmaster {
  pid: number;
  start: string;
}

/**
 * The live server of this cluster, or null. `known` is what the last watcher noted when it started the server. A process
 * that merely got the same id is not taken for it.
 */
export function findLivePostmaster(cluster: string, known: KnownPostmaster | null): KnownPostmaster | null {
  const file = readPostmasterFile(cluster);
  if (file === null) return null;
  const start = processStart(file.pid);
  if (start === null) return null;
  const isKnown = known?.pid === file.pid && known.start === start;
  return isKnown || looksLikePostmaster(file, cluster) ? { pid: file.pid, start } : null;
}

/** For a server that nobody noted: its watcher died between starting it and writing that down. */
function looksLikePostmaster(file: PostmasterFile, cluster: string): boolean {
  if (process.platform === 'linux') return isServerProcessOf(file.pid, cluster);
  const found = portableProcessStart(file.pid);
  if (found === null || !/(^|\/)postgres$/.test(found.command)) return false;
  return Math.abs(found.startedAtMs - file.startedAtMs) <= startToleranceMs;
}

/** Linux: whether a process is a PostgreSQL process that works in this cluster's folder. */
export function isServerProcessOf(pid: number, cluster: string): boolean {
  try {
    if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'postgres') return false;
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
  } catch {
    return false;
  }
}
