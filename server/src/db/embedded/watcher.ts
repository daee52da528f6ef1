import { appendFileSync, chmodSync, renameSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { binariesIn } from './binaries.ts';
import { examineCluster } from './cluster.ts';
import { messageOf } from './errors.ts';
import { type Layout, layoutOf, makePrivateFolder, ownUser, removeFarSocketFolders } from './layout.ts';
import { type LogLevel, parseWatcherArguments, type SpawnMessage } from './protocol.ts';
import { Supervisor } from './supervisor.ts';

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
function tryLock(path: string): FolderLock | null {
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

/**
 * The watcher: a small process between Millrace and PostgreSQL, in a session of its own. It outlives a killed Millrace for
 * a grace, so that the next one finds its server running, and no longer, so that nothing is left behind for ever.
 */

const logBytesMax = 1024 * 1024;
/** Every handle is given back before this; it only bounds a socket whose owner does not read. */
const exitPatienceMs = 1_000;

function tellSpawner(message: SpawnMessage): void {
  // The channel is closed afterwards: from here on the owner is who claims, not who spawned.
  process.send?.(message, () => process.disconnect());
}

function beginLog(path: string): (level: LogLevel, message: string) => void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > logBytesMax) renameSync(path, `${path}.1`);
  return (level, message) => {
    const line = `${new Date().toISOString()} [${process.pid}] ${level}: ${message}\n`;
    appendFileSync(path, line, { mode: 0o600 });
  };
}

/** The lock is held, so a socket that is still there belongs to a watcher that was killed. */
function listen(layout: Layout): Promise<Server> {
  makePrivateFolder(layout.controlFolder, ownUser());
  rmSync(layout.controlSocket, { force: true });
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(layout.controlSocket, () => resolve(server));
  });
}

async function main(): Promise<void> {
  const { dataFolder, temporaryFolder, binariesFolder, wishes, graceMs } = parseWatcherArguments(process.argv[2]);
  const layout = layoutOf(dataFolder, temporaryFolder);
  const lock = tryLock(layout.lock);
  if (lock === null) return tellSpawner({ type: 'locked' });
  const writeLog = beginLog(layout.watcherLog);
  const control = await listen(layout);
  const supervisor = new Supervisor({
    examine: (log) => examineCluster({ layout, binaries: binariesIn(binariesFolder), wishes, log }),
    graceMs,
    log: writeLog,
    finish: () => {
      control.close();
      rmSync(layout.controlSocket, { force: true });
      removeFarSocketFolders(layout);
      lock.release();
      setTimeout(() => process.exit(), exitPatienceMs).unref();
    },
  });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) process.on(signal, () => supervisor.terminate());
  supervisor.run(control);
  tellSpawner({ type: 'listening' });
}

try {
  await main();
} catch (error) {
  tellSpawner({ type: 'failed', message: messageOf(error) });
  process.exitCode = 1;
}
