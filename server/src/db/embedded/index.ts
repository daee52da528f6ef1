import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { resolve as resolvePath } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findBinaries } from './binaries.ts';
import { applicationConnection, type EmbeddedConnection, readCredentials } from './connection.ts';
import { EmbeddedPostgresError, messageOf } from './errors.ts';
import { makeDataFolder, requireWritableFolder } from './folder-access.ts';
import { type Layout, layoutOf, makeSupervisorFolder } from './layout.ts';
import { claim, connectToWatcher, type OwnerEvents, type ReadyMessage, spawnWatcher } from './owner.ts';
import { type Log, send, type ServerWishes } from './protocol.ts';

export { type EmbeddedConnection, runningConnection } from './connection.ts';
export { EmbeddedPostgresError, type EmbeddedPostgresErrorCode } from './errors.ts';

/** A PostgreSQL server of our own that accepts connections, on a Unix socket only. */
export interface EmbeddedPostgres {
  connection: EmbeddedConnection;
  /** PostgreSQL's version, as in `18.4`. */
  version: string;
  /** True when a running server of ours was taken over instead of started. */
  adopted: boolean;
  /** The server's process at this moment; another one after it fell and was restarted. */
  postmasterPid(): number;
  /** Fast shutdown: ends open transactions, writes everything, resolves when the server has ended. Idempotent. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Millrace's data folder, made if missing; the cluster lies in its subfolder `postgres`. */
  dataFolder: string;
  log: Log;
  /** Server settings that win over all others (tests and benchmarks). Only a start takes them, not a take-over. */
  settings?: Record<string, string>;
  /** Gives the application's role CREATEDB, for tests that clone databases. Default false. */
  allowCreateDatabase?: boolean;
  /** How long the server waits for the next Millrace when this process is killed. Default 20 000 ms. */
  graceMs?: number;
}

const graceDefaultMs = 20_000;
/** A watcher that holds the lock listens within milliseconds, and one that ends frees it after at most a shutdown. */
const claimTimeoutMs = 90_000;
const claimRetryMs = 20;
/** A watcher that is killed more often than this is killed on purpose. */
const watcherReplacementsMax = 5;
const watcherReplacementWindowMs = 60_000;

/**
 * Starts PostgreSQL in the data folder, or takes over the one of ours that still runs there, and resolves when it accepts
 * connections. While this process lives a fallen server is restarted; when this process dies without `stop()`, the
 * server waits `graceMs` to be taken over and then ends. No signal handlers are installed, and the event loop is not kept
 * alive.
 *
 * Throws {@link EmbeddedPostgresError}: see its codes. A retry helps only after what the message names was done.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const binaries = findBinaries();
  makeDataFolder(options.dataFolder);
  requireWritableFolder(options.dataFolder);
  const dataFolder = resolvePath(options.dataFolder);
  const layout = layoutOf(dataFolder);
  const watcherUser = makeSupervisorFolder(layout);
  const wishes = { settings: options.settings ?? {}, mayCreateDatabase: options.allowCreateDatabase ?? false };
  const ownership = new Ownership(layout, {
    log: options.log,
    wishes,
    binariesFolder: binaries.folder,
    watcherUser,
    graceMs: options.graceMs ?? graceDefaultMs,
  });
  const ready = await ownership.claim();
  const credentials = readCredentials(layout.credentials);
  if (credentials === null) {
    await ownership.stop();
    const message = `The credentials in ${layout.credentials} vanished while PostgreSQL started. Start again.`;
    throw new EmbeddedPostgresError('embedded_start_failed', message);
  }
  return {
    connection: applicationConnection(ready.socketFolder, credentials),
    version: ready.version,
    adopted: ready.adopted,
    postmasterPid: () => ownership.postmasterPid,
    stop: () => ownership.stop(),
  };
}

interface OwnershipOptions {
  log: Log;
  wishes: ServerWishes;
  binariesFolder: string;
  watcherUser: { uid: number; gid: number };
  graceMs: number;
}

/** This process's hold on the server: the connection to the watcher, renewed when the watcher itself is killed. */
class Ownership {
  readonly #layout: Layout;
  readonly #options: OwnershipOptions;
  postmasterPid = 0;
  #socket: Socket | null = null;
  #stopped: Promise<void> | null = null;
  #replacements: number[] = [];
  #replacing: Promise<void> = Promise.resolve();

  constructor(layout: Layout, options: OwnershipOptions) {
    this.#layout = layout;
    this.#options = options;
  }

  /** Connects to the watcher, starting one where there is none, until one of them gives us the server. */
  async claim(): Promise<ReadyMessage> {
    const { wishes, graceMs } = this.#options;
    const deadline = Date.now() + claimTimeoutMs;
    while (Date.now() < deadline) {
      const socket = await this.#reachWatcher();
      if (socket !== null) {
        const options = { dataFolder: this.#layout.dataFolder, events: this.#events() };
        const ready = await claim(socket, { op: 'claim', pid: process.pid, graceMs, wishes }, options);
        if (ready !== null) return this.#own(socket, ready);
      }
      await delay(claimRetryMs);
    }
    throw new EmbeddedPostgresError(
      'embedded_start_failed',
      `Another process holds the lock of ${this.#layout.supervisor} and does not answer. ` +
        `See ${this.#layout.watcherLog}, and end that process.`,
    );
  }

  async #reachWatcher(): Promise<Socket | null> {
    const socket = await connectToWatcher(this.#layout);
    if (socket !== null) return socket;
    const { wishes, binariesFolder, graceMs, watcherUser } = this.#options;
    const { dataFolder } = this.#layout;
    const watcherArguments = { dataFolder, temporaryFolder: tmpdir(), binariesFolder, wishes, graceMs };
    await spawnWatcher(this.#layout, watcherArguments, watcherUser);
    return connectToWatcher(this.#layout);
  }

  #own(socket: Socket, ready: ReadyMessage): ReadyMessage {
    this.#socket = socket;
    this.postmasterPid = ready.postmasterPid;
    socket.unref();
    return ready;
  }

  #events(): OwnerEvents {
    return {
      log: this.#options.log,
      restarted: (ready) => {
        this.postmasterPid = ready.postmasterPid;
      },
      closed: (final) => {
        this.#socket = null;
        if (!final && this.#stopped === null) this.#replacing = this.#replaceWatcher();
      },
    };
  }

  /** The watcher was killed; the server runs on, and a new watcher finds it. */
  async #replaceWatcher(): Promise<void> {
    const { log } = this.#options;
    const now = Date.now();
    this.#replacements = this.#replacements.filter((at) => now - at < watcherReplacementWindowMs);
    if (this.#replacements.length >= watcherReplacementsMax) {
      return log('error', 'The process that watches over PostgreSQL ended too often and is not replaced');
    }
    this.#replacements.push(now);
    log('warn', 'The process that watches over PostgreSQL ended unexpectedly and is replaced');
    try {
      await this.claim();
    } catch (error) {
      log('error', messageOf(error));
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    await this.#replacing;
    const socket = this.#socket;
    if (socket === null) return;
    socket.ref();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    send(socket, { op: 'stop' });
    await closed;
  }
}
