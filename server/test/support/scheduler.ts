import type pg from 'pg';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { createPool } from '../../src/db/pool.ts';
import { createScheduler, type JobTask, type Scheduler, type SchedulerOptions } from '../../src/effects/index.ts';
import type { Answer, Intake } from '../../src/intake/intake.ts';
import { createLog } from '../../src/ops/log.ts';
import { createDatabase, type TestDatabase } from './database.ts';

/** Nothing decides here: every command is taken. */
export const willing: Pick<Intake, 'submitInternal'> = {
  submitInternal: async () => ({ ok: true, replayed: false }) as Answer,
};

export const eventually = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 50_000, interval: 30 });

/** A task that notes whom it was called for. */
export function noting(): { task: JobTask; names: string[] } {
  const names: string[] = [];
  return { names, task: async ({ name }) => void names.push(name as string) };
}

export interface SchedulerBench {
  database: TestDatabase;
  pool: pg.Pool;
  start(options: Partial<SchedulerOptions>): Promise<Scheduler>;
  /** Stops all that were started; done after each test by itself. */
  stopAll(): Promise<void>;
  /** Jobs that are left, without those that submit what is due. */
  jobs(): Promise<number>;
}

/** Schedulers on a database of the test file's own. */
export function useSchedulers(): SchedulerBench {
  const running: Scheduler[] = [];
  const bench: SchedulerBench = {
    database: undefined as unknown as TestDatabase,
    pool: undefined as unknown as pg.Pool,
    async start(options) {
      const { connection } = bench.database;
      const log = createLog('silent');
      const defaults = { connection, clock: systemClock, log, tasks: {}, sources: [], intake: willing };
      const scheduler = createScheduler({ ...defaults, ...options });
      running.push(scheduler);
      await scheduler.prepare();
      await scheduler.start();
      return scheduler;
    },
    async stopAll() {
      await Promise.all(running.splice(0).map((scheduler) => scheduler.stop()));
    },
    async jobs() {
      const { rows } = await bench.pool.query(
        "select 1 from graphile_worker.jobs where task_identifier <> 'submit_due'",
      );
      return rows.length;
    },
  };
  beforeAll(async () => {
    bench.database = await createDatabase();
    bench.pool = createPool(bench.database.connection);
  });
  afterEach(async () => {
    await bench.stopAll();
    await bench.pool.query('delete from graphile_worker._private_jobs');
  });
  afterAll(async () => {
    await bench.pool.end();
    await bench.database.drop();
  });
  return bench;
}
