import { type ChildProcess, spawn } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Binaries, spawnOptionsFor } from './binaries.ts';
import { EmbeddedPostgresError, messageOf } from './errors.ts';
import type { Layout } from './layout.ts';
import type { ServerUser } from './os-user.ts';
import { type KnownPostmaster, processIsAlive, processStart, readPostmasterFile } from './postmaster.ts';
import { commandLineSettings, logFilesMax } from './settings.ts';

/** Recovery after a crash replays at most max_wal_size (4 GB), which a slow disk does in minutes. */
const startTimeoutMs = 15 * 60_000;
const startPollMs = 10;
/** How often a caller that waits for a long recovery hears of it. */
const startReportMs = 10_000;
/** A server that is no child of ours cannot report its end, so it is looked at this often. */
const adoptedPollMs = 200;
/** A fast shutdown writes all dirty buffers; after this, crash recovery at the next start does the rest. */
const fastShutdownMs = 60_000;
const immediateShutdownMs = 10_000;
const stopPollMs = 10;
/** Enough of the server's last words for an error message. */
const lastWordsCharactersMax = 2_000;

/** A PostgreSQL server that was started or found running. */
export interface ServerProcess extends KnownPostmaster {
  /** Resolves when the process has ended, with what is known about how. */
  ended: Promise<string>;
}

export interface LaunchOptions {
  layout: Layout;
  binaries: Binaries;
  user: ServerUser;
  settings: Record<string, string>;
  report: (message: string) => void;
  /** Called as soon as the process exists, before it is ready. */
  started: (process: ServerProcess) => void;
}

/** Starts the server and resolves when it accepts connections; throws `embedded_start_failed` with its last words. */
export async function launchServer(options: LaunchOptions): Promise<ServerProcess> {
  const { layout, binaries, user } = options;
  const child = spawn(
    binaries.postgres,
    ['-D', layout.cluster, ...commandLineSettings(layout.socketFolder, options.settings)],
    // A session of its own: a Ctrl-C in the terminal and signals to the watcher's group must not reach it.
    { ...spawnOptionsFor(user), detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const lastWords = collectLastWords(child);
  const ended = endOf(child);
  const pid = child.pid;
  const start = pid === undefined ? null : processStart(pid);
  if (pid === undefined || start === null) throw await startFailure(layout, ended, lastWords);
  const server = { pid, start, ended };
  options.started(server);
  await untilReady(server, options, lastWords);
  return server;
}

/** Takes over a server that runs already. */
export function adoptServer(postmaster: KnownPostmaster): ServerProcess {
  return { ...postmaster, ended: pollUntilGone(postmaster) };
}

async function pollUntilGone({ pid, start }: KnownPostmaster): Promise<string> {
  while (processIsAlive(pid, start)) await delay(adoptedPollMs);
  return 'it is gone';
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(messageOf(error)));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}

function collectLastWords(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (chunk: string) => {
    text = (text + chunk).slice(-lastWordsCharactersMax);
  });
  return () => text.trim();
}

/** Waits for the server to say `ready` in its pid file; also used for an adopted server that still recovers. */
export async function untilReady(
  server: ServerProcess,
  { layout, report }: Pick<LaunchOptions, 'layout' | 'report'>,
  lastWords: () => string = () => '',
): Promise<void> {
  const began = Date.now();
  let reportAt = began + startReportMs;
  let over = false;
  void server.ended.then(() => {
    over = true;
  });
  for (;;) {
    if (over) throw await startFailure(layout, server.ended, lastWords);
    const file = readPostmasterFile(layout.cluster);
    if (file?.pid === server.pid && file.status === 'ready') return;
    const now = Date.now();
    if (now > reportAt) {
      report(`PostgreSQL is still starting (${Math.round((now - began) / 1000)} s); it recovers after a crash`);
      reportAt = now + startReportMs;
    }
    if (now - began > startTimeoutMs) {
      await stopServer(server);
      throw await startFailure(layout, Promise.resolve(`not ready after ${startTimeoutMs / 1000} s`), lastWords);
    }
    await delay(startPollMs);
  }
}

async function startFailure(
  layout: Layout,
  ended: Promise<string>,
  lastWords: () => string,
): Promise<EmbeddedPostgresError> {
  const how = await ended;
  const said = [lastWords(), newestLogTail(layout)].filter((text) => text !== '').join('\n');
  return new EmbeddedPostgresError(
    'embedded_start_failed',
    `PostgreSQL did not start (${how}). Its log is in ${layout.log}. It said:\n${said || '(nothing)'}`,
  );
}

function newestLogTail(layout: Layout): string {
  const newest = logFiles(layout).at(-1);
  if (newest === undefined) return '';
  try {
    return readFileSync(newest, 'utf8').slice(-lastWordsCharactersMax).trim();
  } catch {
    return '';
  }
}

/** Oldest first: their names are their times. Links are left out, because root may be looking into a folder of the server's user. */
function logFiles(layout: Layout): string[] {
  try {
    if (!lstatSync(layout.log).isDirectory()) return [];
    const entries = readdirSync(layout.log, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile() && /^postgresql-.*\.log$/.test(entry.name));
    return names.map(({ name }) => join(layout.log, name)).sort();
  } catch {
    return [];
  }
}

/** PostgreSQL begins new log files but never removes old ones. */
export function removeOldLogs(layout: Layout): void {
  for (const path of logFiles(layout).slice(0, -logFilesMax)) rmSync(path, { force: true });
}

/** Fast shutdown (open transactions end, everything is written); harsher when that does not come to an end. */
export async function stopServer(server: KnownPostmaster): Promise<void> {
  const steps = [
    { signal: 'SIGINT', patienceMs: fastShutdownMs },
    { signal: 'SIGQUIT', patienceMs: immediateShutdownMs },
    { signal: 'SIGKILL', patienceMs: immediateShutdownMs },
  ] as const;
  for (const { signal, patienceMs } of steps) {
    if (!processIsAlive(server.pid, server.start)) return;
    signalQuietly(server.pid, signal);
    const deadline = Date.now() + patienceMs;
    while (Date.now() < deadline) {
      if (!processIsAlive(server.pid, server.start)) return;
      await delay(stopPollMs);
    }
  }
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal; the loop that follows sees that.
  }
}
