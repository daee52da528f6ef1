import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { enqueue } from '../../src/db/jobs.ts';
import { createPool } from '../../src/db/pool.ts';
import {
  createScheduler,
  type DueCommand,
  type JobTask,
  type Scheduler,
  type SchedulerOptions,
} from '../../src/effects/index.ts';
import type { Answer, Intake } from '../../src/intake/intake.ts';
import { createLog } from '../../src/ops/log.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { startProxy } from '../support/proxy.ts';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = createPool(database.connection);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** Nothing decides here: every command is taken. */
const willing: Pick<Intake, 'submitInternal'> = {
  submitInternal: async () => ({ ok: true, replayed: false }) as Answer,
};

let running: Scheduler[] = [];
afterEach(async () => {
  await Promise.all(running.map((scheduler) => scheduler.stop()));
  running = [];
  await pool.query('delete from graphile_worker._private_jobs');
});

async function startScheduler(options: Partial<SchedulerOptions>): Promise<Scheduler> {
  const { connection } = database;
  const log = createLog('silent');
  const scheduler = createScheduler({
    connection,
    clock: systemClock,
    log,
    tasks: {},
    sources: [],
    intake: willing,
    ...options,
  });
  running.push(scheduler);
  await scheduler.prepare();
  await scheduler.start();
  return scheduler;
}

const eventually = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 50_000, interval: 30 });

/** A task that notes whom it was called for. */
function noting(): { task: JobTask; names: string[] } {
  const names: string[] = [];
  return { names, task: async ({ name }) => void names.push(name as string) };
}

async function jobs(): Promise<number> {
  const { rows } = await pool.query("select 1 from graphile_worker.jobs where task_identifier <> 'submit_due'");
  return rows.length;
}

describe('the task that submits what is due', () => {
  test('is forgotten for shards that this process has now under another name, and left to whoever owns others', async () => {
    await startScheduler({});
    const stop = (): Promise<unknown> => Promise.all(running.splice(0).map((scheduler) => scheduler.stop()));
    await stop();
    for (const task of ['submit_due', 'submit_due:1', 'submit_due:2', 'submit_due:3'])
      await enqueue(pool, task, [{ jobKey: task, payload: {} }]);
    const left = async (): Promise<string[]> => {
      const { rows } = await pool.query('select task_identifier as task from graphile_worker.jobs order by 1');
      return rows.map(({ task }) => task);
    };
    await startScheduler({ ownShards: new Set([1, 2]) });
    await eventually(async () => expect(await left()).toEqual(['submit_due:3']));
    await stop();
    await startScheduler({});
    await eventually(async () => expect(await left()).toEqual([]));
  });
});

describe('enqueue', () => {
  test('a job exists with the commit of what it belongs to, and not without', async () => {
    const { task, names } = noting();
    await startScheduler({ tasks: { note: task } });
    const client = await pool.connect();
    await client.query('begin');
    await enqueue(client, 'note', [{ jobKey: 'a', payload: { name: 'undone' } }]);
    await client.query('rollback');
    await client.query('begin');
    await enqueue(client, 'note', [
      { jobKey: 'a', payload: { name: 'done "with, {braces}\\' } },
      { jobKey: 'b', payload: { name: 'too' } },
    ]);
    await enqueue(client, 'note', []);
    expect(names).toEqual([]);
    await client.query('commit');
    client.release();
    await eventually(async () => expect(await jobs()).toBe(0));
    expect(names.sort()).toEqual(['done "with, {braces}\\', 'too']);
  });

  test('a second job with the same key takes the place of the first, and waits for its time', async () => {
    const { task, names } = noting();
    await startScheduler({ tasks: { note: task } });
    const later = new Date(Date.now() + 3_600_000);
    await enqueue(pool, 'note', [{ jobKey: 'a', payload: { name: 'first' }, runAt: later }]);
    expect(await jobs()).toBe(1);
    await enqueue(pool, 'note', [{ jobKey: 'a', payload: { name: 'second' } }]);
    await eventually(async () => expect(await jobs()).toBe(0));
    expect(names).toEqual(['second']);
  });
});

describe('a job that fails', () => {
  test('is tried again by the next run, however long its own waiting time has become', async () => {
    let tries = 0;
    const scheduler = await startScheduler({
      tasks: {
        async flaky() {
          tries += 1;
          if (tries < 3) throw new Error('not now');
        },
      },
    });
    await enqueue(pool, 'flaky', [{ jobKey: 'a', payload: {} }]);
    await eventually(() => expect(tries).toBe(1));
    await eventually(async () => {
      await pool.query(
        "update graphile_worker._private_jobs set run_at = now() + interval '6 hours' where key = 'a' and attempts > 0 and locked_at is null",
      );
      await scheduler.runDue();
      expect(tries).toBe(3);
    });
    await eventually(async () => expect(await jobs()).toBe(0));
  });

  test('does not bring a job forward that waits for its time', async () => {
    const { task, names } = noting();
    const scheduler = await startScheduler({ tasks: { note: task } });
    const runAt = new Date(Date.now() + 3_600_000);
    await enqueue(pool, 'note', [{ jobKey: 'a', payload: { name: 'later' }, runAt }]);
    await scheduler.runDue();
    expect(await jobs()).toBe(1);
    expect(names).toEqual([]);
  });
});

