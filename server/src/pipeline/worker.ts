import type { Logger } from 'pino';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { isTimeLimit } from '../db/errors.ts';
import type { Connection } from '../db/pool.ts';
import { awaitedLater, beginTransaction, type Transaction } from '../db/transaction.ts';
import type { Command } from '../desks/desk.ts';
import type { Batch, Outcome } from './batch.ts';
import { claimShard, createWaitingRoom, type Waiting, type WaitingRoom } from './claim.ts';
import type { CommitGate } from './commit-gate.ts';
import { WorkerConnection } from './connection.ts';
import { decideBatch, HalfApplied } from './decide.ts';
import { type Committed, finishBatch } from './finish.ts';
import { Fenced, loadBatch, type LoadScope } from './load.ts';
import { Memories } from './memories.ts';
import { createParking, type Parking } from './parking.ts';
import { postBatch } from './post.ts';
import { type Refusal, refusal } from './refusal.ts';
import { BUSY_MS_MAX, isUsual, nextStep, noTrouble, type Step, type Trouble } from './retry.ts';

/**
 * What a worker is doing, and what it may go on to. What becomes of a batch that fails is a `Step` of retry.ts.
 * - `running`: takes commands and decides them. `drain()` → draining; a batch that finds the shard's epoch raised → fenced.
 * - `draining`: takes no more. What waits, was read ahead or is parked is decided; what is still in another's way is refused
 *   instead of parked again. Then it ends. A raised epoch → fenced.
 * - `fenced`: the shard is another process's. Nothing is decided; all that waits is refused, and then it ends.
 */
type Mode = 'running' | 'draining' | 'fenced';

/** More than a thousand commands in a transaction gain nothing (28,000/s at 1,000, measured) and make the lone order wait. */
const BATCH_SIZE_MAX = 1_000;
/**
 * When at least this many wait while a batch is being written, the next batch's reading is sent right behind the commit:
 * the server goes on without waiting for us (256 connections: a quarter more orders than with reading after the answers).
 * Fewer are better left to gather, since each batch has its price.
 */
const READ_AHEAD_MIN = 24;
/** For a connection in the place of one that the server no longer let write. */
const RENEW_MS_MAX = 5_000;
/** Where another's lock is known to be in the way, others must not wait for it as long as the server's own limit is. */
const WAIT_BRIEFLY = { name: 'pipeline_wait_briefly', text: "set local lock_timeout = '50ms'" };

export interface WorkerOptions {
  connection: Connection;
  owner: string;
  scope: Omit<LoadScope, 'epoch' | 'memories'>;
  queueSizeMax: number;
  // These and `batchDone`: see PipelineOptions.
  answerMsMax?: number | undefined;
  busyMsMax?: number | undefined;
  gate: CommitGate;
  log: Logger;
  committed: Committed;
  /** Called once, when another process has taken the shard. The worker answers nothing more. */
  fenced: (error: Fenced) => void;
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
  private readonly parking: Parking;
  private readonly scope: LoadScope;
  /** The connection was made while the server took no writes, and may be refused for ever. */
  private isStale = false;
  private halving = false;
  private ahead: Ahead | undefined;
  private mode: Mode = 'running';
  private running: Promise<void> | undefined;

  constructor(options: WorkerOptions) {
    this.options = options;
    this.scope = { ...options.scope, epoch: 0n, memories: new Memories() };
    this.room = createWaitingRoom(options.queueSizeMax);
    this.parking = createParking(() => this.room.wake());
    const { connection, scope, log, answerMsMax, gate } = options;
    const applicationName = `millrace shard ${scope.shard}`;
    const unreachable = (error: unknown): void => gate.close(error);
    this.connection = new WorkerConnection({ connection, applicationName, log, answerMsMax, unreachable });
  }

  /**
   * Claims the shard and starts to work.
   *
   * @throws Error where the installation has no such shard, or the driver's error.
   */
  async start(): Promise<void> {
    await this.connection.open();
    this.connection.awaiting();
    const { client } = this.connection;
    this.scope.epoch = await claimShard(client, this.scope.shard, this.options.owner);
    await this.scope.memories.begin(client, this.scope.desks.values(), this.scope.shard);
    this.connection.answered();
    this.running = this.run();
  }

  /** Undefined when the queue is full or closed: the command was not taken. */
  offer(command: Command): Promise<Outcome> | undefined {
    const isFull = this.room.size + this.parking.size >= this.options.queueSizeMax;
    if (this.mode !== 'running' || isFull) return undefined;
    const outcome = this.room.offer(command);
    this.stats.waiting = this.room.size;
    return outcome;
  }

  get accepting(): boolean {
    return this.mode === 'running';
  }

  /** Finishes what waits, and takes nothing new. */
  async drain(): Promise<void> {
    if (this.mode === 'running') this.mode = 'draining';
    this.room.close();
    this.parking.hurry();
    await this.running;
    await this.connection.close();
  }

  private async run(): Promise<void> {
    for (;;) {
      const parked = this.ahead ? undefined : this.parking.due();
      const waiting = parked?.waiting ?? this.ahead?.waiting ?? (await this.gather());
      if (waiting.length > 0) await this.process(waiting, parked?.trouble);
      if (this.mode === 'fenced') this.refuseAll();
      if (this.mode !== 'running' && this.room.size + this.parking.size === 0 && !this.ahead) return;
    }
  }

