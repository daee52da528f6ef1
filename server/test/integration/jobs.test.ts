import { describe, expect, test } from 'vitest';
import { enqueue, type NewJob, TURNS_MAX } from '../../src/db/jobs.ts';
import { eventually, noting, useSchedulers } from '../support/scheduler.ts';

const schedulers = useSchedulers();

describe('the task that submits what is due', () => {
  test('is forgotten for shards that this process has now under another name, and left to the owner of others', async () => {
    await schedulers.start({});
    await schedulers.stopAll();
    for (const task of ['submit_due', 'submit_due:1', 'submit_due:2', 'submit_due:3'])
      await enqueue(schedulers.pool, task, [{ jobKey: task, payload: {} }]);
    const left = async (): Promise<string[]> => {
      const { rows } = await schedulers.pool.query(
        'select task_identifier as task from graphile_worker.jobs order by 1',
      );
      return rows.map(({ task }) => task);
    };
    await schedulers.start({ ownShards: new Set([1, 2]) });
    await eventually(async () => expect(await left()).toEqual(['submit_due:3']));
    await schedulers.stopAll();
    await schedulers.start({});
    await eventually(async () => expect(await left()).toEqual([]));
  });
});

describe('enqueue', () => {
  test('a job exists with the commit of what it belongs to, and not without', async () => {
    const { task, names } = noting();
    await schedulers.start({ tasks: { note: task } });
    const client = await schedulers.pool.connect();
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
    await eventually(async () => expect(await schedulers.jobs()).toBe(0));
    expect(names.sort()).toEqual(['done "with, {braces}\\', 'too']);
  });

  test('a second job with the same key takes the place of the first, and waits for its time', async () => {
    const { task, names } = noting();
    await schedulers.start({ tasks: { note: task } });
    const later = new Date(Date.now() + 3_600_000);
    await enqueue(schedulers.pool, 'note', [{ jobKey: 'a', payload: { name: 'first' }, runAt: later }]);
    expect(await schedulers.jobs()).toBe(1);
    await enqueue(schedulers.pool, 'note', [{ jobKey: 'a', payload: { name: 'second' } }]);
    await eventually(async () => expect(await schedulers.jobs()).toBe(0));
    expect(names).toEqual(['second']);
  });
});

describe('users take turns', () => {
  const jobs = (user: string, count: number, from = 0): NewJob[] =>
    Array.from({ length: count }, (_, i) => {
      const name = `${user}${from + i}`;
      return { jobKey: name, payload: { name, user_id: user } };
    });
  // The order in which the scheduler takes them.
  const taken = async (limit: number): Promise<string[]> => {
    const { rows } = await schedulers.pool.query<{ name: string }>(
      "select payload ->> 'name' as name from graphile_worker._private_jobs where payload ->> 'name' is not null order by priority, run_at, id limit $1",
      [limit],
    );
    return rows.map(({ name }) => name);
  };

  test('one user’s 3,000 jobs do not make another’s first wait, whatever the task', async () => {
    await schedulers.start({});
    await schedulers.stopAll();
    for (let i = 0; i < 3_000; i += 1_000) await enqueue(schedulers.pool, 'note', jobs('a', 1_000, i));
    await enqueue(schedulers.pool, 'other', jobs('b', 2));
    await enqueue(schedulers.pool, 'note', [...jobs('c', 1), ...jobs('b', 1, 2)]);
    await enqueue(schedulers.pool, 'note', [{ jobKey: 'system', payload: { name: 'system' } }]);
    expect(await taken(8)).toEqual(['a0', 'b0', 'c0', 'system', 'a1', 'b1', 'a2', 'b2']);
    const { rows } = await schedulers.pool.query('select max(priority) from graphile_worker.jobs');
    expect(rows).toEqual([{ max: TURNS_MAX }]);
  });

  test('a job that is added again, or handed on to another task, keeps its turn', async () => {
    await schedulers.start({});
    await schedulers.stopAll();
    await enqueue(schedulers.pool, 'note', [...jobs('a', 3), ...jobs('b', 3)]);
    await enqueue(schedulers.pool, 'other', jobs('a', 1, 1));
    await enqueue(schedulers.pool, 'note', jobs('a', 1, 3));
    expect(await taken(7)).toEqual(['a0', 'b0', 'b1', 'a1', 'a2', 'b2', 'a3']);
  });

  test('a worker does them in that order', async () => {
    const { task, names } = noting();
    await schedulers.start({});
    await schedulers.stopAll();
    await enqueue(schedulers.pool, 'note', jobs('a', 50));
    await enqueue(schedulers.pool, 'note', jobs('b', 1));
    await schedulers.start({ tasks: { note: task } });
    await eventually(async () => expect(await schedulers.jobs()).toBe(0));
    // Six are done at once.
    expect(names.indexOf('b0')).toBeLessThan(12);
  });
});

describe('a job that fails', () => {
  test('is tried again by the next run, however long its own waiting time has become', async () => {
    let tries = 0;
    const scheduler = await schedulers.start({
      tasks: {
        async flaky() {
          tries += 1;
          if (tries < 3) throw new Error('not now');
        },
      },
    });
    await enqueue(schedulers.pool, 'flaky', [{ jobKey: 'a', payload: {} }]);
    await eventually(() => expect(tries).toBe(1));
    await eventually(async () => {
      await schedulers.pool.query(
        "update graphile_worker._private_jobs set run_at = now() + interval '6 hours' where key = 'a' and attempts > 0 and locked_at is null",
      );
      await scheduler.runDue();
      expect(tries).toBe(3);
    });
    await eventually(async () => expect(await schedulers.jobs()).toBe(0));
  });

  test('does not bring a job forward that waits for its time', async () => {
    const { task, names } = noting();
    const scheduler = await schedulers.start({ tasks: { note: task } });
    const runAt = new Date(Date.now() + 3_600_000);
    await enqueue(schedulers.pool, 'note', [{ jobKey: 'a', payload: { name: 'later' }, runAt }]);
    await scheduler.runDue();
    expect(await schedulers.jobs()).toBe(1);
    expect(names).toEqual([]);
  });
});

describe('a worker that is gone', () => {
  test('leaves its jobs to the next one that starts', async () => {
    const { task, names } = noting();
    await schedulers.start({ tasks: {} });
    await enqueue(schedulers.pool, 'note', [{ jobKey: 'a', payload: { name: 'orphan' } }]);
    await schedulers.pool.query(
      "update graphile_worker._private_jobs set locked_by = 'schedulers.pool-of-the-dead', locked_at = now(), attempts = 1 where key = 'a'",
    );
    await schedulers.stopAll();
    await schedulers.start({ tasks: { note: task } });
    await eventually(async () => expect(await schedulers.jobs()).toBe(0));
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
    const [, other] = [await schedulers.start({ tasks }), await schedulers.start({ tasks })];
    await eventually(async () => {
      const { rows } = await schedulers.pool.query(
        "select 1 from pg_locks where locktype = 'advisory' and granted and classid = $1",
        [0x6d6a6f62],
      );
      expect(rows).toHaveLength(2);
    });
    await enqueue(schedulers.pool, 'long', [{ jobKey: 'a', payload: {} }]);
    await eventually(() => expect(entered).toBe(1));
    for (let i = 0; i < 5; i += 1) await other.runDue();
    const { rows } = await schedulers.pool.query("select locked_by from graphile_worker.jobs where key = 'a'");
    expect(rows).toEqual([{ locked_by: expect.stringMatching(/^pool-/) as unknown }]);
    finish!();
    await eventually(async () => expect(await schedulers.jobs()).toBe(0));
    expect(entered).toBe(1);
  });
});