describe('a worker that is gone', () => {
  test('leaves its jobs to the next one that starts', async () => {
    const { task, names } = noting();
    const first = await startScheduler({ tasks: {} });
    await enqueue(pool, 'note', [{ jobKey: 'a', payload: { name: 'orphan' } }]);
    await pool.query(
      "update graphile_worker._private_jobs set locked_by = 'pool-of-the-dead', locked_at = now(), attempts = 1 where key = 'a'",
    );
    await first.stop();
    running = [];
    await startScheduler({ tasks: { note: task } });
    await eventually(async () => expect(await jobs()).toBe(0));
    expect(names).toEqual(['orphan']);
  });

  test('is not mistaken for one that is busy', async () => {
    let entered = 0;
    let finish: () => void;
    const held = new Promise<void>((resolve) => (finish = resolve));
    const tasks = {
      async long() {
        entered += 1;
        await held;
      },
    };
    const [, other] = [await startScheduler({ tasks }), await startScheduler({ tasks })];
    await eventually(async () => {
      const { rows } = await pool.query(
        "select 1 from pg_locks where locktype = 'advisory' and granted and classid = $1",
        [0x6d6a6f62],
      );
      expect(rows).toHaveLength(2);
    });
    await enqueue(pool, 'long', [{ jobKey: 'a', payload: {} }]);
    await eventually(() => expect(entered).toBe(1));
    for (let i = 0; i < 5; i += 1) await other.runDue();
    const { rows } = await pool.query("select locked_by from graphile_worker.jobs where key = 'a'");
    expect(rows).toEqual([{ locked_by: expect.stringMatching(/^pool-/) as unknown }]);
    finish!();
    await eventually(async () => expect(await jobs()).toBe(0));
    expect(entered).toBe(1);
  });
});

describe('the scheduler', () => {
  test('goes on after the database has cut every connection while jobs were under way', async () => {
    const { task, names } = noting();
    let cuts = 2;
    const cutting: JobTask = async (payload, context) => {
      if (cuts > 0) {
        cuts -= 1;
        await pool.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'millrace jobs'",
        );
      }
      await task(payload, context);
    };
    const scheduler = await startScheduler({ tasks: { cutting } });
    for (const name of ['one', 'two', 'three']) {
      await enqueue(pool, 'cutting', [{ jobKey: name, payload: { name } }]);
    }
    await eventually(async () => {
      await scheduler.runDue();
      expect(await jobs()).toBe(0);
    });
    expect(new Set(names)).toEqual(new Set(['one', 'two', 'three']));
    expect(cuts).toBe(0);
  });

  test('submits what is due at its start, and one run after the other', async () => {
    const asked: string[] = [];
    let inside = 0;
    const source = {
      async due(): Promise<DueCommand[]> {
        inside += 1;
        expect(inside).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 5));
        inside -= 1;
        return asked.length > 20 ? [] : [{ kind: 'expire_loan', name: `n${asked.length}`, params: {}, place: '' }];
      },
    };
    const intake: typeof willing = {
      async submitInternal(_kind, name) {
        asked.push(name);
        return { ok: true, replayed: false } as Answer;
      },
    };
    const scheduler = await startScheduler({ sources: [source], intake });
    await eventually(() => expect(asked.length).toBeGreaterThan(0));
    await Promise.all([scheduler.runDue(), scheduler.runDue(), scheduler.runDue()]);
    expect(new Set(asked).size).toBe(asked.length);
  });

  test('a source that breaks is tried again, and does not break the scheduler', async () => {
    let tries = 0;
    const source = {
      async due(): Promise<DueCommand[]> {
        tries += 1;
        if (tries === 1) throw new Error('no answer');
        return [];
      },
    };
    const scheduler = await startScheduler({ sources: [source] });
    await eventually(() => expect(tries).toBeGreaterThan(0));
    expect(await scheduler.runDue()).toEqual({ submitted: 0, failed: 0 });
  });

  test('stops although a job waits for the outside, and the job is done at the next start', async () => {
    const { task, names } = noting();
    let waits = true;
    const waiting: JobTask = async (payload, context) => {
      await task(payload, context);
      if (!waits) return;
      await new Promise((_, reject) =>
        context.signal.addEventListener('abort', () => reject(new Error('told to stop'))),
      );
    };
    const first = await startScheduler({ tasks: { waiting } });
    await enqueue(pool, 'waiting', [{ jobKey: 'a', payload: { name: 'once' } }]);
    await eventually(() => expect(names).toHaveLength(1));
    await first.stop();
    running = [];
    waits = false;
    await startScheduler({ tasks: { waiting } });
    await eventually(async () => expect(await jobs()).toBe(0));
    expect(names).toEqual(['once', 'once']);
  });

  test('can be stopped while the connection on which it listens is lost', async () => {
    const proxy = await startProxy(database.connection);
    const listening = proxy.freezeAt('LISTEN');
    const scheduler = await startScheduler({ connection: proxy.connection });
    await listening;
    const stopped = scheduler.stop();
    running = [];
    await pause(50);
    // What the library does twice then would be an unhandled rejection, which ends a process.
    proxy.cut(0);
    await stopped;
    await proxy.close();
  });

  test('can be stopped before it was started, and prepared by several processes at once', async () => {
    const fresh = await createDatabase();
    const log = createLog('silent');
    const options = { connection: fresh.connection, clock: systemClock, log, tasks: {}, sources: [], intake: willing };
    const several = [1, 2, 3].map(() => createScheduler(options));
    await Promise.all(several.map((scheduler) => scheduler.prepare()));
    await Promise.all(several.map((scheduler) => scheduler.stop()));
    await fresh.drop();
  });
});
