import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { enqueue } from '../../src/db/jobs.ts';
import type { DueCommand } from '../../src/desks/module.ts';
import { createScheduler, type JobTask } from '../../src/effects/index.ts';
import type { Answer } from '../../src/intake/intake.ts';
import { createLog } from '../../src/ops/log.ts';
import { createDatabase } from '../support/database.ts';
import { startProxy } from '../support/proxy.ts';
import { eventually, noting, useSchedulers, willing } from '../support/scheduler.ts';

const schedulers = useSchedulers();

describe('the scheduler', () => {
  test('goes on after the database has cut every connection while jobs were under way', async () => {
    const { task, names } = noting();
    let cuts = 2;
    const cutting: JobTask = async (payload, context) => {
      if (cuts > 0) {
        cuts -= 1;
        await schedulers.pool.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'millrace jobs'",
        );
      }
      await task(payload, context);
    };
    const scheduler = await schedulers.start({ tasks: { cutting } });
    for (const name of ['one', 'two', 'three']) {
      await enqueue(schedulers.pool, 'cutting', [{ jobKey: name, payload: { name } }]);
    }
    await eventually(async () => {
      await scheduler.runDue();
      expect(await schedulers.jobs()).toBe(0);
    });
    expect(new Set(names)).toEqual(new Set(['one', 'two', 'three']));
    expect(cuts).toBe(0);
  });

  test('goes on each minute where the clock was ahead for a while and has come back', async () => {
    const { task, names } = noting();
    let rounds = 0;
    const ran = async (): Promise<void> => void (rounds += 1);
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      vi.setSystemTime(Date.now() + 40 * 86_400_000);
      const recurs: JobTask = (_payload, context) => task({ name: 'tidied' }, context);
      await schedulers.start({ ran, tasks: { recurs }, recurring: { recurs: 2 }, minuteMs: 50 });
      await eventually(() => expect([rounds > 2, names.length > 0]).toEqual([true, true]));
    } finally {
      vi.useRealTimers();
    }
    const [before, tidied] = [rounds, names.length];
    await eventually(() => expect(rounds).toBeGreaterThan(before + 2));
    await eventually(() => expect(names.length).toBeGreaterThan(tidied + 1));
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
    const scheduler = await schedulers.start({ sources: [source], intake });
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
    const scheduler = await schedulers.start({ sources: [source] });
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
    await schedulers.start({ tasks: { waiting } });
    await enqueue(schedulers.pool, 'waiting', [{ jobKey: 'a', payload: { name: 'once' } }]);
    await eventually(() => expect(names).toHaveLength(1));
    await schedulers.stopAll();
    waits = false;
    await schedulers.start({ tasks: { waiting } });
    await eventually(async () => expect(await schedulers.jobs()).toBe(0));
    expect(names).toEqual(['once', 'once']);
  });

  test('can be stopped while the connection on which it listens is lost', async () => {
    const proxy = await startProxy(schedulers.database.connection);
    const listening = proxy.freezeAt('LISTEN');
    await schedulers.start({ connection: proxy.connection });
    await listening;
    const stopped = schedulers.stopAll();
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
