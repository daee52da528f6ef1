import type pg from 'pg';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { settableClock } from '../../src/core/clock.ts';
import { uuidv7 } from '../../src/core/ids.ts';
import { createPool } from '../../src/db/pool.ts';
import { cashOf, outside } from '../../src/ledger/index.ts';
import { verify } from '../../src/ops/verify.ts';
import { createIndexProjection } from '../../src/reporting/index.ts';
import { createRetention, type Retention, type RetentionLimits } from '../../src/retention/retention.ts';
import { startTestCore } from '../support/core.ts';
import { accountIds, writeInstallation } from '../support/account-ids.ts';
import { createDatabase } from '../support/database.ts';
import { writeOrder } from '../support/log-rows.ts';
import { faultsOf } from '../support/verify-bench.ts';

const DAY = 24 * 3_600_000;
const LIMITS: RetentionLimits = {
  rejectedDays: 30,
  rejectedOrdersMax: 1_000_000,
  idempotencyDays: 30,
  deadLetterDays: 90,
  openDeadLetterDays: 400,
};
const log = pino({ level: 'silent' });

const ann = uuidv7();
const bert = uuidv7();
const cash = cashOf(ann, 'USD');

interface World {
  pool: pg.Pool;
  /** The read models have everything. */
  index(): Promise<void>;
  retention(limits?: Partial<RetentionLimits>): Retention;
}

async function openWorld(): Promise<World> {
  const database = await createDatabase();
  const pool = createPool(database.connection);
  await writeInstallation(pool);
  onTestFinished(async () => {
    await pool.end();
    await database.drop();
  });
  return {
    pool,
    async index() {
      const projection = createIndexProjection({ pool, log, catchUpTimeoutMs: 600_000 });
      await projection.catchUp();
      await projection.stop();
    },
    retention: (limits = {}) =>
      createRetention({ pool, clock: settableClock(Date.now()), limits: { ...LIMITS, ...limits }, log }),
  };
}

const ago = (days: number): Date => new Date(Date.now() - days * DAY);
const rejected = { kind: 'fund_loan', status: 'rejected' } as const;
const paid = { debit: outside('USD'), credit: cash, amount: 100n };

async function ids(pool: pg.Pool, table = 'orders', column = 'id'): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(`select ${column} as id from ${table} order by 1`);
  return rows.map(({ id }) => id);
}

async function expectSound(pool: pg.Pool): Promise<void> {
  expect(faultsOf(await verify(pool, { checks: [] }))).toEqual({});
}

test('rejected orders go when they are old, with their events; the log stays provable, and what moved money stays', async () => {
  const { pool, index, retention } = await openWorld();
  const kept: string[] = [];
  const dropped: string[] = [];
  for (let day = 40; day >= 20; day -= 1) {
    for (const userId of [ann, bert]) {
      const id = await writeOrder(pool, { ...rejected, userId, at: ago(day), shard: day % 2 });
      (day >= 30 ? dropped : kept).push(id);
    }
    kept.push(
      await writeOrder(pool, { kind: 'deposit', userId: ann, at: ago(day), transfers: [paid], shard: day % 2 }),
    );
  }
  await index();
  expect(await retention().run()).toEqual({ orders: dropped.length, keys: 0, dead_letters: 0 });
  expect(await ids(pool)).toEqual(kept.toSorted());
  expect(await ids(pool, 'events', 'order_id')).toEqual(kept.toSorted());
  expect(await ids(pool, 'user_orders', 'unnest(order_ids)')).toEqual(kept.toSorted());
  await expectSound(pool);
  // Again changes nothing, and what comes later is indexed and checked as ever.
  expect((await retention().run()).orders).toBe(0);
  await writeOrder(pool, { ...rejected, userId: ann });
  await index();
  await expectSound(pool);
});

test('read models that are rebuilt have the same numbers as before, what was dropped included', async () => {
  const { pool, index, retention } = await openWorld();
  for (const day of [50, 40.5, 40, 3, 0.2, 0.1])
    for (let i = 0; i < 3; i += 1) await writeOrder(pool, { ...rejected, userId: ann, at: ago(day) });
  await index();
  const numbers = 'select grain, at, kind, status, count, opened from event_counts order by grain, at';
  const before = (await pool.query(numbers)).rows;
  expect((await retention({ rejectedOrdersMax: 5 }).run()).orders).toBe(15);
  expect((await pool.query(numbers)).rows).toEqual(before);
  await pool.query(`delete from consumers where name = 'index';
    truncate user_orders, user_events, account_lines, event_counts, transfer_totals`);
  await index();
  expect((await pool.query(numbers)).rows).toEqual(before);
  await expectSound(pool);
});

