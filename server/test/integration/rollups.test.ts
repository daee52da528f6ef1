import type pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OrderStatus } from '../../src/core/order.ts';
import { settableClock } from '../../src/core/clock.ts';
import { uuidv7 } from '../../src/core/ids.ts';
import { createPool } from '../../src/db/pool.ts';
import { escrowOf } from '../../src/desks/lending/rows.ts';
import type { StoredEvent } from '../../src/events/event.ts';
import { cashOf } from '../../src/ledger/index.ts';
import { verify } from '../../src/ops/verify.ts';
import { indexChunk } from '../../src/reporting/index-chunk.ts';
import { createInstallationNumbers } from '../../src/reporting/index.ts';
import { createRecentCounts } from '../../src/reporting/recent-counts.ts';
import { accountIds } from '../support/account-ids.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { writeOrder } from '../support/log-rows.ts';

const ann = uuidv7();
const loan = uuidv7();

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

async function indexAll(shard = 0, sizeMax = 10_000): Promise<void> {
  while ((await indexChunk(pool, shard, sizeMax)) === 'done');
}

async function counts(): Promise<string[]> {
  const { rows } = await pool.query<{ row: string }>(
    `select concat_ws(' ', shard, grain, to_char(at at time zone 'UTC', 'MM-DD HH24:MI'), type, kind, status, count, opened) as row
     from event_counts order by shard, grain, at, type, kind, status`,
  );
  return rows.map(({ row }) => row);
}

async function expectExact(): Promise<void> {
  const { checks } = await verify(pool, { checks: [] });
  expect(checks.filter(({ name }) => name.endsWith('_are_exact'))).toMatchObject([{ ok: true }, { ok: true }]);
}

const day = (date: number, time: string): Date => new Date(`2026-03-${String(date).padStart(2, '0')}T${time}Z`);

test('orders are counted by minute, kind and status, and an order that changes is opened once', async () => {
  const id = uuidv7();
  await writeOrder(pool, { kind: 'withdraw', status: 'pending', id, userId: ann, at: day(9, '10:00:01') });
  await writeOrder(pool, { kind: 'withdraw', status: 'completed', id, userId: ann, at: day(9, '10:00:59') });
  await writeOrder(pool, { kind: 'withdraw', status: 'completed', userId: ann, at: day(9, '10:01:00') });
  await writeOrder(pool, { visible: false, events: [{ type: 'loan_created', userId: null }], at: day(9, '10:01:00') });
  await indexAll();
  expect(await counts()).toEqual([
    '0 minute 03-09 10:00 order_processed withdraw completed 1 0',
    '0 minute 03-09 10:00 order_processed withdraw pending 1 1',
    '0 minute 03-09 10:01 loan_created   1 0',
    '0 minute 03-09 10:01 order_processed withdraw completed 1 1',
  ]);
  await expectExact();
});

test.each([1, 3, 10_000])(
  'minutes are kept for the newest day and the one before, days for what is older, with %i entries at a time',
  async (sizeMax) => {
    const days = [
      [1, '08:00:00'],
      [1, '23:59:59'],
      [3, '00:00:00'],
      [2, '00:00:00'],
      [2, '12:00:00'],
      // Late: its day is a single row by then, or about to be.
      [1, '09:00:00'],
      [4, '00:00:00'],
      [2, '13:00:00'],
    ] as const;
    for (const [date, time] of days) await writeOrder(pool, { kind: 'pay', userId: ann, at: day(date, time) });
    await indexAll(0, sizeMax);
    expect(await counts()).toEqual([
      '0 day 03-01 00:00 order_processed pay completed 3 3',
      '0 day 03-02 00:00 order_processed pay completed 3 3',
      '0 minute 03-03 00:00 order_processed pay completed 1 1',
      '0 minute 03-04 00:00 order_processed pay completed 1 1',
    ]);
    await expectExact();
  },
);

test('events that are known are not read again, and make the same numbers', async () => {
  const times = ['1 10:00:00', '3 10:00:20', '3 10:00:40', '3 10:01:00', '1 10:00:00'].map((time) => {
    const [date, clock] = time.split(' ') as [string, string];
    return day(Number(date), clock);
  });
  for (const at of times) await writeOrder(pool, { kind: 'pay', userId: ann, at });
  const known = createRecentCounts();
  const asked: number[] = [];
  const { rows } = await pool.query<StoredEvent & { at: Date }>(
    'select shard, seq::integer as seq, type, data, at, opens_order as "opensOrder" from events order by seq',
  );
  known.record(
    0,
    rows.map((row) => ({ ...row, at: row.at.toISOString() })),
  );
  const tally: typeof known.tally = (...range) => {
    const tallies = known.tally(...range);
    asked.push(tallies?.length ?? -1);
    return tallies;
  };
  while ((await indexChunk(pool, 0, 3, tally)) === 'done');
  expect(asked).toEqual([2, 2]);
  expect(await counts()).toEqual([
    '0 day 03-01 00:00 order_processed pay completed 2 2',
    '0 minute 03-03 10:00 order_processed pay completed 2 2',
    '0 minute 03-03 10:01 order_processed pay completed 1 1',
  ]);
  await expectExact();
});

