import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { accountByName } from '../../src/db/embedded/os-user.ts';
import { type EmbeddedOptions, type EmbeddedPostgres, startEmbedded } from '../../src/db/embedded/index.ts';
import { processStart } from '../../src/db/embedded/postmaster.ts';

export const runsAsRoot = process.geteuid?.() === 0;
export const nobody = accountByName('nobody');

type Connection = EmbeddedPostgres['connection'];

/** A folder for one test; whatever still runs in it when that is over is killed, and the folder removed. */
export function makeFolder(
  owner?: { uid: number; gid: number },
  whenOver: typeof onTestFinished = onTestFinished,
): string {
  const folder = mkdtempSync(join(tmpdir(), 'mr-emb-'));
  chmodSync(folder, 0o711);
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  whenOver(() => {
    killAllIn(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  return folder;
}

/** Watchers have the folder in their arguments, servers have it in theirs; owners are killed by who spawned them. */
function killAllIn(folder: string): void {
  for (const [pid, commandLine] of commandLines()) {
    if (pid !== process.pid && commandLine.includes(folder)) killQuietly(pid);
  }
}

function commandLines(): [number, string][] {
  if (!existsSync('/proc/self')) return [];
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.flatMap((pid): [number, string][] => {
    try {
      return [[pid, readFileSync(`/proc/${pid}/cmdline`, 'utf8')]];
    } catch {
      return [];
    }
  });
}

/**
 * The processes of one folder that match; for counting servers and for finding the watcher. A child of one that matches
 * is not counted: until it has set its title it has the command line of its parent.
 */
export function findProcesses(folder: string, pattern: RegExp): number[] {
  const pids = commandLines()
    .filter(([, line]) => line.includes(folder) && pattern.test(line))
    .map(([pid]) => pid);
  return pids.filter((pid) => !pids.includes(parentOf(pid)));
}

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return 0;
  }
}

export const watcherPattern = /watcher\.ts/;
/** The server itself; the titles of its children replace the arguments. */
export const serverPattern = /bin\/postgres\0-D/;

export function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/** Starts a server in this process, stopped at the test's end at the latest. */
export async function start(dataFolder: string, options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbedded({ dataFolder, log: () => undefined, ...options });
  onTestFinished(() => server.stop());
  return server;
}

/** What an owner process says in its only line. */
export interface OwnerReport {
  connection?: Connection;
  adopted?: boolean;
  postmasterPid?: number;
  code?: string;
  message?: string;
}

export interface Owner {
  child: ChildProcess;
  report: OwnerReport;
}

/** Starts an owner in a process of its own, under another user if asked, and waits for its report. */
export async function spawnOwner(
  options: { dataFolder: string; graceMs?: number },
  account?: { uid: number; gid: number },
): Promise<Owner> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'owner-process.ts'), JSON.stringify(options)], {
    ...account,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const line of createInterface(child.stdout)) {
    const report: OwnerReport = JSON.parse(line);
    return { child, report };
  }
  throw new Error('the owner process ended without a report');
}

/** Waits for something that will happen, however slow the machine; the test's own timeout is the limit. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(20);
}

export async function untilGone(pid: number): Promise<void> {
  await until(() => processStart(pid) === null);
}

export async function query(connection: Connection, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(connection);
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text);
    return rows;
  } finally {
    await client.end();
  }
}

export async function isReachable(connection: Connection): Promise<boolean> {
  try {
    await query(connection, 'select 1');
    return true;
  } catch {
    return false;
  }
}