test('of more rejected orders than the limit the oldest go before their time, but none of the last hour', async () => {
  const { pool, index, retention } = await openWorld();
  for (let minute = 300; minute > 0; minute -= 10)
    await writeOrder(pool, { ...rejected, userId: ann, at: new Date(Date.now() - minute * 60_000) });
  await index();
  await retention({ rejectedOrdersMax: 10 }).run();
  expect((await ids(pool)).length).toBe(10);
  await retention({ rejectedOrdersMax: 1 }).run();
  expect((await ids(pool)).length).toBe(5);
  await expectSound(pool);
});

test('a clock that jumps ahead drops nothing', async () => {
  const { pool, index } = await openWorld();
  await writeOrder(pool, { ...rejected, userId: ann });
  await index();
  const clock = settableClock(Date.now() + 400 * DAY);
  expect((await createRetention({ pool, clock, limits: LIMITS, log }).run()).orders).toBe(0);
});

test('what has transfers, a hold or an earlier status never goes, whatever its status says', async () => {
  const { pool, index, retention } = await openWorld();
  const at = ago(100);
  const moved = await writeOrder(pool, { ...rejected, userId: ann, at, transfers: [paid] });
  const held = await writeOrder(pool, { ...rejected, userId: ann, at });
  await pool.query(
    `insert into holds (id, account_id, order_id, amount, released, created_at, updated_at) values ($1, $2, $3, 5, 5, now(), now())`,
    [uuidv7(), accountIds(cash), held],
  );
  const once = await writeOrder(pool, { kind: 'withdraw', status: 'pending', userId: ann, at });
  await writeOrder(pool, { id: once, kind: 'withdraw', status: 'rejected', userId: ann, at });
  const failed = await writeOrder(pool, { kind: 'transfer', status: 'failed', userId: ann, at });
  const plain = await writeOrder(pool, { ...rejected, userId: ann, at });
  await index();
  expect((await retention().run()).orders).toBe(1);
  expect(await ids(pool)).toEqual([moved, held, once, failed].toSorted());
  expect(await ids(pool)).not.toContain(plain);
});

test('nothing but retention deletes events, and nobody deletes an order that was not rejected', async () => {
  const { pool } = await openWorld();
  await writeOrder(pool, { kind: 'deposit', userId: ann });
  await writeOrder(pool, { ...rejected, userId: ann });
  await expect(pool.query('delete from events')).rejects.toThrow('append-only');
  await expect(pool.query('delete from orders')).rejects.toThrow('append-only');
  const client = await pool.connect();
  await client.query(`begin; set local millrace.retention = 'on'`);
  await expect(client.query('delete from events where seq = 1')).rejects.toThrow('append-only');
  client.release(true);
});

test('idempotency keys expire, and go before the rejected order that they stand for', async () => {
  const { pool, index, retention } = await openWorld();
  const key = (name: string, order: string, at: Date): Promise<unknown> =>
    pool.query(`insert into idempotency_keys values ($1, 'orders', $2, 'f', $3, $4)`, [ann, name, order, at]);
  const completed = { kind: 'deposit', userId: ann, transfers: [paid] };
  for (const [name, order, days] of [
    ['old', completed, 40],
    ['young', completed, 20],
    ['rejected', { ...rejected, userId: ann }, 20],
  ] as const)
    await key(name, await writeOrder(pool, { ...order, at: ago(days) }), ago(days));
  await index();
  expect(await retention({ rejectedDays: 10 }).run()).toEqual({ orders: 1, keys: 2, dead_letters: 0 });
  expect(await ids(pool, 'idempotency_keys', 'key')).toEqual(['young']);
  await expectSound(pool);
});

