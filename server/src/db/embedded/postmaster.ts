import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord, readFileIfExists, readJsonIfExists, writeFileAtomically } from './files.ts';
import { parseWishes, type ServerWishes } from './protocol.ts';

/**
 * When a process began, in a form that is only good for comparing: a process id alone may be reused, an id together
 * with its start cannot. Null when there is no such process any more; a zombie counts as gone, because a container
 * without an init process never collects it.
 */
export function processStart(pid: number): string | null {
  return process.platform === 'linux' ? linuxProcessStart(pid) : (portableProcessStart(pid)?.start ?? null);
}

function linuxProcessStart(pid: number): string | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The second field is the name in parentheses and may itself contain spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const startTicks = fields[19];
  if (state === 'Z' || state === 'X' || startTicks === undefined) return null;
  return `${bootId()}:${startTicks}`;
}

/** Ticks count from the boot, so that they mean nothing without it. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown-boot';
  }
}

export interface PortableProcess {
  start: string;
  startedAtMs: number;
  command: string;
}

/** The same by `ps`, for systems without /proc. Start times have whole seconds there. */
function portableProcessStart(pid: number): PortableProcess | null {
  const result = spawnSync('ps', ['-o', 'state=,lstart=,comm=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
  });
  if (result.status !== 0) return null;
  // "S    Sat Nov 21 10:51:07 2026     /usr/bin/postgres"
  const match = /^\s*(\S+)\s+(\w{3} \w{3}\s+\d+ [\d:]{8} \d{4})\s+(.*)$/.exec(result.stdout.trim());
  const [, state, start, command] = match ?? [];
  if (state === undefined || start === undefined || command === undefined || state.startsWith('Z')) return null;
  return { start, startedAtMs: Date.parse(`${start} UTC`), command: command.trim() };
}

export function processIsAlive(pid: number, start: string): boolean {
  return processStart(pid) === start;
}

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