  private async gather(): Promise<readonly Waiting[]> {
    await this.room.filled();
    // One turn of the event loop: requests that have arrived together share a batch. No timer.
    await nextTurn();
    return this.take();
  }

  private take(): readonly Waiting[] {
    const waiting = this.parking.sift(this.room.take(BATCH_SIZE_MAX));
    this.stats.waiting = this.room.size + this.parking.size;
    return waiting;
  }

  /** Brings a batch to an end, whatever happens: each one that waits gets exactly one answer. */
  private async process(waiting: readonly Waiting[], trouble: Trouble = noTrouble()): Promise<void> {
    const poisoned = new Map<Command, unknown>();
    for (;;) {
      if (this.isStale) await this.connection.reopen(Date.now() + RENEW_MS_MAX);
      this.isStale = false;
      this.connection.awaiting();
      const started = performance.now();
      try {
        const batch = await this.attempt(waiting, poisoned, trouble.isStuck);
        this.connection.answered();
        this.options.gate.committed();
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
        const step = await this.stepAfter(error, trouble, waiting);
        const only = waiting.length === 1 ? waiting[0] : undefined;
        switch (step.do) {
          case 'again':
          case 'reconnect':
            if (step.pauseMs > 0) await pause(step.pauseMs);
            if (step.do === 'reconnect') await this.connection.reopen(step.until);
            break;
          case 'refuse':
            return this.refuse(waiting, step.because);
          case 'split':
            if (!only) return this.halve(waiting, trouble);
            if (this.mode !== 'running') return this.refuse(waiting, 'busy');
            return this.parking.park(only, trouble, step.pauseMs);
          case 'blame':
            if (!only) return this.halve(waiting, { ...trouble, againTries: 0 });
            if (poisoned.has(only.command)) return this.refuse(waiting, 'unknown');
            poisoned.set(only.command, error);
        }
      }
    }
  }

  private async stepAfter(error: unknown, trouble: Trouble, waiting: readonly Waiting[]): Promise<Step> {
    const fault = await this.connection.faultOf(error);
    const level = isUsual(fault, trouble) ? 'debug' : 'warn';
    this.options.log[level]({ err: error, fault, commands: waiting.length }, 'batch runs again');
    trouble.isStuck ||= isTimeLimit(error);
    if (fault === 'unwritable') {
      this.isStale = true;
      this.options.gate.close(error);
    }
    const { busyMsMax = BUSY_MS_MAX } = this.options;
    return nextStep(fault, trouble, { now: Date.now(), busyMsMax, random: Math.random() });
  }

  private async attempt(
    waiting: readonly Waiting[],
    poisoned: ReadonlyMap<Command, unknown>,
    isHurried: boolean,
  ): Promise<Batch> {
    const { tx, loading } = this.ahead?.waiting === waiting ? this.ahead : this.read(waiting, isHurried);
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
    if (this.ahead || this.halving || this.parking.isDue || this.room.size < waitingMin) return;
    const waiting = this.take();
    if (waiting.length > 0) this.ahead = this.read(waiting);
  }

  private read(waiting: readonly Waiting[], isHurried = false): Ahead {
    const tx = beginTransaction(this.connection.client);
    if (isHurried || this.parking.size > 0) tx.write(WAIT_BRIEFLY, []);
    const commands = waiting.map(({ command }) => command);
    return { waiting, tx, loading: awaitedLater(loadBatch(tx, this.scope, commands)) };
  }

  /** One command is at fault, or stuck: halves find it, and the others are not harmed. */
  private async halve(waiting: readonly Waiting[], trouble: Trouble): Promise<void> {
    const { halving } = this;
    this.halving = true;
    const middle = Math.ceil(waiting.length / 2);
    for (const half of [waiting.slice(0, middle), waiting.slice(middle)]) {
      const rest = this.parking.sift(half);
      if (this.mode === 'fenced') this.refuse(rest, 'fenced');
      else if (rest.length > 0) await this.process(rest, { ...trouble });
    }
    this.halving = halving;
  }

  private fence(error: Fenced, waiting: readonly Waiting[]): void {
    this.mode = 'fenced';
    this.refuse(waiting, 'fenced');
    this.options.fenced(error);
  }

  private refuseAll(): void {
    if (this.ahead) this.refuse(this.ahead.waiting, 'fenced');
    this.ahead = undefined;
    this.refuse(this.room.take(Number.POSITIVE_INFINITY), 'fenced');
    this.parking.hurry();
    for (let parked = this.parking.due(); parked; parked = this.parking.due()) this.refuse(parked.waiting, 'fenced');
  }

  private refuse(waiting: readonly Waiting[], because: Refusal): void {
    for (const { resolve } of waiting) resolve(refusal(because));
    // What waits behind would find the same, and is told at once.
    if (!this.options.gate.isOpen && this.room.size > 0)
      this.refuse(this.room.take(Number.POSITIVE_INFINITY), 'unwritable');
  }

  /** Ends whatever transaction is open; what was read ahead is to be read again, and what desks remember is forgotten. */
  private async stepBack(): Promise<void> {
    const ahead = this.ahead;
    this.ahead = undefined;
    if (ahead) {
      await ahead.loading.catch(() => undefined);
      this.room.putBack(ahead.waiting);
    }
    this.scope.memories.forget();
    await this.connection.client.query('rollback').catch(() => undefined);
    this.connection.answered();
  }
}
