import type { Server, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type Cluster, type RunningServer, restartCluster, runCluster } from './cluster.ts';
import { EmbeddedPostgresError, messageOf } from './errors.ts';
import type { Log, LogLevel, OwnerMessage, WatcherMessage } from './protocol.ts';
import { parseOwnerMessage, receive, send } from './protocol.ts';
import { removeOldLogs, type ServerProcess, stopServer } from './server-process.ts';

/**
 * The first restarts within a minute come at once; a server that falls more often has a lasting fault (a full disk, no
 * memory), and is tried again ever more slowly, so that it is back soon after the fault was removed.
 */
const restartsAtOnce = 5;
const restartWindowMs = 60_000;
const restartDelayFirstMs = 100;
const restartDelayMaxMs = 10_000;
/** How long a failure waits for the owner to come and hear of it. */
const failureKeptMs = 5_000;
const logPruningMs = 10 * 60_000;

type Phase = 'starting' | 'running' | 'stopping' | 'failed';

interface Owner {
  socket: Socket;
  pid: number;
}

/** Keeps one server alive for one owner at a time, and ends it when no owner comes back. Runs in the watcher process. */
export class Supervisor {
  readonly #examine: (log: Log) => Cluster;
  readonly #finish: () => void;
  readonly #writeLog: Log;
  #phase: Phase = 'starting';
  #cluster: Cluster | null = null;
  #owner: Owner | null = null;
  #ownersSeen = 0;
  #server: RunningServer | null = null;
  /** The process to stop, from the moment it exists. */
  #process: ServerProcess | null = null;
  #failure: { code: string; message: string } | null = null;
  #work: Promise<void> = Promise.resolve();
  #graceMs: number;
  #graceTimer: NodeJS.Timeout | undefined;
  #terminateWithOwner = false;
  #restarts: number[] = [];
  readonly #stopping = new AbortController();