test('what was moved is summed by reason and asset, each transfer once, in each shard', async () => {
  const move = (amount: bigint, reason: string) => ({
    ...(reason === 'loan_funding'
      ? { debit: cashOf(ann, 'USD'), credit: escrowOf(loan, 'USD') }
      : { debit: escrowOf(loan, 'USD'), credit: cashOf(ann, 'USD') }),
    amount,
    reason,
  });
  await pool.query(`insert into assets values ('USD', 2, 'USD', 'currency') on conflict do nothing`);
  await pool.query(`insert into accounts values ($1, $2, 'cash', 'USD', false, 100000, 0, now())`, [
    accountIds(cashOf(ann, 'USD')),
    ann,
  ]);
  await writeOrder(pool, { userId: ann, transfers: [move(700n, 'loan_funding'), move(300n, 'loan_funding')] });
  await writeOrder(pool, { userId: ann, transfers: [move(40n, 'repayment_interest'), move(1n, 'payment')] });
  await writeOrder(pool, { userId: ann, shard: 1, transfers: [move(5n, 'loan_funding')] });
  await indexAll(0, 1);
  await indexAll(1);
  const { rows } = await pool.query('select shard, reason, asset, count, amount from transfer_totals order by 1, 2');
  expect(rows).toEqual([
    { shard: 0, reason: 'loan_funding', asset: 'USD', count: 2n, amount: '1000' },
    { shard: 0, reason: 'repayment_interest', asset: 'USD', count: 1n, amount: '40' },
    { shard: 1, reason: 'loan_funding', asset: 'USD', count: 1n, amount: '5' },
  ]);
  await expectExact();
});

test.each([
  ['forgotten', "delete from consumers where name = 'index'"],
  ['set back', "update consumers set event_seq = 3, transfer_seq = 0 where name = 'index'"],
  [
    'forgotten, with the lists emptied',
    "delete from consumers where name = 'index'; truncate user_events, user_orders",
  ],
  [
    'forgotten, with everything emptied',
    "delete from consumers where name = 'index'; truncate user_events, user_orders, event_counts",
  ],
])('numbers are made again when the cursor was %s', async (_how, statements) => {
  for (let hour = 0; hour < 5; hour += 1)
    await writeOrder(pool, { kind: 'pay', userId: ann, at: day(9 + hour, '10:00:00') });
  await indexAll();
  const before = await counts();
  await pool.query(statements);
  await indexAll(0, 2);
  expect(await counts()).toEqual(before);
  await expectExact();
});

test('an order that goes on counts once, by the status that it has now', async () => {
  const clock = settableClock(day(9, '10:30:00').getTime());
  const numbers = () => createInstallationNumbers({ pool, clock, currency: { code: 'USD', scale: 2 } }).orders();
  const [settled, canceled, retried, failed] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
  const write = (id: string, status: OrderStatus, time: string) =>
    writeOrder(pool, { kind: 'withdraw', status, id, userId: ann, at: day(9, time) });
  await write(settled, 'pending', '10:00:00');
  await write(canceled, 'pending', '10:00:10');
  await write(uuidv7(), 'pending', '10:01:00');
  for (const id of [retried, failed]) {
    await write(id, 'failed', '10:02:00');
    await pool.query(
      "insert into dead_letters (id, order_id, kind, command, error, created_at) values ($1, $2, 'withdraw', '{}', 'x', $3)",
      [uuidv7(), id, day(9, '10:02:00')],
    );
  }
  await indexAll();
  expect(totalOf((await numbers()).last_hour)).toEqual({ ...NOTHING, pending: 3, failed: 2 });
  await write(settled, 'completed', '10:20:00');
  await write(canceled, 'canceled', '10:20:00');
  await write(retried, 'completed', '10:21:00');
  await indexAll();
  const { last_hour, by_kind } = await numbers();
  expect(totalOf(last_hour)).toEqual({ ...NOTHING, pending: 1, completed: 2, canceled: 1, failed: 1 });
  expect(last_hour.find(({ minute }) => minute === '2026-03-09T10:01:00.000Z')).toMatchObject({ pending: 1 });
  expect(last_hour.find(({ minute }) => minute === '2026-03-09T10:20:00.000Z')).toMatchObject({ completed: 1 });
  expect(by_kind).toEqual([{ kind: 'withdraw', completed: 2, rejected: 0, failed: 1, canceled: 1, opened: 5 }]);
});

const NOTHING = { completed: 0, rejected: 0, failed: 0, pending: 0, open: 0, canceled: 0 };

function totalOf(minutes: readonly (typeof NOTHING)[]): typeof NOTHING {
  const total = { ...NOTHING };
  for (const minute of minutes)
    for (const status of Object.keys(total) as (keyof typeof total)[]) total[status] += minute[status];
  return total;
}

test('verify names numbers that the log does not tell', async () => {
  await writeOrder(pool, { kind: 'pay', userId: ann, at: day(9, '10:00:00') });
  await indexAll();
  await pool.query(`update event_counts set count = 3;
    insert into transfer_totals values (0, 'loan_funding', 'USD', 1, 500)`);
  const { checks } = await verify(pool, { checks: [] });
  expect(checks.filter(({ name }) => name.endsWith('_are_exact'))).toMatchObject([
    { ok: false, violations: [{ detail: 'says count 3, opened 1; the log says 1, 1' }] },
    {
      ok: false,
      violations: [{ subject: '0 loan_funding USD', detail: 'says count 1, amount 500; the log says 0, 0' }],
    },
  ]);
});
