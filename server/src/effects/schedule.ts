import { setTimeout as pause } from 'node:timers/promises';
import { runMigrations } from 'graphile-worker';
import type pg from 'pg';
import type { Logger } from 'pino';
import { enqueueRecurring, keepJobs, prepareJobs, TURNS_MAX } from '../db/jobs.ts';
import { type Connection, createPool } from '../db/pool.ts';
import { type DueOptions, type DueReport, submitDue } from './due.ts';
import { type JobRunner, type Lanes, startJobRunner, workerLogger } from './job-runner.ts';
import type { JobTask } from './job.ts';

/** Before a runner that broke is started again, doubled while it does not start: the time in which a database restarts. */
const RESTART_MS = 500;
const RESTART_MS_MAX = 30_000;

const MINUTE_MS = 60_000;
/** Priorities: what is due comes before all jobs, and what only tidies up after all of them. */
const BEFORE_ALL = -1;
const IN_THE_BACKGROUND = TURNS_MAX + 1;

const SUBMIT_DUE = 'submit_due';
const taskOf = (shard: number): string => `${SUBMIT_DUE}:${shard}`;

// Of owners before the shards were assigned again: they would never be done. Those of shards that others own are theirs.
const FORGET = `
select count(*) from graphile_worker.complete_jobs(array(
  select id from graphile_worker.jobs
  where task_identifier like '${SUBMIT_DUE}%' and task_identifier <> $1::text and locked_at is null
    and ($2::text[] is null or task_identifier = any ($2::text[]))))`;

export interface SchedulerOptions extends DueOptions {
  connection: Connection;
  /** What does a job, by the name under which jobs are added. */
  tasks: Readonly<Record<string, JobTask>>;
  /** Which of them have to wait for each other. Default: none. */
  lanes?: Lanes;
  /** Tasks that recur, by name, with the minutes between two runs. The first comes in the first minutes of a process. Default none. */
  recurring?: Readonly<Record<string, number>>;
  /** What a minute is; tests have shorter ones. */
  minuteMs?: number;
  /**
   * The shards of this process, where it does not own all: what is due is then submitted by each owner for itself, since a
   * run of one process can submit nothing for the others.
   */
  ownShards?: ReadonlySet<number> | undefined;
  /** Told of each run that came to its end. */
  ran?: (report: DueReport) => Promise<void>;
}

/**
 * Does jobs, and submits what time makes due: at the start, and every minute. Minutes are counted by the timer of the process, not
 * by the hour: a clock that was ahead for a while and comes back must not keep what is due waiting until it is there again.
 */
export interface Scheduler {
  /** Creates the tables that `enqueue` needs; quick where they exist. Before anybody is served. */
  prepare(): Promise<void>;
  start(): Promise<void>;
  /** Everything that waits for time, now: jobs that failed are tried again, what is due is submitted. `heldBy` says why nothing was. */
  runDue(): Promise<DueReport>;
  /** How many commands have been submitted since a run last found nothing left. */
  caughtUp(): number;
  /** Jobs in progress may end, or are done again at the next start. Resolves within about 7 seconds. */
  stop(): Promise<void>;
}

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { connection, log } = options;
  const pool = schedulerPool(connection, log);
  const stopping = new AbortController();
  const { ownShards } = options;
  const submitTask = ownShards === undefined ? SUBMIT_DUE : taskOf(Math.min(...ownShards));
  let runner: JobRunner | undefined;
  let watching: Promise<void> | undefined;
  let lastRun: Promise<unknown> = Promise.resolve();
  let caughtUp = 0;

  // One run after the other, never two at once: each sees the time at which it begins.
  function runDue(): Promise<DueReport> {
    const next = lastRun.then(async () => {
      await keepJobs(pool);
      const submitted = (count: number): void => {
        caughtUp += count;
      };
      const report = await submitDue({ ...options, submitted }, stopping.signal);
      // By a clock that is not believed nothing is noted, least of all since when a stop is made up for.
      if (report.heldBy !== undefined) return report;
      if (report.isPartial === undefined) caughtUp = 0;
      else log.info({ submitted: caughtUp }, 'what is due is caught up with, some each minute');
      await options.ran?.(report);
      return report;
    });
    lastRun = next.catch(() => undefined);
    return next;
  }

  const tasks: Record<string, JobTask> = {
    ...options.tasks,
    // Never fails as a job: the next minute's run is the retry.
    async [submitTask]() {
      await runDue().catch((error: unknown) => log.error({ err: error }, 'due commands could not be submitted'));
    },
  };

  let stopTicking = (): void => undefined;

  async function startRunner(): Promise<JobRunner> {
    await keepJobs(pool);
    await pool.query(FORGET, [submitTask, ownShards ? [SUBMIT_DUE, ...[...ownShards].map(taskOf)] : null]);
    await enqueueRecurring(pool, submitTask, BEFORE_ALL);
    return startJobRunner({ connection, log, tasks, lanes: options.lanes });
  }

  async function watch(): Promise<void> {
    let restartMs = RESTART_MS;
    while (!stopping.signal.aborted) {
      await runner?.ended;
      runner = undefined;
      await pause(restartMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      try {
        runner = await startRunner();
        restartMs = RESTART_MS;
        log.info('the job runner was started again');
      } catch (error) {
        log.error({ err: error }, 'the job runner cannot be started');
        restartMs = Math.min(restartMs * 2, RESTART_MS_MAX);
      }
    }
    // `stop` came while it started.
    await runner?.stop();
  }

  return {
    async prepare() {
      await runMigrations({ pgPool: pool, logger: workerLogger(log) });
      await prepareJobs(pool);
    },
    async start() {
      runner = await startRunner();
      watching = watch();
      stopTicking = startTicking(pool, submitTask, options);
    },
    runDue,
    caughtUp: () => caughtUp,
    async stop() {
      stopping.abort();
      stopTicking();
      await runner?.stop();
      await watching;
      await lastRun;
      await pool.end();
    },
  };
}

/** Each minute has `submitTask` done, and what else recurs when it is its turn. @returns how to end it. */
function startTicking(pool: pg.Pool, submitTask: string, options: SchedulerOptions): () => void {
  const { recurring = {}, minuteMs = MINUTE_MS, log } = options;
  let minute = 0;
  const tick = async (): Promise<void> => {
    minute += 1;
    try {
      await enqueueRecurring(pool, submitTask, BEFORE_ALL);
      // One after the other, so that they do not all begin in the same minute.
      for (const [index, [task, minutes]] of Object.entries(recurring).entries())
        if (minute % minutes === (index + 1) % minutes) await enqueueRecurring(pool, task, IN_THE_BACKGROUND);
    } catch (error) {
      log.warn({ err: error }, 'what recurs could not be started; the next minute tries again');
    }
  };
  const timer = setInterval(() => void tick(), minuteMs);
  return () => clearInterval(timer);
}

/** For the keeping of jobs; what does them has a pool of its own. */
function schedulerPool(connection: Connection, log: Logger): pg.Pool {
  const lost = (error: Error): void => log.debug({ err: error }, 'a connection of the scheduler was lost');
  const pool = createPool(connection, { max: 2, applicationName: 'millrace scheduler', onError: lost });
  // A connection in use tells its query; the library wants to see a listener all the same.
  pool.on('connect', (client) => client.on('error', lost));
  return pool;
}
