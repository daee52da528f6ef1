import type { Scope } from '@millrace/contract';
import type pg from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { uuidv7 } from '../../src/core/ids.ts';
import { createPool } from '../../src/db/pool.ts';
import { cashOf, outside } from '../../src/ledger/index.ts';
import { verify } from '../../src/ops/verify.ts';
import { indexChunk } from '../../src/reporting/index-chunk.ts';
import { createIndexProjection, createReporting, type IndexProjectionOptions } from '../../src/reporting/index.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { writeOrder } from '../support/log-rows.ts';

const log = pino({ level: 'silent' });
/** Longer than any test: what must not happen by itself. */
const NEVER_MS = 600_000;
const ann = uuidv7();
const bob = uuidv7();

let database: TestDatabase;
let pool: pg.Pool;

beforeEach(async () => {
  database = await createDatabase();
  pool = createPool(database.connection);
});

afterEach(async () => {
  await pool.end();
  await database.drop();
});

function projectionOf(options: Partial<IndexProjectionOptions> = {}) {
  const projection = createIndexProjection({ pool, log, delayMs: NEVER_MS, catchUpTimeoutMs: NEVER_MS, ...options });
  onTestFinished(() => projection.stop());
  return projection;
}

/** Orders of two users in turn, a cent each, of which the other one hears. */
async function writeOrders(count: number, shard = 0): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const [from, to] = i % 2 === 0 ? [ann, bob] : [bob, ann];
    await writeOrder(pool, {
      shard,
      userId: from,
      transfers: [{ debit: outside('USD'), credit: cashOf(from, 'USD'), amount: 1n }],
      events: [{ type: 'transfer_received', userId: to }],
    });
  }
}

/** Invariants over the read models: nothing is missing or superfluous up to the cursor. */
async function expectComplete(): Promise<void> {
  const report = await verify(pool, { checks: [] });
  expect(report.checks.filter((check) => /user_|lines/.test(check.name) && !check.ok)).toEqual([]);
}

/** How many entries a read model holds. */
async function count(table: string): Promise<number> {
  const { rows } = await pool.query<{ count: bigint }>(
    `select coalesce(sum(cardinality(seqs)), 0)::bigint as count from ${table}`,
  );
  return Number(rows[0]!.count);
}

async function expectAllIndexed(orders: number): Promise<void> {
  await expectComplete();
  expect(await Promise.all(['user_orders', 'user_events', 'account_lines'].map(count))).toEqual([
    orders,
    2 * orders,
    2 * orders,
  ]);
}

test('every order, event and transfer is indexed for those it concerns, chunk by chunk', async () => {
  await writeOrders(10);
  await writeOrder(pool, { userId: null, visible: false, events: [{ type: 'loan_created', userId: null }] });
  const outcomes: string[] = [];
  for (let i = 0; i < 8; i += 1) outcomes.push(await indexChunk(pool, 0, 4));
  expect(outcomes).toEqual(['done', 'done', 'done', 'done', 'done', 'done', 'idle', 'idle']);
  await expectAllIndexed(10);
});

test('an order that is processed twice is listed once', async () => {
  const id = await writeOrder(pool, { userId: ann, status: 'pending' });
  await indexChunk(pool, 0);
  await writeOrder(pool, { id, userId: ann, status: 'completed' });
  await writeOrder(pool, { id, userId: ann, status: 'completed' });
  await indexChunk(pool, 0);
  expect([await count('user_orders'), await count('user_events')]).toEqual([1, 3]);
});

test('a second runner leaves a shard alone that another is indexing', async () => {
  await writeOrders(3);
  await indexChunk(pool, 0, 1);
  const other = await pool.connect();
  await other.query(`begin; select from consumers where name = 'index' for update`);
  expect(await indexChunk(pool, 0)).toBe('busy');
  await other.query('rollback');
  other.release();
  expect(await indexChunk(pool, 0)).toBe('done');
  await expectAllIndexed(3);
});

