import type { Logger } from 'pino';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { type DatabaseFault, databaseFault } from '../db/errors.ts';
import type { Connection } from '../db/pool.ts';
import { awaitedLater, beginTransaction, type Transaction } from '../db/transaction.ts';
import type { Command } from '../desks/desk.ts';
import { type Batch, type Outcome, problemOutcome } from './batch.ts';
import { claimShard, createWaitingRoom, type Waiting, type WaitingRoom } from './claim.ts';
import { WorkerConnection } from './connection.ts';
import { decideBatch, HalfApplied } from './decide.ts';
import { type Committed, finishBatch } from './finish.ts';
import { Fenced, loadBatch, type LoadScope } from './load.ts';
import { postBatch } from './post.ts';

/** More than a thousand commands in a transaction gain nothing (28,000/s at 1,000, measured) and make the lone order wait. */
const BATCH_SIZE_MAX = 1_000;
/** Conflicts with other shards resolve within a try or two; ten means that something is wrong with the command. */
const CONFLICT_TRIES_MAX = 10;
/** So many conflicts are how two shards that open the same account get along, and no news. */
const USUAL_CONFLICTS_MAX = 2;
/** How long a batch is kept from the first loss of the connection on. A restart of PostgreSQL takes seconds. */
const RECONNECT_MS_MAX = 30_000;
/** Before a connection that was lost again is made anew: a server that accepts and refuses must not be asked in a loop. */
const LOST_AGAIN_PAUSE_MS = 25;
/**
 * When at least this many wait while a batch is being written, the next batch's reading is sent right behind the commit:
 * the server goes on without waiting for us (256 connections: a quarter more orders than with reading after the answers).
 * Fewer are better left to gather, since each batch has its price.
 */
const READ_AHEAD_MIN = 24;

export interface WorkerOptions {
  connection: Connection;
  owner: string;
  scope: Omit<LoadScope, 'epoch'>;
  queueSizeMax: number;
  /** See WorkerConnection. */
  answerMsMax?: number | undefined;
  log: Logger;
  committed: Committed;
  /** Called once, when another process has taken the shard. The worker answers nothing more. */
  fenced: (error: Fenced) => void;
  /** See PipelineOptions. */
  batchDone?: ((ms: number, commands: number) => void) | undefined;
}

/** A batch whose reading is under way. */
interface Ahead {
  readonly waiting: readonly Waiting[];
  readonly tx: Transaction;
  readonly loading: Promise<Batch>;
}

export interface WorkerStats {
  waiting: number;
  batches: number;
  commands: number;
  retries: number;
}

/** Owns one shard: takes what waits, batch after batch, on one connection. */
export class Worker {
  readonly stats: WorkerStats = { waiting: 0, batches: 0, commands: 0, retries: 0 };
  private readonly options: WorkerOptions;
  private readonly room: WaitingRoom;
  private readonly connection: WorkerConnection;
  private halving = false;
  private ahead: Ahead | undefined;
  private epoch = 0n;
  private state: 'running' | 'draining' | 'fenced' = 'running';
  private running: Promise<void> | undefined;

  constructor(options: WorkerOptions) {
    this.options = options;
    this.room = createWaitingRoom(options.queueSizeMax);
    const { connection, scope, log, answerMsMax } = options;
    const applicationName = `millrace shard ${scope.shard}`;
    this.connection = new WorkerConnection({ connection, applicationName, log, answerMsMax });
  }

  /**
   * Claims the shard and starts to work.
   *
   * @throws Error where the installation has no such shard, or the driver's error.
   */
  async start(): Promise<void> {
    await this.connection.open();
    this.connection.awaiting();
    this.epoch = await claimShard(this.connection.client, this.options.scope.shard, this.options.owner);
    this.connection.answered();
    this.running = this.run();
  }

  /** Undefined when the queue is full or closed: the command was not taken. */
  offer(command: Command): Promise<Outcome> | undefined {
    if (this.state !== 'running') return undefined;
    let taken = false;
    const outcome = new Promise<Outcome>((resolve) => {
      taken = this.room.push({ command, resolve });
    });
    this.stats.waiting = this.room.size;
    return taken ? outcome : undefined;
  }

  get accepting(): boolean {
    return this.state === 'running';
  }

  /** Takes nothing new, finishes what waits, closes the connection. */
  async drain(): Promise<void> {
    if (this.state === 'running') this.state = 'draining';
    this.room.close();
    await this.running;
    await this.connection.close();
  }

  private async run(): Promise<void> {
    for (;;) {
      const waiting = this.ahead?.waiting ?? (await this.gather());
      if (waiting.length > 0) await this.process(waiting);
      if (this.state === 'fenced') this.refuseAll();
      if (this.state !== 'running' && this.room.size === 0 && !this.ahead) return;
    }
  }

  private async gather(): Promise<readonly Waiting[]> {
    await this.room.filled();
    // One turn of the event loop: requests that have arrived together share a batch. No timer.
    await nextTurn();
    return this.take();
  }

  private take(): readonly Waiting[] {
    const waiting = this.room.take(BATCH_SIZE_MAX);
    this.stats.waiting = this.room.size;
    return waiting;
  }

