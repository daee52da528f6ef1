import { spawn } from 'node:child_process';
import { closeSync, constants, fchownSync, openSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { EmbeddedPostgresError, type EmbeddedPostgresErrorCode, messageOf } from './errors.ts';
import { isRecord } from './files.ts';
import type { Layout } from './layout.ts';
import { readState } from './postmaster.ts';
import type { OwnerMessage, SpawnMessage, WatcherArguments, WatcherMessage } from './protocol.ts';
import { parseWatcherMessage, receive, send } from './protocol.ts';

/** The watcher is only a JavaScript process with a socket: it needs little memory, and is kept from taking more. */
const watcherNodeOptions = ['--max-old-space-size=64', '--disable-warning=ExperimentalWarning'];

/** A connection to a live watcher, or null when there is none. */
export async function connectToWatcher(layout: Layout): Promise<Socket | null> {
  const noted = readState(layout.state)?.controlSocket;
  const places = new Set(noted === undefined ? [] : [noted]).add(layout.controlSocket);
  for (const place of places) {
    const socket = await tryConnect(place);
    if (socket !== null) return socket;
  }
  return null;
}

function tryConnect(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(null));
  });
}

/** Starts a watcher. `locked` says that another one already has the folder and will soon be reachable. */
export function spawnWatcher(
  layout: Layout,
  watcherArguments: WatcherArguments,
  user: { uid: number; gid: number },
): Promise<'listening' | 'locked'> {
  const errors = openWatcherLog(layout.watcherLog, user);
  const otherUser = user.uid === process.geteuid?.() ? {} : user;
  const child = spawn(
    process.execPath,
    [...watcherNodeOptions, fileURLToPath(new URL('watcher.ts', import.meta.url)), JSON.stringify(watcherArguments)],
    {
      // A session of its own, so that it outlives this process, its terminal and its process group.
      detached: true,
      ...otherUser,
      cwd: '/',
      // Little of our environment: secrets in it would live on in a process that may outlive us.
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', NODE_NO_WARNINGS: '1' },
      stdio: ['ignore', 'ignore', errors, 'ipc'],
    },
  );
  closeSync(errors);
  return new Promise((resolve, reject) => {
    const failed = (reason: string, cause?: unknown): void => {
      const message = `The process that watches over PostgreSQL did not start: ${reason}. See ${layout.watcherLog}.`;
      reject(new EmbeddedPostgresError('embedded_start_failed', message, { cause }));
    };
    child.once('error', (error) => failed(messageOf(error), error));
    child.once('exit', (code, signal) => failed(`it ended with ${signal ?? `exit code ${code}`}`));
    child.once('message', (value) => {
      const message = parseSpawnMessage(value);
      child.unref();
      if (message?.type === 'listening' || message?.type === 'locked') resolve(message.type);
      else failed(message?.message ?? 'it said something unknown');
    });
  });
}

/** As root in another user's folder: never through a link that the other user laid there, and the file stays theirs. */
function openWatcherLog(path: string, user: { uid: number; gid: number }): number {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
  const file = openSync(path, O_APPEND | O_CREAT | O_NOFOLLOW | O_WRONLY, 0o600);
  if (process.geteuid?.() === 0) fchownSync(file, user.uid, user.gid);
  return file;
}

function parseSpawnMessage(value: unknown): SpawnMessage | null {
  if (!isRecord(value)) return null;
  const { type, message } = value;
  if (type === 'listening' || type === 'locked') return { type };
  return type === 'failed' && typeof message === 'string' ? { type, message } : null;
}

export type ReadyMessage = Extract<WatcherMessage, { type: 'ready' }>;

/** What becomes of an owner's connection after the first `ready`. */
export interface OwnerEvents {
  log: (level: 'info' | 'warn' | 'error', message: string) => void;
  /** The server was restarted; this is its new process. */
  restarted: (ready: ReadyMessage) => void;
  /** The connection ended. `final` says that the watcher ended on purpose, after it gave up or was told to stop. */
  closed: (final: boolean) => void;
}

/**
 * Claims the server over a connection. Resolves with the first `ready`, or with null when the watcher is about to end and
 * another attempt is due; rejects when the server belongs to another process or cannot be started.
 */
export function claim(
  socket: Socket,
  message: Extract<OwnerMessage, { op: 'claim' }>,
  options: { dataFolder: string; events: OwnerEvents },
): Promise<ReadyMessage | null> {
  const { dataFolder, events } = options;
  return new Promise((resolve, reject) => {
    let claimed = false;
    let final = false;
    receive(socket, (value) => {
      const answer = parseWatcherMessage(value);
      if (answer === null || answer.type === 'stopping') return;
      if (answer.type === 'log') return events.log(answer.level, answer.message);
      if (answer.type === 'ready') {
        if (claimed) return events.restarted(answer);
        claimed = true;
        return resolve(answer);
      }
      final = true;
      if (answer.type === 'refused') reject(alreadyRunning(dataFolder, answer.ownerPid));
      else if (answer.type === 'failed') reject(failure(answer));
    });
    // What follows an error is `close`, which says all that matters.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      resolve(null);
      if (claimed) events.closed(final);
    });
    send(socket, message);
  });
}

function alreadyRunning(dataFolder: string, ownerPid: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'embedded_already_running',
    `Another Millrace (process ${ownerPid}) runs with the data folder ${dataFolder}. ` +
      'Stop it first, or give this one a folder of its own with MILLRACE_DATA.',
  );
}

function failure({ code, message }: { code: string; message: string }): EmbeddedPostgresError {
  // The watcher has only codes of this union: it runs the same source.
  return new EmbeddedPostgresError(code as EmbeddedPostgresErrorCode, message);
}
