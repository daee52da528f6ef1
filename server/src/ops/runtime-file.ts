import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Role } from '@millrace/contract';
import { processIsAlive, processStart } from '../db/embedded/postmaster.ts';
import type { DemoGroup } from '../desks/index.ts';
import { writePrivateFile } from './data-folder.ts';

/** What a demo installation tells its operator, with groups of users (`usr_…`). Passwords of demo accounts are public by design. */
export interface DemoAccess extends Record<DemoGroup, string[]> {
  users: { role: Role; email: string; password: string }[];
  /** The API key of the demo's service user. */
  service_key: string;
}

/** What a running server says about itself to programs on the same machine. */
export interface RuntimeInfo {
  pid: number;
  /** When that process began; an id alone may be another process's by now. Only good for comparing. */
  process_start: string;
  /** Base URL, without a slash at the end. */
  http: string;
  /** `host:port`; null where that edge is not served. */
  grpc: string | null;
  /** Absolute path of the data folder. */
  data: string;
  /** RFC 3339. */
  ready_at: string;
  demo: DemoAccess | null;
}

export function runtimePath(dataFolder: string): string {
  return join(dataFolder, 'runtime.json');
}

/** Written when the server is ready. In one piece, and for its owner only: the service key is in it. */
export function writeRuntimeFile(dataFolder: string, info: Omit<RuntimeInfo, 'process_start'>): void {
  const whole: RuntimeInfo = { ...info, process_start: processStart(info.pid) ?? '' };
  writePrivateFile(runtimePath(dataFolder), `${JSON.stringify(whole, null, 2)}\n`);
}

/**
 * What the last server wrote; undefined where there is none, or where the file is damaged. A killed server leaves its
 * file behind.
 */
export function readRuntimeFile(dataFolder: string): RuntimeInfo | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(runtimePath(dataFolder), 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return isRuntimeInfo(value) ? value : undefined;
}

/** What the server wrote that runs now: another program may have a killed one's port, and must not be given its secrets. */
export function readLiveRuntimeFile(dataFolder: string): RuntimeInfo | undefined {
  const info = readRuntimeFile(dataFolder);
  return info && processIsAlive(info.pid, info.process_start) ? info : undefined;
}

/** Removes the file at shutdown, unless a newer server has already put its own in place. */
export function removeRuntimeFile(dataFolder: string, pid: number): void {
  if (readRuntimeFile(dataFolder)?.pid === pid) rmSync(runtimePath(dataFolder), { force: true });
}

function isRuntimeInfo(value: unknown): value is RuntimeInfo {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, process_start, http, grpc, data, ready_at, demo } = value as Record<string, unknown>;
  if (typeof pid !== 'number' || typeof http !== 'string' || typeof data !== 'string') return false;
  if (typeof process_start !== 'string') return false;
  if (typeof ready_at !== 'string' || (grpc !== null && typeof grpc !== 'string')) return false;
  return demo === null || isDemoAccess(demo);
}

function isDemoAccess(value: unknown): value is DemoAccess {
  if (typeof value !== 'object' || value === null) return false;
  const { users, service_key, ...groups } = value as Record<string, unknown>;
  return Array.isArray(users) && typeof service_key === 'string' && Object.values(groups).every(Array.isArray);
}
