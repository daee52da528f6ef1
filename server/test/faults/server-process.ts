import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { PLAY_MONEY } from '../support/core.ts';
import { readRuntimeFile } from '../../src/ops/runtime-file.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const READY_MS_MAX = 60_000;
const LOG_LENGTH_MAX = 10_000_000;

/** A data folder that the embedded server's user can reach. */
export function makeDataFolder(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-fault-'));
  chmodSync(folder, 0o711);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface ServerProcess {
  http: string;
  pid: number;
  /** What it has logged so far: warnings and errors, as JSON lines. */
  log(): { msg: string; [field: string]: unknown }[];
  /** `kill -9`, and waits for the end. */
  kill(): Promise<void>;
  /** The exit code, when it has ended by itself. */
  ended(): Promise<number | null>;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
}

// A test that fails leaves its servers behind: they end with the test's process.
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGTERM');
});

/** Millrace in a process of its own, as a user runs it. */
export async function startServer(
  dataFolder: string,
  flags: readonly string[] = [],
  nodeFlags: readonly string[] = [],
): Promise<ServerProcess> {
  const child = spawn(
    process.execPath,
    [
      ...nodeFlags,
      MAIN,
      '--no-demo',
      '--port',
      '0',
      '--data',
      dataFolder,
      '--log-level',
      'warn',
      ...PLAY_MONEY,
      ...flags,
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  children.add(child);
  child.once('exit', () => children.delete(child));
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors = (errors + chunk).slice(-LOG_LENGTH_MAX);
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const http = await untilReady(child, dataFolder, () => errors.slice(-4_000));
  return {
    http,
    pid: child.pid as number,
    log: () =>
      errors
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as { msg: string }),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    ended: () => exited,
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

async function untilReady(child: ChildProcess, dataFolder: string, errors: () => string): Promise<string> {
  for (const deadline = Date.now() + READY_MS_MAX; Date.now() < deadline; await pause(20)) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${errors()}`);
    const info = readRuntimeFile(dataFolder);
    if (info?.pid === child.pid) return (info as { http: string }).http;
  }
  throw new Error(`the server was not ready in time: ${errors()}`);
}

/** The first line of `postmaster.pid` is the server's process. */
export function postmasterOf(dataFolder: string): number {
  return Number(readFileSync(join(dataFolder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
}
