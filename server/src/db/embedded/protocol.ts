import type { Socket } from 'node:net';
import { isRecord } from './files.ts';

/**
 * What an owner (the Millrace process) and the watcher say to each other: JSON, one message a line, over the watcher's
 * Unix socket. The open connection itself says that the owner lives: the system closes it when the process ends, however.
 */
export type OwnerMessage =
  /** Asks to become the owner. The wishes are only compared with those that a running server was started with. */
  | { op: 'claim'; pid: number; graceMs: number; wishes: ServerWishes }
  /** Asks for a fast shutdown; answered by `stopped` when the server has ended and the folder is free. */
  | { op: 'stop' };

export type WatcherMessage =
  /** The owner has the server, and it accepts connections. Said again, with the new process id, after a restart. */
  | { type: 'ready'; version: string; adopted: boolean; postmasterPid: number; socketFolder: string }
  /** Another owner is connected. */
  | { type: 'refused'; ownerPid: number }
  /** The watcher is about to end: come back when it has. */
  | { type: 'stopping' }
  /** The server could not be started, or fell too often; the watcher ends. */
  | { type: 'failed'; code: string; message: string }
  | { type: 'log'; level: LogLevel; message: string }
  | { type: 'stopped' };

/** What a new watcher tells the process that spawned it, over Node's own channel. */
export type SpawnMessage = { type: 'listening' } | { type: 'locked' } | { type: 'failed'; message: string };

export type LogLevel = 'info' | 'warn' | 'error';
export type Log = (level: LogLevel, message: string) => void;

/** How the owner wants its server; takes effect when a server starts, not when a running one is taken over. */
export interface ServerWishes {
  settings: Record<string, string>;
  mayCreateDatabase: boolean;
}

/** What a watcher gets to know when it is spawned, as JSON in its only argument. */
export interface WatcherArguments {
  dataFolder: string;
  temporaryFolder: string;
  binariesFolder: string;
  wishes: ServerWishes;
  graceMs: number;
}

/** Messages are a few hundred bytes; a line beyond this comes from something that is no Millrace. */
const lineCharactersMax = 64 * 1024;

export function send(socket: Socket, message: OwnerMessage | WatcherMessage): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

/** Passes on each parsed line that is an object; drops the connection on anything else. */
export function receive(socket: Socket, handle: (message: Record<string, unknown>) => void): void {
  let buffered = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    buffered += chunk;
    const lines = buffered.split('\n');
    buffered = lines.pop() ?? '';
    for (const line of lines) {
      const message = parse(line);
      if (message === null) return void socket.destroy();
      handle(message);
    }
    if (buffered.length > lineCharactersMax) socket.destroy();
  });
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

export function parseOwnerMessage(value: Record<string, unknown>): OwnerMessage | null {
  if (value['op'] === 'stop') return { op: 'stop' };
  const { op, pid, graceMs, wishes } = value;
  if (op !== 'claim' || typeof pid !== 'number' || typeof graceMs !== 'number') return null;
  return { op, pid, graceMs, wishes: parseWishes(wishes) };
}

export function parseWishes(value: unknown): ServerWishes {
  if (!isRecord(value) || !isRecord(value['settings'])) return { settings: {}, mayCreateDatabase: false };
  const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string';
  return {
    settings: Object.fromEntries(Object.entries(value['settings']).filter(isText)),
    mayCreateDatabase: value['mayCreateDatabase'] === true,
  };
}

const logLevels: readonly string[] = ['info', 'warn', 'error'] satisfies LogLevel[];

function isLogLevel(value: unknown): value is LogLevel {
  return typeof value === 'string' && logLevels.includes(value);
}

export function parseWatcherMessage(value: Record<string, unknown>): WatcherMessage | null {
  const { type, version, adopted, postmasterPid, socketFolder, ownerPid, code, message, level } = value;
  switch (type) {
    case 'ready':
      if (typeof version !== 'string' || typeof adopted !== 'boolean' || typeof postmasterPid !== 'number') return null;
      return typeof socketFolder === 'string' ? { type, version, adopted, postmasterPid, socketFolder } : null;
    case 'refused':
      return typeof ownerPid === 'number' ? { type, ownerPid } : null;
    case 'failed':
      return typeof code === 'string' && typeof message === 'string' ? { type, code, message } : null;
    case 'log':
      return isLogLevel(level) && typeof message === 'string' ? { type, level, message } : null;
    case 'stopping':
    case 'stopped':
      return { type };
    default:
      return null;
  }
}

export function parseWatcherArguments(text: string | undefined): WatcherArguments {
  const value: unknown = JSON.parse(text ?? 'null');
  if (!isRecord(value)) throw new TypeError('the watcher is started by Millrace, with its arguments as JSON');
  const { dataFolder, temporaryFolder, binariesFolder, wishes, graceMs } = value;
  if (typeof dataFolder !== 'string' || typeof temporaryFolder !== 'string' || typeof binariesFolder !== 'string') {
    throw new TypeError('dataFolder, temporaryFolder and binariesFolder must be strings');
  }
  if (typeof graceMs !== 'number') throw new TypeError('graceMs must be a number');
  return { dataFolder, temporaryFolder, binariesFolder, graceMs, wishes: parseWishes(wishes) };
}
