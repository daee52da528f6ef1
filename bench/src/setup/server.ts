import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { type DemoAccess, readRuntimeFile } from '@millrace/server/ops/runtime-file';

const MAIN = fileURLToPath(new URL('../../../server/src/main.ts', import.meta.url));
/** Money out of nothing, a few users who place what thousands would, and loans that no run funds. The limits are counted all the same. */
const UNBOUNDED =
  '--gateway simulated --orders-per-second 1000000 --orders-burst 10000000 --loan-amount-max 900000000000'.split(' ');
const START_MS_MAX = 60_000;

export interface BenchServer {
  port: number;
  /** Without a slash at the end. */
  url: string;
  /** The people of the demo; null where there is none. */
  demo: DemoAccess | null;
  dataFolder: string;
  /** Resident memory of the Node.js process, bytes. */
  memoryBytes(): number;
  /** From the process's start to ready, ms. */
  readyAfterMs: number;
  stop(): Promise<void>;
}

/** A folder of its own that the embedded server's user can reach. */
export function makeDataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  chmodSync(folder, 0o711);
  return folder;
}

export function removeDataFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** The server as `npm start` runs it, in a process of its own, empty unless it is a demo, and with durability on. */
export async function startServer(dataFolder: string, { demo = false } = {}): Promise<BenchServer> {
  const begun = performance.now();
  const child = spawn(
    process.execPath,
    [MAIN, demo ? '--demo' : '--no-demo', '--port', '0', '--data', dataFolder, '--log-level', 'warn', ...UNBOUNDED],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const info = await ready(child, dataFolder);
  return {
    port: Number(new URL(info.http).port),
    url: info.http,
    demo: info.demo,
    dataFolder,
    readyAfterMs: performance.now() - begun,
    memoryBytes: () => residentBytes(child.pid as number),
    stop: () => stop(child),
  };
}

async function ready(
  child: ChildProcess,
  dataFolder: string,
): Promise<NonNullable<ReturnType<typeof readRuntimeFile>>> {
  const deadline = Date.now() + START_MS_MAX;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const info = readRuntimeFile(dataFolder);
    if (info !== undefined && info.pid === child.pid) return info;
    await pause(10);
  }
  throw new Error('the server was not ready in time');
}

function residentBytes(pid: number): number {
  const status = readStatus(pid);
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) * 1_024;
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await ended;
}
