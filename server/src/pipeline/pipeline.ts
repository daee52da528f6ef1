import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { type Connection, createPool } from '../db/pool.ts';
import type { Command, Desk } from '../desks/desk.ts';
import type { AccountIds, GrowingAssetBook } from '../ledger/index.ts';
import type { Outcome } from './batch.ts';
import { probeCommit } from '../db/commit-probe.ts';
import { type CommitGate, createCommitGate } from './commit-gate.ts';
import type { Committed } from './finish.ts';
import type { Fenced } from './load.ts';
import { type Preview, preview } from './preview.ts';
import { Ownership } from './ownership.ts';
import { createRefusals, type Refusals } from './remembered-refusals.ts';
import { Worker, type WorkerStats } from './worker.ts';

/** Previews at once; more wait for their turn, so that they cannot crowd out orders. */
const PREVIEWS_AT_ONCE = 2;

export interface PipelineOptions {
  connection: Connection;
  /** In the order in which their rows are locked. Each kind belongs to one desk. */
  desks: readonly Desk[];
  assets: GrowingAssetBook;
  accountIds: AccountIds;
  /** The shards that this process owns. */
  shards: readonly number[];
  /** How many commands may wait for each shard. Beyond it they are refused, so that memory and waiting stay bounded. */
  queueSizeMax: number;
  /** How long a batch may wait for the database's answers before its connection counts as lost. Default 30 s. */
  answerMsMax?: number;
  /** How long an order waits for a database that is busy. Default 20 s. */
  busyMsMax?: number;
  /** How long to wait for another process that owns a shard and is alive, ms. Default 0: its start is refused. */
  claimMsMax?: number;
  /** Takes the shards from a process that is alive. Default false. */
  takeOver?: boolean;
  log: Logger;
  committed: Committed;
  fenced: (error: Fenced) => void;
  /** Told after each commit how long the batch took from its reading on, ms, and of how many commands it was. Must not throw. */
  batchDone?: (ms: number, commands: number) => void;
}

/**
 * `full`: the queue is full. `closed`: this process takes no work any more. `foreign`: it never had the command's shard, which is
 * another's. `unwritable`: nothing can be committed now.
 */
export type NotTaken = 'full' | 'closed' | 'foreign' | 'unwritable';

export interface Pipeline {
  /** @throws ShardOwned where another process that is alive owns a shard. */
  start(): Promise<void>;
  submit(command: Command): Promise<Outcome> | NotTaken;
  /** Load and decide on a snapshot that is rolled back. */
  preview(command: Command): Promise<Preview>;
  /** What was refused and left no order. Intake keeps its own here too: a command with that key is told so. */
  readonly refusals: Pick<Refusals, 'keep'>;
  /** Whether every shard of this process takes commands. */
  accepting(): boolean;
  readonly gate: Pick<CommitGate, 'isOpen' | 'closed' | 'check'>;
  stats(): ReadonlyMap<number, WorkerStats>;
  drain(): Promise<void>;
}

export function createPipeline(options: PipelineOptions): Pipeline {
  const desks = deskByKind(options.desks);
  const owner = `${process.pid}/${randomUUID()}`;
  const { connection, assets, accountIds, queueSizeMax, answerMsMax, busyMsMax, log, committed, fenced, batchDone } =
    options;
  const gate = createCommitGate({ probe: (size) => probeCommit(connection, size), log });
  const refusals = createRefusals();
  const ownership = new Ownership({
    connection,
    shards: options.shards,
    owner,
    waitMs: options.claimMsMax ?? 0,
    takeOver: options.takeOver ?? false,
    log,
    lost: fenced,
  });
  const workers = new Map(
    options.shards.map((shard) => [
      shard,
      new Worker({
        connection,
        owner,
        scope: { shard, desks, assets, accountIds, refusals },
        queueSizeMax,
        answerMsMax,
        busyMsMax,
        gate,
        log,
        committed,
        fenced,
        batchDone,
      }),
    ]),
  );
  const previews = createPool(connection, {
    max: PREVIEWS_AT_ONCE,
    applicationName: 'millrace previews',
    pipelined: true,
    onError: (error) => log.debug({ err: error }, 'an idle connection for previews was lost'),
  });
  return {
    async start() {
      await ownership.gain();
      for (const worker of workers.values()) await worker.start();
    },
    submit(command) {
      const worker = workers.get(command.shard);
      if (!worker) return 'foreign';
      if (!worker.accepting) return 'closed';
      if (!gate.isOpen) return 'unwritable';
      return worker.offer(command) ?? 'full';
    },
    preview: (command) => preview(previews, { desks, assets, accountIds }, command),
    refusals,
    accepting: () => [...workers.values()].every((worker) => worker.accepting),
    gate,
    stats: () => new Map([...workers].map(([shard, worker]) => [shard, worker.stats])),
    async drain() {
      await Promise.all([...workers.values()].map((worker) => worker.drain()));
      await ownership.release();
      await gate.stop();
      await previews.end();
    },
  };
}

function deskByKind(desks: readonly Desk[]): Map<string, Desk> {
  const byKind = new Map<string, Desk>();
  for (const desk of desks) {
    for (const kind of desk.kinds) {
      const other = byKind.get(kind);
      if (other) throw new Error(`the kind ${kind} belongs to the desks ${other.name} and ${desk.name}`);
      byKind.set(kind, desk);
    }
  }
  return byKind;
}