test('several runners and writers at once index each entry of every shard exactly once', async () => {
  let isWriting = true;
  const writers = Promise.all([writeOrders(60, 0), writeOrders(60, 1)]).then(() => {
    isWriting = false;
  });
  const runner = async (): Promise<void> => {
    for (;;) {
      const wasWriting = isWriting;
      const outcomes = [await indexChunk(pool, 0, 3), await indexChunk(pool, 1, 3)];
      if (!wasWriting && outcomes.every((outcome) => outcome === 'idle')) return;
    }
  };
  await Promise.all([writers, runner(), runner(), runner()]);
  await expectAllIndexed(120);
});

test('a runner that dies in the middle of a chunk leaves nothing half done', async () => {
  await writeOrders(6);
  await indexChunk(pool, 0, 2);
  const doomed = createPool(database.connection, { applicationName: 'doomed', max: 1 });
  onTestFinished(() => doomed.end());
  // Each table in turn is where it has to wait, with what it wrote before in hand.
  for (const table of ['user_events', 'user_orders', 'account_lines']) {
    const blocker = await pool.connect();
    await blocker.query(`begin; lock table ${table}`);
    const chunk = indexChunk(doomed, 0, 2).catch((error: Error) => error.message);
    await expect
      .poll(async () => (await pool.query('select from pg_locks where not granted')).rowCount, { timeout: 30_000 })
      .toBe(1);
    await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'doomed'`);
    expect(await chunk).toMatch(/terminat/);
    await blocker.query('rollback');
    blocker.release();
    await expectComplete();
  }
  while ((await indexChunk(pool, 0)) !== 'idle');
  await expectAllIndexed(6);
});

// Rows that begin where the new ones would, rows that do not, and rows in whose middle the cursor stands.
test.each([
  ['to the beginning', 'delete from consumers'],
  ['to the beginning, with rows missing', 'delete from consumers; delete from user_events where first_seq < 5'],
  ['and one table emptied', 'delete from consumers; truncate user_events, account_lines'],
  ['into the middle', 'update consumers set event_seq = 7, transfer_seq = 3'],
  [
    'into the middle, with rows missing',
    `update consumers set event_seq = 7; delete from user_events where first_seq > 7`,
  ],
])('after the cursor was set back %s everything is indexed once, over what is left of the rows', async (_, damage) => {
  await writeOrders(6);
  await writeOrders(6, 1);
  for (const shard of [0, 1]) while ((await indexChunk(pool, shard, 4)) !== 'idle');
  await pool.query(damage);
  for (const shard of [0, 1]) while ((await indexChunk(pool, shard, 5)) !== 'idle');
  await expectAllIndexed(12);
});

test('rows hold many entries of one owner each, and no more than the schema allows', async () => {
  await writeOrders(140);
  await indexChunk(pool, 0);
  const { rows } = await pool.query(
    'select cardinality(seqs) as size from user_events where user_id = $1 order by first_seq',
    [ann],
  );
  expect(rows.map(({ size }) => size)).toEqual([64, 64, 12]);
  await expectAllIndexed(140);
});

test('catching up waits for everything that was committed before, in every shard', async () => {
  await writeOrders(5, 0);
  await writeOrders(5, 1);
  const projection = projectionOf({ chunkSizeMax: 3 });
  const [first, second] = await Promise.all([projection.catchUp(), projection.catchUp()]);
  expect(first).toEqual({
    ok: true,
    value: new Map([0, 1].map((shard) => [shard, { eventSeq: 10, transferSeq: 5 }])),
  });
  expect(second).toEqual(first);
  await expectAllIndexed(10);
  expect(await projection.lag()).toBe(0);
});

test('catching up returns while others go on writing, and the writer finds its own order', async () => {
  const projection = projectionOf({ chunkSizeMax: 5 });
  const reporting = createReporting({ pool, projection });
  const writing = new AbortController();
  const writers = [0, 1].map(async (shard) => {
    while (!writing.signal.aborted) await writeOrders(1, shard);
  });
  const carol = uuidv7();
  const caller = { userId: carol, actingFor: carol, role: 'investor', scopes: new Set<Scope>() } as const;
  for (let i = 1; i <= 20; i += 1) {
    const id = await writeOrder(pool, { userId: carol, shard: i % 2 });
    const list = await reporting.orders.list(caller, { limit: 1 });
    expect(list).toMatchObject({ ok: true, value: { data: [{ id: `ord_${id}` }] } });
  }
  writing.abort();
  await Promise.all(writers);
});

test('who waits longer than the limit is told not_ready, and the next one is served once the index is free', async () => {
  await writeOrders(1);
  await indexChunk(pool, 0);
  await writeOrders(1);
  const other = await pool.connect();
  await other.query(`begin; select from consumers where name = 'index' for update`);
  const projection = projectionOf({ catchUpTimeoutMs: 50 });
  expect(await projection.catchUp()).toMatchObject({ ok: false, problem: { code: 'not_ready', retryAfterSeconds: 1 } });
  await other.query('rollback');
  other.release();
  const patient = projectionOf();
  expect(await patient.catchUp()).toMatchObject({ ok: true });
  await expectAllIndexed(2);
});

test('a later page of a list waits for what it shows, and for nothing that came after', async () => {
  await writeOrders(6);
  await indexChunk(pool, 0);
  const hasty = createReporting({ pool, projection: projectionOf({ catchUpTimeoutMs: 50 }) });
  const caller = { userId: ann, actingFor: ann, role: 'investor', scopes: new Set<Scope>() } as const;
  const first = await hasty.orders.list(caller, { limit: 2 });
  const cursor = first.ok ? (first.value.next_cursor ?? undefined) : undefined;
  const hold = async () => {
    const other = await pool.connect();
    await other.query(`begin; select from consumers where name = 'index' for update`);
    return async () => {
      await other.query('rollback');
      other.release();
    };
  };
  const release = await hold();
  await writeOrders(1);
  const later = await hasty.orders.list(caller, { limit: 2, cursor });
  expect(later).toMatchObject({ ok: true, value: { data: [{}], has_more: false } });
  await release();
  await pool.query(
    `update consumers set event_seq = 0, transfer_seq = 0; truncate user_orders, user_events, account_lines`,
  );
  const releaseAgain = await hold();
  expect(await hasty.orders.list(caller, { limit: 2, cursor })).toMatchObject({ problem: { code: 'not_ready' } });
  await releaseAgain();
  const patient = createReporting({ pool, projection: projectionOf() });
  expect(await patient.orders.list(caller, { limit: 2, cursor })).toEqual(later);
});

test('at the start it indexes what an earlier process left, and later what it is woken for', async () => {
  await writeOrders(2);
  const projection = projectionOf({ delayMs: 1 });
  projection.start();
  await expect.poll(() => projection.lag(), { timeout: 30_000 }).toBe(0);
  await writeOrders(3);
  projection.wake();
  await expect.poll(() => projection.lag(), { timeout: 30_000 }).toBe(0);
  await expectAllIndexed(5);
});

test('it goes on by itself after the database broke its connections', async () => {
  const own = createPool(database.connection, { applicationName: 'projection', max: 1 });
  onTestFinished(() => own.end());
  await writeOrders(2);
  await own.query('select 1');
  const blocker = await pool.connect();
  await blocker.query('begin; lock table user_events');
  const projection = projectionOf({ pool: own, delayMs: 1 });
  projection.start();
  const waiting = () =>
    pool.query(`select pid from pg_stat_activity where application_name = 'projection' and wait_event_type = 'Lock'`);
  await expect.poll(async () => (await waiting()).rowCount, { timeout: 30_000 }).toBe(1);
  await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'projection'`);
  await blocker.query('rollback');
  blocker.release();
  await expect.poll(() => projection.lag(), { timeout: 30_000 }).toBe(0);
  await expectAllIndexed(2);
});

test('a stop refuses those who wait and begins nothing new', async () => {
  await writeOrders(1);
  const other = await pool.connect();
  await other.query('begin; lock table user_events');
  const projection = projectionOf();
  const refused = projection.catchUp();
  await expect
    .poll(async () => (await pool.query(`select from pg_locks where not granted`)).rowCount, { timeout: 30_000 })
    .toBe(1);
  const stopped = projection.stop();
  expect(await refused).toMatchObject({ ok: false, problem: { code: 'shutting_down' } });
  await other.query('rollback');
  other.release();
  await stopped;
  await writeOrders(1);
  projection.wake();
  expect(await projection.catchUp()).toMatchObject({ ok: false, problem: { code: 'shutting_down' } });
  expect(await count('user_orders')).toBe(1);
});