  /** `finish` gives everything back and ends the watcher; it is called once, as the last thing. */
  constructor(options: { examine: (log: Log) => Cluster; graceMs: number; log: Log; finish: () => void }) {
    this.#examine = options.examine;
    this.#writeLog = options.log;
    this.#graceMs = options.graceMs;
    let finished = false;
    this.#finish = () => {
      if (finished) return;
      finished = true;
      options.finish();
    };
  }

  /** Starts the server and serves owners that connect to `control`. */
  run(control: Server): void {
    control.on('connection', (socket) => this.#accept(socket));
    this.#waitForOwner();
    this.#work = this.#start();
    setInterval(() => this.#server && this.#pruneLogs(), logPruningMs).unref();
  }

  /** A signal to the watcher: while there is an owner, the owner decides when the server ends. */
  terminate(): void {
    this.#terminateWithOwner = true;
    if (this.#owner === null) void this.#shutDown('the watcher was told to end');
  }

  async #start(): Promise<void> {
    try {
      const cluster = this.#examine((level, message) => this.#log(level, message));
      this.#cluster = cluster;
      this.#nowRuns(await runCluster(cluster, (process) => this.#noteProcess(process)));
      this.#pruneLogs();
    } catch (error) {
      if (this.#phase !== 'stopping') this.#fail(error);
    }
  }

  #noteProcess(process: ServerProcess): void {
    this.#process = process;
    // A shutdown that came before there was a process to stop.
    if (this.#phase === 'stopping') void stopServer(process);
  }

  #nowRuns(server: RunningServer): void {
    if (this.#phase === 'stopping') return;
    this.#server = server;
    this.#phase = 'running';
    void server.process.ended.then((how) => this.#serverEnded(how));
    if (this.#owner !== null) this.#announce(this.#owner);
  }

  #announce(owner: Owner): void {
    if (this.#server === null) return;
    const { version, socketFolder, found, process } = this.#server;
    const adopted = found || this.#ownersSeen > 1;
    send(owner.socket, { type: 'ready', version, adopted, socketFolder, postmasterPid: process.pid });
  }

  #accept(socket: Socket): void {
    // An owner that goes away shows in `close`; the error adds nothing.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#left(socket));
    receive(socket, (value) => {
      const message = parseOwnerMessage(value);
      if (message === null) socket.destroy();
      else if (message.op === 'claim') this.#claim(socket, message);
      else if (this.#owner?.socket === socket) void this.#stopFor(socket);
    });
  }

  #claim(socket: Socket, claim: Extract<OwnerMessage, { op: 'claim' }>): void {
    const answer = (message: WatcherMessage): void => {
      send(socket, message);
      socket.end();
    };
    if (this.#phase === 'stopping') return answer({ type: 'stopping' });
    if (this.#failure !== null) {
      answer({ type: 'failed', ...this.#failure });
      return this.#finish();
    }
    if (this.#owner !== null) return answer({ type: 'refused', ownerPid: this.#owner.pid });
    clearTimeout(this.#graceTimer);
    this.#owner = { socket, pid: claim.pid };
    this.#ownersSeen += 1;
    this.#graceMs = claim.graceMs;
    if (this.#phase !== 'running' || this.#server === null) return;
    if (!isDeepStrictEqual(claim.wishes, this.#server.wishes)) {
      this.#log('warn', 'PostgreSQL already runs, with the settings of its earlier start; new ones need a stop first');
    }
    this.#announce(this.#owner);
  }

  async #stopFor(socket: Socket): Promise<void> {
    await this.#shutDown('Millrace stops');
    send(socket, { type: 'stopped' });
    socket.end();
  }

  #left(socket: Socket): void {
    if (this.#owner?.socket !== socket) return;
    const { pid } = this.#owner;
    this.#owner = null;
    if (this.#phase === 'stopping' || this.#phase === 'failed') return;
    if (this.#terminateWithOwner) return void this.#shutDown('its Millrace is gone');
    this.#log('warn', `Millrace (process ${pid}) is gone; PostgreSQL waits ${this.#graceMs} ms for another`);
    this.#waitForOwner();
  }

  #waitForOwner(): void {
    this.#graceTimer = setTimeout(() => void this.#shutDown('no Millrace came back for it'), this.#graceMs);
  }

  async #shutDown(why: string): Promise<void> {
    if (this.#phase !== 'stopping') {
      this.#phase = 'stopping';
      this.#stopping.abort();
      clearTimeout(this.#graceTimer);
      this.#log('info', `PostgreSQL is stopped: ${why}`);
    }
    if (this.#process !== null) await stopServer(this.#process);
    await this.#work;
    this.#finish();
  }

  #serverEnded(how: string): void {
    if (this.#phase !== 'running') return;
    this.#phase = 'starting';
    this.#server = null;
    this.#log('error', `PostgreSQL ended unexpectedly (${how})`);
    this.#work = this.#restart();
  }

  async #restart(): Promise<void> {
    while (this.#cluster !== null && this.#phase === 'starting') {
      await this.#restartDelay();
      if (this.#phase !== 'starting') return;
      try {
        const server = await restartCluster(this.#cluster, (process) => this.#noteProcess(process));
        this.#log('warn', `PostgreSQL was restarted (process ${server.process.pid})`);
        return this.#nowRuns(server);
      } catch (error) {
        if (this.#phase === 'starting') this.#log('error', messageOf(error));
      }
    }
  }

  async #restartDelay(): Promise<void> {
    const now = Date.now();
    this.#restarts = this.#restarts.filter((at) => now - at < restartWindowMs);
    const tooMany = this.#restarts.length - restartsAtOnce;
    if (tooMany >= 0) {
      const ms = Math.min(restartDelayFirstMs * 2 ** tooMany, restartDelayMaxMs);
      const times = this.#restarts.length;
      this.#log('error', `PostgreSQL ended ${times} times within a minute; the next restart waits for ${ms} ms`);
      await delay(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
    this.#restarts.push(Date.now());
  }

  #fail(error: unknown): void {
    const code = error instanceof EmbeddedPostgresError ? error.code : 'embedded_start_failed';
    this.#failure = { code, message: messageOf(error) };
    this.#phase = 'failed';
    clearTimeout(this.#graceTimer);
    this.#log('error', this.#failure.message);
    if (this.#owner === null) {
      setTimeout(this.#finish, failureKeptMs).unref();
      return;
    }
    send(this.#owner.socket, { type: 'failed', ...this.#failure });
    this.#owner.socket.end();
    this.#finish();
  }

  #pruneLogs(): void {
    if (this.#cluster !== null) removeOldLogs(this.#cluster.layout);
  }

  #log(level: LogLevel, message: string): void {
    this.#writeLog(level, message);
    if (this.#owner !== null) send(this.#owner.socket, { type: 'log', level, message });
  }
}