  /** Brings a batch to an end, whatever happens: each one that waits gets exactly one answer. */
  private async process(waiting: readonly Waiting[]): Promise<void> {
    const poisoned = new Map<Command, unknown>();
    let deadline: number | undefined;
    for (let conflicts = 0; ; ) {
      this.connection.awaiting();
      const started = performance.now();
      try {
        const batch = await this.attempt(waiting, poisoned);
        this.connection.answered();
        this.stats.batches += 1;
        this.stats.commands += waiting.length;
        this.options.batchDone?.(performance.now() - started, waiting.length);
        // Before the answers go out, which takes a while for many: the server reads meanwhile.
        this.readAhead(1);
        return finishBatch(batch, waiting, this.options.committed);
      } catch (error) {
        this.stats.retries += 1;
        await this.stepBack();
        if (error instanceof Fenced) return this.fence(error, waiting);
        // From now on the database may know these commands: a commit may have happened without our hearing of it.
        for (const { command } of waiting) command.idMayExist = true;
        if (error instanceof HalfApplied) {
          poisoned.set(error.command, error.cause);
          continue;
        }
        const fault = await this.faultOf(error);
        const isUsual = fault === 'again' && conflicts < USUAL_CONFLICTS_MAX;
        this.options.log[isUsual ? 'debug' : 'warn'](
          { err: error, fault, commands: waiting.length },
          'batch runs again',
        );
        if (fault === 'lost') {
          if (deadline !== undefined) await pause(LOST_AGAIN_PAUSE_MS);
          deadline ??= Date.now() + RECONNECT_MS_MAX;
          if (Date.now() > deadline) return this.giveUp(waiting);
          await this.connection.reopen(deadline);
          continue;
        }
        conflicts += 1;
        if (fault === 'again' && conflicts < CONFLICT_TRIES_MAX) continue;
        if (waiting.length > 1) return this.halve(waiting);
        const only = (waiting[0] as Waiting).command;
        if (poisoned.has(only)) return this.giveUp(waiting);
        poisoned.set(only, error);
      }
    }
  }

  private async attempt(waiting: readonly Waiting[], poisoned: ReadonlyMap<Command, unknown>): Promise<Batch> {
    const { tx, loading } = this.ahead?.waiting === waiting ? this.ahead : this.read(waiting);
    this.ahead = undefined;
    const batch = await loading;
    decideBatch(batch, poisoned);
    const committed = postBatch(tx, batch);
    this.readAhead(READ_AHEAD_MIN);
    await committed;
    return batch;
  }

  /** Begins the next batch on the same connection, behind whatever was sent. Not while the halves of one are under way. */
  private readAhead(waitingMin: number): void {
    if (!this.ahead && !this.halving && this.room.size >= waitingMin) this.ahead = this.read(this.take());
  }

  private read(waiting: readonly Waiting[]): Ahead {
    const tx = beginTransaction(this.connection.client);
    const commands = waiting.map(({ command }) => command);
    return {
      waiting,
      tx,
      loading: awaitedLater(loadBatch(tx, { ...this.options.scope, epoch: this.epoch }, commands)),
    };
  }

  /** The data of one command is refused by the database: halves find it, and the others are not harmed. */
  private async halve(waiting: readonly Waiting[]): Promise<void> {
    const { halving } = this;
    this.halving = true;
    const middle = Math.ceil(waiting.length / 2);
    await this.process(waiting.slice(0, middle));
    if (this.state === 'fenced') this.refuse(waiting.slice(middle));
    else await this.process(waiting.slice(middle));
    this.halving = halving;
  }

  private fence(error: Fenced, waiting: readonly Waiting[]): void {
    this.state = 'fenced';
    this.refuse(waiting);
    this.options.fenced(error);
  }

  private refuseAll(): void {
    if (this.ahead) this.refuse(this.ahead.waiting);
    this.ahead = undefined;
    this.refuse(this.room.take(Number.POSITIVE_INFINITY));
  }

  private refuse(waiting: readonly Waiting[]): void {
    for (const { resolve } of waiting)
      resolve(problemOutcome('shutting_down', 'This server no longer owns this work.'));
  }

  private giveUp(waiting: readonly Waiting[]): void {
    for (const { resolve } of waiting) {
      resolve(
        problemOutcome(
          'outcome_unknown',
          'The database did not answer. Ask for the order, or send the same request again.',
        ),
      );
    }
  }

  /** Where the connection is gone, no other error tells what the data is worth; one without a code is our own. */
  private async faultOf(error: unknown): Promise<DatabaseFault> {
    const fault = databaseFault(error);
    if (fault === 'again') return fault;
    // pg may reject a statement before it tells that the connection has ended.
    await nextTurn();
    return this.connection.isAlive ? (fault ?? 'refused') : 'lost';
  }

  /** Ends whatever transaction is open; what was read ahead goes back to the front of the queue, to be read anew. */
  private async stepBack(): Promise<void> {
    const ahead = this.ahead;
    this.ahead = undefined;
    if (ahead) {
      await ahead.loading.catch(() => undefined);
      this.room.putBack(ahead.waiting);
    }
    await this.connection.client.query('rollback').catch(() => undefined);
    this.connection.answered();
  }
}
