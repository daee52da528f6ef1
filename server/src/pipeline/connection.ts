import type pg from 'pg';
import type { Logger } from 'pino';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { type DatabaseFault, databaseFault } from '../db/errors.ts';
import { type Connection, connectPipelined, cutConnection } from '../db/pool.ts';

/**
 * How long a batch may wait for the server's answers until the connection counts as lost: a network that drops packets
 * never says so. A batch takes milliseconds; this leaves room for a machine that is a thousand times slower, and for the
 * locks of a session that the server itself ends after 15 s.
 */
const ANSWER_MS_MAX = 30_000;
/** Looks in that time, so that one timer does for all batches. */
const LOOKS = 10;
const RECONNECT_PAUSE_MS = 100;
/** A restart of the server takes less, mostly: nobody needs to be told of it. */
const UNREACHABLE_MS = 2_000;

export interface WorkerConnectionOptions {
  connection: Connection;
  applicationName: string;
  log: Logger;
  /** Default 30 s. */
  answerMsMax?: number | undefined;
  /** Called when a connection could not be made again for 2 s, again and again until it can. */
  unreachable: (error: unknown) => void;
}

/** The one connection of a shard's worker: made again when it is lost, and cut when nobody answers on it. */
export class WorkerConnection {
  private readonly options: WorkerConnectionOptions;
  private current: pg.Client | undefined;
  private life = { ended: true };
  private readonly watch: NodeJS.Timeout;
  /** Looks since the answers are awaited; negative while none are. Looks, not the clock: a process that stood still waits on. */
  private looks = -1;

  constructor(options: WorkerConnectionOptions) {
    this.options = options;
    this.watch = setInterval(() => this.look(), (options.answerMsMax ?? ANSWER_MS_MAX) / LOOKS);
    this.watch.unref();
  }

  get client(): pg.Client {
    return this.current as pg.Client;
  }

  /** What an error of a statement means: where the connection is gone, no other tells what the data is worth. One without a code is our own. */
  async faultOf(error: unknown): Promise<DatabaseFault> {
    const fault = databaseFault(error);
    if (fault === 'again' || fault === 'busy') return fault;
    // pg may reject a statement before it tells that the connection has ended.
    await nextTurn();
    return this.life.ended ? 'lost' : (fault ?? 'refused');
  }

  /** From now on answers are awaited, until `answered`; called again, the time starts over. */
  awaiting(): void {
    this.looks = 0;
  }

  answered(): void {
    this.looks = -1;
  }

  /** @throws the driver's error where the server cannot be reached. */
  async open(): Promise<void> {
    const life = { ended: false };
    this.current = await connectPipelined(this.options.connection, this.options.applicationName, () => {
      life.ended = true;
    });
    this.life = life;
  }

  /** In place of the one that was lost. Gives up at `deadline` (ms since the epoch) and leaves the old one, which fails. */
  async reopen(deadline: number): Promise<void> {
    void this.current?.end().catch(() => undefined);
    const began = Date.now();
    for (;;) {
      try {
        return await this.open();
      } catch (error) {
        if (Date.now() > deadline) {
          this.options.log.error({ err: error }, 'the database cannot be reached');
          return;
        }
        if (Date.now() - began > UNREACHABLE_MS) this.options.unreachable(error);
        await pause(RECONNECT_PAUSE_MS);
      }
    }
  }

  async close(): Promise<void> {
    clearInterval(this.watch);
    await this.current?.end().catch(() => undefined);
  }

  private look(): void {
    if (this.looks < 0) return;
    this.looks += 1;
    if (this.looks <= LOOKS || !this.current) return;
    this.looks = 0;
    this.options.log.warn('the database has not answered for long: its connection is cut');
    cutConnection(this.current);
  }
}
