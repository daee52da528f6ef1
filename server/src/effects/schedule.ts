import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import {
  Logger as WorkerLogger,
  parseCronItems,
  run,
  type Runner,
  runMigrations,
  type TaskList,
  type WorkerEvents,
} from 'graphile-worker';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Connection } from '../db/pool.ts';
import { type DueOptions, type DueReport, submitDue } from './due.ts';
import type { JobTask } from './job.ts';
import { keepJobs, standUp } from './job-keeper.ts';

/** Jobs at once, and connections at most: jobs mostly wait for others (the bank, the pipeline) and need none meanwhile. */
const JOBS_AT_ONCE = 6;
/** How long a job may go on after `stop` until it is told to give up, and then until it is left behind. */
const GRACE_MS = 3_000;
const STOP_MS_MAX = 8_000;
/** Before a runner that broke is started again, doubled while it goes on: the time in which a database restarts. */
const RESTART_MS = 500;
const RESTART_MS_MAX = 30_000;
/** New jobs announce themselves; this is for those that wait for a later time. Each of the six looks for itself. */
const LOOK_MS = 2_000;

const SUBMIT_DUE = 'submit_due';

export interface SchedulerOptions extends DueOptions {
  connection: Connection;
  /** What does a job, by the name under which jobs are added. */
  tasks: Readonly<Record<string, JobTask>>;
}

/** Does jobs, and submits what time makes due: at the start, and every minute of the system's clock. */
export interface Scheduler {
  /** Creates the tables that `enqueue` needs; quick where they exist. Before anybody is served. */
  prepare(): Promise<void>;
  start(): Promise<void>;
  /** Everything that waits for time, now: jobs that failed are tried again, what is due is submitted. */
  runDue(): Promise<DueReport>;
  /** Jobs in progress may end, or are done again at the next start. Resolves within 8 seconds. */
  stop(): Promise<void>;
}

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { log } = options;
  const pool = jobPool(options.connection, log);
  const logger = workerLogger(log);
  const stopping = new AbortController();
  let runner: Runner | undefined;
  let watching: Promise<void> | undefined;
  let lastRun: Promise<unknown> = Promise.resolve();

  // One run after the other, never two at once: each sees the time at which it begins.
  function runDue(): Promise<DueReport> {
    const next = lastRun.then(async () => {
      await keepJobs(pool);
      return submitDue(options);
    });
    lastRun = next.catch(() => undefined);
    return next;
  }

  async function startRunner(): Promise<Runner> {
    await keepJobs(pool);
    const started = await run({
      pgPool: pool,
      logger,
      events: aliveEvents(log),
      noHandleSignals: true,
      concurrency: JOBS_AT_ONCE,
      pollInterval: LOOK_MS,
      gracefulShutdownAbortTimeout: GRACE_MS,
      taskList: taskList(options, async () => void (await runDue())),
      parsedCronItems: parseCronItems([
        { task: SUBMIT_DUE, match: '* * * * *', options: { jobKey: SUBMIT_DUE, priority: -1 } },
      ]),
    });
    // Handled by `watch`; an early end must not count as unhandled.
    started.promise.catch(() => undefined);
    await started.addJob(SUBMIT_DUE, {}, { jobKey: SUBMIT_DUE, priority: -1 });
    return started;
  }

  /** A runner ends by itself where the database goes away at the wrong moment. Then there is a new one. */
  async function watch(): Promise<void> {
    let restartMs = RESTART_MS;
    while (!stopping.signal.aborted) {
      try {
        runner ??= await startRunner();
        restartMs = RESTART_MS;
        await runner.promise;
      } catch (error) {
        if (!stopping.signal.aborted) log.error({ err: error }, 'the scheduler broke; it starts again');
      }
      if (stopping.signal.aborted) return;
      runner = undefined;
      await pause(restartMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      restartMs = Math.min(restartMs * 2, RESTART_MS_MAX);
    }
  }

  return {
    prepare: () => runMigrations({ pgPool: pool, logger }),
    async start() {
      runner = await startRunner();
      watching = watch();
    },
    runDue,
    async stop() {
      stopping.abort();
      const ended = (async () => {
        await runner?.stop().catch((error: unknown) => log.warn({ err: error }, 'the scheduler did not stop cleanly'));
        await watching;
        await lastRun;
        await pool.end();
      })();
      const late = new AbortController();
      await Promise.race([ended, pause(STOP_MS_MAX, undefined, { signal: late.signal }).catch(() => undefined)]);
      late.abort();
    },
  };
}

function taskList({ tasks, log }: SchedulerOptions, submit: () => Promise<void>): TaskList {
  const list: TaskList = {
    // Never fails as a job: the next minute's run is the retry.
    [SUBMIT_DUE]: () =>
      submit().catch((error: unknown) => log.error({ err: error }, 'due commands could not be submitted')),
  };
  for (const [name, task] of Object.entries(tasks)) {
    list[name] = (payload, helpers) => task(payload as Parameters<JobTask>[0], { signal: helpers.abortSignal });
  }
  return list;
}

/** A pool of its own, with pg's own types: the library expects a job's number as text. */
function jobPool(connection: Connection, log: Logger): pg.Pool {
  const pool = new pg.Pool({
    ...connection,
    max: JOBS_AT_ONCE,
    application_name: 'millrace jobs',
    connectionTimeoutMillis: 10_000,
    statement_timeout: 30_000,
  });
  const lost = (error: Error): void => log.debug({ err: error }, 'a connection of the scheduler was lost');
  pool.on('error', lost);
  pool.on('connect', (client) => client.on('error', lost));
  return pool;
}

/** The connection that listens for jobs lives as long as the runner: it carries the sign of life. */
function aliveEvents(log: Logger): WorkerEvents {
  const events: WorkerEvents = new EventEmitter();
  events.on('pool:listen:success', ({ client, workerPool }) => {
    standUp(client, workerPool.id).catch((error: unknown) => log.warn({ err: error }, 'no sign of life'));
  });
  return events;
}

/** What it reports of its normal doing is of interest to nobody; a job that failed is tried again, and is a warning. */
function workerLogger(log: Logger): WorkerLogger {
  return new WorkerLogger((scope) => (level, message, meta) => {
    const jobId = scope.jobId;
    const fields = {
      ...(jobId === undefined ? {} : { job_id: jobId }),
      ...(meta['error'] === undefined ? {} : { err: meta['error'] }),
    };
    if (level === 'error' && jobId === undefined) log.error(fields, message);
    else if (level === 'error' || level === 'warning') log.warn(fields, message);
    else log.debug(fields, message);
  });
}
