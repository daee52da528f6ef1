import type pg from 'pg';
import { expect, test } from 'vitest';
import { DESKS } from '../../src/desks/index.ts';
import { createLog } from '../../src/ops/log.ts';
import { verify, type VerifyReport } from '../../src/ops/verify.ts';
import { createIndexProjection } from '../../src/reporting/index.ts';
import { writeOrder } from '../support/log-rows.ts';
import { ann, cash, faultsOf, ord, deposit, soundDatabase, world } from '../support/verify-bench.ts';

const run = (pool: pg.Pool, full = false): Promise<VerifyReport> =>
  verify(pool, {
    checks: DESKS.flatMap(({ checks }) => checks).filter(({ name }) => !name.startsWith('payments')),
    incremental: !full,
    record: true,
  });

async function index(pool: pg.Pool): Promise<void> {
  const projection = createIndexProjection({ pool, log: createLog('silent'), catchUpTimeoutMs: 600_000 });
  await projection.catchUp();
  await projection.stop();
}

async function deposited(pool: pg.Pool, shard = 0): Promise<string> {
  const transfers = [{ debit: world, credit: cash, amount: 7n, reason: 'deposit' }];
  return writeOrder(pool, {
    kind: 'deposit',
    userId: ann,
    shard,
    transfers,
    events: [{ type: 'deposit_received', userId: ann }],
  });
}

async function checkedOf(report: VerifyReport): Promise<Record<string, number | null>> {
  return Object.fromEntries(report.checks.map(({ name, checked }) => [name, checked]));
}

/** What no program of ours does. */
async function damage(pool: pg.Pool, statement: string): Promise<void> {
  for (const table of ['events', 'transfers', 'orders']) await pool.query(`alter table ${table} disable trigger user`);
  await pool.query(statement);
}

test('the first run reads everything, the next one what came since, and a full one everything again', async () => {
  const pool = await soundDatabase();
  const first = await run(pool);
  expect([first.ok, first.mode, first.builds_on]).toEqual([true, 'full', null]);
  await deposited(pool, 1);
  await deposited(pool, 0);
  await index(pool);
  const second = await run(pool);
  expect(faultsOf(second)).toEqual({});
  expect(second.mode).toBe('incremental');
  expect(await checkedOf(second)).toMatchObject({
    transfers_have_orders: 2,
    events_have_no_gap: 4,
    orders_and_events_agree: 4,
  });
  const third = await run(pool);
  expect(third.builds_on?.full_at).toBe(second.builds_on?.full_at);
  expect(await checkedOf(third)).toMatchObject({
    transfers_have_orders: 0,
    events_have_no_gap: 0,
    user_events_are_complete: 0,
  });
  const all = await run(pool, true);
  expect([all.ok, all.mode, all.builds_on]).toEqual([true, 'full', null]);
  expect(await checkedOf(all)).toMatchObject({ transfers_have_orders: 5 });
});

test('without being asked to, a run neither builds on anything nor writes anything down', async () => {
  const pool = await soundDatabase();
  expect((await verify(pool, { checks: [] })).mode).toBe('full');
  expect((await pool.query('select from proven')).rowCount).toBe(0);
  await run(pool);
  expect((await verify(pool, { checks: [] })).mode).toBe('full');
});

test('what the read models do not hold yet is proven by the run after', async () => {
  const pool = await soundDatabase();
  await run(pool);
  const id = await deposited(pool);
  expect(faultsOf(await run(pool))).toEqual({});
  await index(pool);
  await damage(pool, `delete from user_orders where order_ids = array['${id}'::uuid]`);
  expect(Object.keys(faultsOf(await run(pool)))).toEqual(['user_orders_are_complete']);
});

const NEW_DAMAGE: Record<string, string> = {
  "update accounts set balance = balance + 1 where purpose = 'cash'": 'balances_equal_transfers',
  'delete from transfers where seq = (select max(seq) from transfers where shard = 0) and shard = 0':
    'transfers_have_no_gap',
  "update transfers set credit_account_id = gen_random_uuid() where reason = 'deposit' and seq = (select max(seq) from transfers where shard = 0)":
    'transfers_have_accounts',
  'update transfers set order_id = gen_random_uuid() where shard = 0 and seq = (select max(seq) from transfers where shard = 0)':
    'transfers_have_orders',
  [`update transfers set order_id = '${deposit}' where shard = 0 and seq = (select max(seq) from transfers where shard = 0)`]:
    'postings_act_once',
  'delete from events where shard = 0 and seq = (select max(seq) - 1 from events where shard = 0)':
    'events_have_no_gap',
  'update orders set last_event_seq = first_event_seq where id = (select order_id from events where shard = 0 order by seq desc limit 1)':
    'orders_and_events_agree',
  'update events set opens_order = false where shard = 0 and seq = (select max(seq) from events where shard = 0)':
    'visible_orders_have_events',
  "insert into user_events values (gen_random_uuid(), 0, 99, '{99}')": 'user_events_are_complete',
  "insert into account_lines values (gen_random_uuid(), 0, 99, '{99}')": 'account_lines_are_complete',
  'update event_counts set count = count + 1': 'event_counts_are_exact',
  "insert into transfer_totals values (0, 'x', 'USD', 1, 1)": 'transfer_totals_are_exact',
  "update accounts set held = held + 1 where purpose = 'cash'": 'held_equals_holds',
};

test.each(Object.entries(NEW_DAMAGE))('beside what is proven it finds: %s', async (statement, check) => {
  const pool = await soundDatabase();
  await run(pool);
  await deposited(pool);
  await index(pool);
  await damage(pool, statement);
  const report = await run(pool);
  expect(report.mode).toBe('incremental');
  expect(Object.keys(faultsOf(report))).toContain(check);
  // Nothing was proven by it: the next one finds the same.
  expect(Object.keys(faultsOf(await run(pool)))).toContain(check);
});

test('a row of the proven part that was changed since is found by a full run, and then nothing builds on that part', async () => {
  const pool = await soundDatabase();
  await run(pool);
  await damage(pool, 'delete from transfers where shard = 0 and seq = 1');
  expect((await run(pool)).ok).toBe(true);
  expect(Object.keys(faultsOf(await run(pool, true)))).toContain('transfers_have_no_gap');
  const next = await run(pool);
  expect([next.mode, next.ok]).toEqual(['full', false]);
});

test('an order that acts once more after it was proven is named', async () => {
  const pool = await soundDatabase();
  await run(pool);
  await writeOrder(pool, {
    id: deposit,
    kind: 'deposit',
    userId: ann,
    transfers: [{ debit: world, credit: cash, amount: 10_000n, reason: 'deposit' }],
  });
  await pool.query(`update orders set updated_at = created_at`);
  await index(pool);
  const faults = faultsOf(await run(pool));
  expect(faults['postings_act_once']?.[0]).toContain(ord(deposit));
});

test('read models that are rebuilt, or retention that has gone past what was proven, make the next run read everything', async () => {
  const pool = await soundDatabase();
  await run(pool);
  await pool.query("update consumers set event_seq = 0 where name = 'index'");
  expect((await run(pool)).mode).toBe('full');
  await index(pool);
  await run(pool);
  await pool.query('insert into retention values (0, 1000)');
  expect((await run(pool)).mode).toBe('full');
});

test('beside a run that writes down what it has proven, another one only reports', async () => {
  const pool = await soundDatabase();
  const other = await pool.connect();
  await other.query('begin; select pg_advisory_xact_lock(1836280433)');
  expect((await run(pool)).ok).toBe(true);
  expect((await pool.query('select from proven')).rowCount).toBe(0);
  await other.query('rollback');
  other.release();
});
