import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { runMigrations } from 'graphile-worker';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import type { OrderAnswer } from '../../src/core/order.ts';
import { settableClock } from '../../src/core/clock.ts';
import { parseId } from '../../src/core/ids.ts';
import { migrate, migrationsAmong } from '../../src/db/migrator.ts';
import { createPool } from '../../src/db/pool.ts';
import { workerLogger } from '../../src/effects/job-runner.ts';
import type { Gateway } from '../../src/desks/gateway.ts';
import { createLog } from '../../src/ops/log.ts';
import { orderOf, startTestCore } from '../support/core.ts';
import { createDatabase } from '../support/database.ts';
import { startTestEffects } from '../support/effects.ts';
import { expectSound } from '../support/ledger.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);
const MIGRATION = /_errands\.sql$/;

test('withdrawals that lay in the queue of the version before go on, each once and in their turns', async () => {
  const database = await createDatabase();
  const clock = settableClock(Date.now());
  const before = await startTestCore({ database, clock });
  const user = await before.user({ money: '100.00' });
  const orders: OrderAnswer[] = [];
  for (const amount of ['1.00', '2.00', '3.00', '4.00'])
    orders.push(orderOf(await before.core.intake.submit(user, { kind: 'withdraw', params: { asset: 'USD', amount } })));
  await before.stop();

  // As the version before left it: jobs of its own kind, of which one is handed to a shard, one is locked by a process that is gone,
  // and one has given up; its consumer has read all, and its own requeueing waits for its turn.
  const { pool, ...old } = await oldVersion(database.connection);
  for (const [index, { id, user_id, result, created_at }] of orders.entries())
    await pool.query(
      'select graphile_worker.add_job($1, payload := $2::json, job_key := $3, max_attempts := 10000, priority := $4)',
      [
        index === 1 ? 'withdraw:0' : 'withdraw',
        JSON.stringify({
          order_id: id,
          user_id,
          asset: 'USD',
          amount: result['amount'],
          requested_at: created_at,
        }),
        `withdraw/${id}`,
        index,
      ],
    );
  const set = (what: string, index: number) =>
    pool.query(`update graphile_worker._private_jobs set ${what} where key = $1`, [`withdraw/${orders[index]!.id}`]);
  await set("locked_by = 'gone', locked_at = now(), attempts = 1", 2);
  await set('attempts = max_attempts', 3);
  await pool.query("select graphile_worker.add_job('requeue_withdrawals', job_key := 'requeue_withdrawals')");
  await old.upgrade();

  const { rows: jobs } = await pool.query(
    'select task_identifier as task, key, priority, attempts from graphile_worker.jobs order by priority',
  );
  expect(jobs).toEqual(
    orders.map(({ id }, priority) => ({ task: 'errand', key: `withdraw/${id}`, priority, attempts: 0 })),
  );
  const { rows: consumers } = await pool.query("select name from consumers where name <> 'index'");
  expect(new Set(consumers.map(({ name }) => name))).toEqual(new Set(['errands']));

  const after = await startTestCore({ database, clock });
  const asked: string[] = [];
  const gateway: Gateway = {
    name: 'test',
    async pay({ orderId, asset, amount, expiresAt }) {
      asked.push(`${orderId} ${amount} ${asset} ${expiresAt}`);
      return { approved: true };
    },
  };
  const effects = await startTestEffects(after, { gateway });
  await vi.waitFor(
    async () => {
      const { rows } = await pool.query("select id from orders where kind = 'withdraw' and status = 'completed'");
      expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(orders.map(({ id }) => parseId('order', id))));
    },
    { timeout: 50_000, interval: 30 },
  );
  const expiresAt = clock.now() + 24 * 3_600_000;
  expect(asked.toSorted()).toEqual(
    orders.map(({ id, result }) => `${id} ${result['amount'] as string} USD ${expiresAt}`).toSorted(),
  );
  await effects.stop();
  await expectSound(pool);
  await after.stop();
});

test('an installation that no server has opened yet is upgraded too', async () => {
  const server = inject('postgres');
  const name = `test_${randomBytes(8).toString('hex')}`;
  const admin = createPool(server);
  await admin.query(`create database ${name}`);
  onTestFinished(async () => {
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  });
  expect((await migrate({ ...server, database: name })).some((file) => MIGRATION.test(file))).toBe(true);
});

/** Takes the database back to before the migration. */
async function oldVersion(connection: Parameters<typeof createPool>[0]) {
  const pool = createPool(connection);
  onTestFinished(() => pool.end());
  await runMigrations({ pgPool: pool, logger: workerLogger(createLog('silent')) });
  await pool.query("insert into consumers (name, shard, event_seq) select 'withdrawals', id, event_seq from shards");
  const file = migrationsAmong(await readdir(MIGRATIONS)).find((one) => MIGRATION.test(one)) as string;
  const upgrade = async (): Promise<void> => {
    const client = await pool.connect();
    await client.query('begin');
    await client.query(await readFile(new URL(file, MIGRATIONS), 'utf8'));
    await client.query('commit');
    client.release();
  };
  return { pool, upgrade };
}
