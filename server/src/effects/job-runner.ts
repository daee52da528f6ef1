import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Logger as WorkerLogger, run, type TaskList, type WorkerEvents } from 'graphile-worker';
import type pg from 'pg';
import type { Logger } from 'pino';
import { standUp } from '../db/jobs.ts';
import { type Acquired, CodedClient, CodedPool, type Connection } from '../db/pool.ts';
import type { JobTask } from './job.ts';

/** A destination has half of them at most, as long as no errand says more. */
const JOBS_AT_ONCE = 12;
/** Made when they are needed: jobs mostly wait for others (the bank, the pipeline). The library warns at each start where there may be fewer. */
const CONNECTIONS_MAX = JOBS_AT_ONCE;
/** How long jobs may go on after `stop` until they are told to give up, and then until they are left behind. */
const GRACE_MS = 3_000;
const STOP_MS_MAX = 6_000;
/** From the end of the last job until its row is gone: one statement. */
const LAST_WORDS_MS = 1_000;
/** New jobs announce themselves; this is for those that wait for a later time. Each of the twelve looks for itself. */
const LOOK_MS = 2_000;

/**
 * Marks jobs as done or failed by way of a batch, without gathering one. Without batches the library (0.18.0) does not wait
 * for the database's answer: where none comes, the promise that nobody handles would end this process, and the job stay
 * taken for hours.
 */
const END_IN_BATCHES = { completeJobBatchDelay: 0, failJobBatchDelay: 0 };

export interface JobRunnerOptions {
  connection: Connection;
  log: Logger;
  tasks: Readonly<Record<string, JobTask>>;
  /** Default: no job is in any. */
  lanes?: Lanes | undefined;
}

/** Jobs that share something scarce (`NewJob.lane`): of a full lane none is taken, and those of others are. */
export interface Lanes {
  /** From which no job may be taken now. */
  full(): string[];
  /** A job of this lane was taken … */
  taken(lane: string): void;
  /** … and has ended, somehow. */
  left(lane: string): void;
}

/** Does jobs until it is stopped, or breaks: it does where the database goes away while a job is marked as done. */
export interface JobRunner {
  /** Resolves when it has broken or was stopped, within STOP_MS_MAX of either. */
  readonly ended: Promise<void>;
  /** Jobs in progress may end, or are told to give up. Resolves within about 7 seconds. */
  stop(): Promise<void>;
}

/** @throws the driver's error where the database cannot be reached. */
export async function startJobRunner(options: JobRunnerOptions): Promise<JobRunner> {
  const { connection, log } = options;
  // One pool for each runner: what a broken one has left in it goes away with it, and above all its sign of life.
  const pool = jobPool(connection, log);
  const events: WorkerEvents = new EventEmitter();
  const seenAlive = whenStoodUp(events, log);
  const drained = whenDrained(events);
  const { lanes } = options;
  const runner = await run({
    pgPool: pool,
    logger: workerLogger(log),
    events,
    noHandleSignals: true,
    preset: { worker: END_IN_BATCHES },
    concurrency: JOBS_AT_ONCE,
    pollInterval: LOOK_MS,
    gracefulShutdownAbortTimeout: GRACE_MS,
    taskList: taskList(options, seenAlive),
    ...(lanes && { forbiddenFlags: oneLookAtATime(events, lanes) }),
    // The library's own goes by the hour of this process, and waits where the clock came back from a later one (schedule.ts).
    parsedCronItems: [],
  }).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });
  // Not the runner's own promise alone: where two jobs could not be marked as done, the library (0.18.0) miscounts, and
  // its promise never settles.
  const settled = runner.promise.catch((error: unknown) => log.warn({ err: error }, 'the job runner broke'));
  const spoken = new AbortController();
  const late = (): Promise<void> => pause(LAST_WORDS_MS, undefined, { signal: spoken.signal }).catch(() => undefined);
  const ended = Promise.race([settled, drained.then(late)]).then(() => {
    spoken.abort();
    pool.end().catch((error: unknown) => log.warn({ err: error }, 'the connections of jobs were not closed'));
  });
  return {
    ended,
    async stop() {
      runner.stop().catch((error: unknown) => log.debug({ err: error }, 'the job runner had ended already'));
      await ended;
    },
  };
}

