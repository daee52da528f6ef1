import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool } from '@millrace/server/db/pool';
import { openInstallation } from '@millrace/server/ops/installation';
import { createDatabase, createTemplate, type TestDatabase } from '../../../server/test/support/database.ts';
import { processEnv } from '../../../server/test/support/process-env.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
/** What is kept of the server's words, to be shown where it does not start. */
const LOG_CHARACTERS_MAX = 20_000;
const POLL_MS = 50;
/** Generous on purpose: no test may fail because the machine is slow. */
const START_MS_MAX = 90_000;

export interface Login {
  role: string;
  email: string;
  password: string;
}

export interface WebServer {
  /** Without a slash at the end. The same after a restart. */
  readonly url: string;
  /** The demo's logins. */
  readonly logins: readonly Login[];
  /** The operator's key, for what a test prepares over the API. */
  readonly operatorKey: string;
  readonly database: TestDatabase;
  /** Ends the process as an operator would; the address then answers nobody. */
  halt(): Promise<void>;
  /** Starts it again, with the same data. */
  resume(): Promise<void>;
  stop(): Promise<void>;
}

interface RuntimeFile {
  pid: number;
  http: string;
  demo: { users: Login[] } | null;
}

/** The demo's people and history take seconds to make: once for all test files. */
const DEMO_TEMPLATE = 'millrace_demo_template';

/** A new installation is a demo only with the embedded database, unless it is one already. */
async function makeDemo(database: TestDatabase): Promise<void> {
  const pool = createPool(database.connection);
  await openInstallation(pool, { demo: true, shards: 1 });
  await pool.end();
  const folder = makeFolder();
  const { child } = await launch(database, folder, ['--port', '0']);
  await endOf(child);
  rmSync(folder, { recursive: true, force: true });
}

const makeFolder = (): string => mkdtempSync(join(tmpdir(), 'millrace-web-test-'));

/** Ends the process as an operator would. */
async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

/**
 * The whole of Millrace as a process of its own, on a database of the test's own, serving the built application: a demo,
 * with its people and its history, but without its heart-beat, so that nothing moves that the test does not move.
 */
export async function startWebServer(flags: readonly string[] = []): Promise<WebServer> {
  await createTemplate(DEMO_TEMPLATE, makeDemo);
  const database = await createDatabase(DEMO_TEMPLATE);
  const folder = makeFolder();
  let port = '0';
  let running = await launch(database, folder, [...flags, '--port', port]);
  const { http, demo } = running.file;
  port = new URL(http).port;
  const halt = (): Promise<void> => endOf(running.child);
  return {
    url: http,
    logins: demo?.users ?? [],
    operatorKey: readFileSync(join(folder, 'operator.key'), 'utf8').trim(),
    database,
    halt,
    async resume() {
      running = await launch(database, folder, [...flags, '--port', port]);
    },
    async stop() {
      await halt();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Running {
  child: ChildProcess;
  file: RuntimeFile;
}

async function launch(database: TestDatabase, folder: string, flags: readonly string[]): Promise<Running> {
  const { host, port, user, password, database: name } = database.connection;
  const url = `postgres://${user}:${encodeURIComponent(password)}@/${name}?host=${encodeURIComponent(host)}&port=${port}`;
  const child = spawn(
    process.execPath,
    [
      join(ROOT, 'server/src/main.ts'),
      '--no-demo',
      // The history is a year old, and nothing may go from under a test.
      '--rejected-retention-days',
      '3650',
      '--allow-unsafe-durability',
      '--data',
      folder,
      '--log-level',
      'warn',
      ...flags,
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env: { ...processEnv(), DATABASE_URL: url } },
  );
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-LOG_CHARACTERS_MAX);
    });
  }
  const deadline = Date.now() + START_MS_MAX;
  while (Date.now() < deadline) {
    const file = readRuntimeFile(folder);
    if (file && file.pid === child.pid) return { child, file };
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${log}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  child.kill('SIGKILL');
  throw new Error(`the server did not start:\n${log}`);
}

function readRuntimeFile(folder: string): RuntimeFile | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'runtime.json'), 'utf8')) as RuntimeFile;
  } catch {
    return undefined;
  }
}