test('dead letters expire: retried ones after the retry, others later', async () => {
  const { pool, retention } = await openWorld();
  for (const [name, created, retried] of [
    ['retried long ago', 100, 95],
    ['retried lately', 100, 5],
    ['open', 100, null],
    ['open for ever', 401, null],
  ] as const)
    await pool.query(`insert into dead_letters values ($1, $2, 'transfer', '{}', $3, $4, $5)`, [
      uuidv7(),
      uuidv7(),
      name,
      ago(created),
      retried && ago(retried),
    ]);
  expect(await retention().run()).toEqual({ orders: 0, keys: 0, dead_letters: 2 });
  expect(await ids(pool, 'dead_letters', 'error')).toEqual(['open', 'retried lately']);
});

test('a run that is ended between two slices, or undone in one, is gone on with by the next', async () => {
  const { pool, index, retention } = await openWorld();
  for (let i = 0; i < 20; i += 1) await writeOrder(pool, { ...rejected, userId: ann, at: ago(40), shard: i % 4 });
  await index();
  // After the first slice of the first shard: the counts of the others are a statement that fails.
  await pool.query(`alter table dropped_orders add constraint broken check (shard < 2)`);
  await expect(retention().run()).rejects.toThrow('broken');
  expect((await ids(pool)).length).toBe(10);
  await expectSound(pool);
  await pool.query('alter table dropped_orders drop constraint broken');
  expect((await retention().run()).orders).toBe(10);
  await expectSound(pool);
});

test('a consumer that has not read an event yet finds it', async () => {
  const { pool, index, retention } = await openWorld();
  for (let i = 0; i < 4; i += 1) await writeOrder(pool, { ...rejected, userId: ann, at: ago(40) });
  await index();
  await pool.query("insert into consumers (name, shard, event_seq) values ('webhooks', 0, 2)");
  expect((await retention().run()).orders).toBe(2);
  await pool.query("update consumers set event_seq = 4 where name = 'webhooks'");
  expect((await retention().run()).orders).toBe(2);
});

test('verify names an event that is missing beside those that were dropped, and a note that is wrong', async () => {
  const { pool, index, retention } = await openWorld();
  for (let i = 0; i < 9; i += 1)
    await writeOrder(pool, { ...(i % 3 ? rejected : { kind: 'transfer' }), userId: ann, at: ago(40) });
  await index();
  await retention().run();
  await pool.query('alter table events disable trigger user; delete from events where seq = 4');
  const faults = faultsOf(await verify(pool, { checks: [] }));
  expect(faults['events_have_no_gap']).toEqual(['0-4: is missing']);
  await pool.query('update event_gaps set seqs = seqs + int8multirange(int8range(4, 5))');
  expect(Object.keys(faultsOf(await verify(pool, { checks: [] })))).toContain('dropped_orders_are_counted');
});

test('a repeated id or key of a dropped order is decided again; a flood leaves as many rows as the limit says', async () => {
  const { core, pool, user, stop } = await startTestCore({ flags: ['--rejected-orders-max', '1000'] });
  onTestFinished(stop);
  const caller = await user({ money: '10.00' });
  const id = `ord_${uuidv7()}`;
  const order = { kind: 'transfer', id, params: { to_user: `usr_${uuidv7()}`, asset: 'USD', amount: '5000.00' } };
  const idempotency = { operation: 'orders', key: 'k', fingerprint: 'f' };
  const first = await core.intake.submit(caller, { ...order, idempotency });
  expect(first.ok && first.order.status).toBe('rejected');
  await Promise.all(Array.from({ length: 2_000 }, () => core.intake.submit(caller, { ...order, id: undefined })));
  await core.projection.catchUp();
  // Two hours pass, for everything that is there.
  await pool.query(`alter table events disable trigger user; update events set at = at - interval '2 hours';
    alter table events enable trigger user;
    update orders set created_at = created_at - interval '2 hours', updated_at = updated_at - interval '2 hours';
    update idempotency_keys set created_at = created_at - interval '2 hours';
    update event_counts set at = at - interval '2 hours'`);
  await core.retention.run();
  const { rows } = await pool.query<{ count: number }>("select count(*)::int from orders where status = 'rejected'");
  expect(rows[0]?.count).toBeLessThanOrEqual(1_000);
  expect((await pool.query('select from idempotency_keys')).rowCount).toBe(0);
  const again = await core.intake.submit(caller, { ...order, idempotency });
  expect(again.ok && { replayed: again.replayed, status: again.order.status }).toEqual({
    replayed: false,
    status: 'rejected',
  });
  await core.projection.catchUp();
  expect(faultsOf(await verify(pool, { checks: core.checks }))).toEqual({});
});