/** Resolves when all others can see that this runner is alive, or when it ends. */
function whenStoodUp(events: WorkerEvents, log: Logger): Promise<void> {
  return new Promise((resolve) => {
    events.once('pool:gracefulShutdown', () => resolve());
    events.on('pool:listen:success', ({ client, workerPool }) => {
      // It is about to listen; a connection answers one question after the other.
      client.once('drain', () => {
        standUp(client, workerPool.id)
          .then(resolve)
          .catch((error: unknown) => log.warn({ err: error }, 'no sign of life'));
      });
    });
  });
}

/** Resolves when the workers have come to their end, or have had the time for it. */
function whenDrained(events: WorkerEvents): Promise<void> {
  return new Promise((resolve) => {
    events.once('pool:gracefulShutdown', () => void pause(STOP_MS_MAX, undefined, { ref: false }).then(resolve));
    events.once('pool:gracefulShutdown:complete', () => resolve());
    events.once('pool:gracefulShutdown:error', () => resolve());
  });
}

/** Jobs are taken at once, but begin only when the runner is seen alive: the keeper would take them from a dead one. */
function taskList({ tasks, lanes }: Pick<JobRunnerOptions, 'tasks' | 'lanes'>, seenAlive: Promise<void>): TaskList {
  const list: TaskList = {};
  for (const [name, task] of Object.entries(tasks)) {
    list[name] = async (payload, { job, abortSignal: signal }) => {
      try {
        await seenAlive;
        await task(payload as Parameters<JobTask>[0], { signal });
      } finally {
        for (const lane of lanesOf(job)) lanes?.left(lane);
      }
    };
  }
  return list;
}

/** The library's word for a lane is a flag. */
function lanesOf({ flags }: { flags: Record<string, true> | null }): string[] {
  return Object.keys(flags ?? {});
}

/**
 * The lanes that a worker leaves out when it looks for a job. Workers look one after the other: what one has taken is counted
 * before the next looks, or all of them would find the same lane free.
 */
function oneLookAtATime(events: WorkerEvents, lanes: Lanes): () => Promise<string[]> {
  let last: Promise<void> = Promise.resolve();
  let looked = (): void => undefined;
  events.on('job:start', ({ job }) => {
    for (const lane of lanesOf(job)) lanes.taken(lane);
    looked();
  });
  events.on('worker:getJob:empty', () => looked());
  events.on('worker:getJob:error', () => looked());
  return async () => {
    const before = last;
    let done = (): void => undefined;
    last = new Promise((resolve) => {
      done = resolve;
    });
    await before;
    looked = done;
    return lanes.full();
  };
}

/**
 * The library (0.18.0) gives the connection on which it listens back twice where it is lost while it stops. The second time
 * throws where nobody catches it, which would end this process.
 */
class ForgivingPool extends CodedPool {
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Acquired): void;
  override connect(callback?: Acquired): unknown {
    if (!callback) return super.connect();
    return super.connect((error, client, release) => {
      // Where the pool has ended there is none.
      let giveBack: typeof release | undefined = release;
      callback(error, client, (destroy) => {
        giveBack?.(destroy);
        giveBack = undefined;
      });
    });
  }
}

/** With pg's own types: the library expects a job's number as text. */
function jobPool(connection: Connection, log: Logger): pg.Pool {
  const pool = new ForgivingPool({
    ...connection,
    Client: CodedClient,
    max: CONNECTIONS_MAX,
    application_name: 'millrace jobs',
    connectionTimeoutMillis: 10_000,
    onConnect: (client): unknown => client.query("set statement_timeout = '30s'"),
  });
  const lost = (error: Error): void => log.debug({ err: error }, 'a connection of the job runner was lost');
  pool.on('error', lost);
  pool.on('connect', (client) => client.on('error', lost));
  return pool;
}

/** What it reports of its normal doing is of interest to nobody; a job that failed is tried again, and is a warning. */
export function workerLogger(log: Logger): WorkerLogger {
  return new WorkerLogger((scope) => (level, message, meta) => {
    const { jobId } = scope;
    const error = meta['error'] ?? meta['fatalError'];
    const fields = {
      ...(jobId === undefined ? {} : { job_id: jobId }),
      ...(error === undefined ? {} : { err: error }),
    };
    if (level === 'error' || level === 'warning') log.warn(fields, message);
    else log.debug(fields, message);
  });
}
