import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createPool } from '../../src/db/pool.ts';
import { createConsumer, type ConsumerOptions } from '../../src/effects/index.ts';
import type { StoredEvent } from '../../src/events/event.ts';
import { createLog } from '../../src/ops/log.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { appendEvents, createShards, loanEvent, ownEvent } from '../support/events.ts';

const USER = '00000000-0000-7000-8000-000000000001';
const LOAN = 'loan_00000000-0000-7000-8000-000000000002';
/** Longer than any test: whatever happens, happens because of a wake-up. */
const NEVER_MS = 3_600_000;

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = createPool(database.connection);
  await pool.query('create table handled (consumer text, shard int, n int)');
  await createShards(pool, [0, 1]);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

let name = '';
let count = 0;
beforeEach(() => {
  count += 1;
  name = `consumer-${count}`;
});

/** Writes what it is told into the table `handled`, in the consumer's own transaction. */
async function write(events: readonly StoredEvent[], client: pg.PoolClient): Promise<void> {
  for (const { shard, data } of events)
    await client.query('insert into handled values ($1, $2, $3)', [name, shard, data['n']]);
}

const consumer = (options: Partial<ConsumerOptions> = {}) =>
  createConsumer({
    name,
    pool,
    log: createLog('silent'),
    shards: [0, 1],
    types: ['deposit_received'],
    handle: write,
    pollMs: NEVER_MS,
    ...options,
  });

async function handled(shard: number): Promise<number[]> {
  const { rows } = await pool.query<{ n: number }>(
    'select n from handled where consumer = $1 and shard = $2 order by ctid',
    [name, shard],
  );
  return rows.map(({ n }) => n);
}

async function cursor(shard: number): Promise<number | undefined> {
  const { rows } = await pool.query<{ event_seq: bigint }>(
    'select event_seq from consumers where name = $1 and shard = $2',
    [name, shard],
  );
  return rows[0] && Number(rows[0].event_seq);
}

async function heads(): Promise<number[]> {
  const { rows } = await pool.query<{ event_seq: bigint }>('select event_seq from shards order by id');
  return rows.map(({ event_seq }) => Number(event_seq));
}

/** Everything that is in the log before the test, so that it knows what is new. */
async function beginAtTheEnd(): Promise<void> {
  await pool.query('insert into consumers (name, shard, event_seq) select $1, id, event_seq from shards', [name]);
}

const append = (shard: number, ...numbers: number[]) =>
  appendEvents(
    pool,
    shard,
    numbers.map((n) => ownEvent(USER, n)),
  );
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 30_000, interval: 20 });

test('hands on every event of its types in two shards, each shard in order, and only once over restarts', async () => {
  await beginAtTheEnd();
  await append(0, 1, 2);
  await append(1, 11);
  const first = consumer();
  first.start();
  await eventually(async () => expect([await handled(0), await handled(1)]).toEqual([[1, 2], [11]]));
  await append(0, 3);
  await appendEvents(pool, 0, [loanEvent(LOAN, 'loan_funded', 4)]);
  await append(1, 12, 13);
  first.wake();
  await eventually(async () =>
    expect([await handled(0), await handled(1)]).toEqual([
      [1, 2, 3],
      [11, 12, 13],
    ]),
  );
  await first.stop();
  expect([await cursor(0), await cursor(1)]).toEqual(await heads());
  await append(1, 14);
  const second = consumer();
  second.start();
  await eventually(async () => expect(await handled(1)).toEqual([11, 12, 13, 14]));
  await second.stop();
  expect(await handled(0)).toEqual([1, 2, 3]);
});

test('begins with the first event of the log where it has no cursor', async () => {
  const [head] = await heads();
  const seen: number[] = [];
  const all = consumer({
    types: ['deposit_received', 'loan_funded'],
    shards: [0],
    handle: async (events) => void seen.push(...events.map(({ seq }) => seq)),
    batchSizeMax: 2,
  });
  all.start();
  await eventually(async () => expect(await cursor(0)).toBe(head));
  await all.stop();
  expect(seen).toEqual(Array.from({ length: head! }, (_, i) => i + 1));
});

test('a failure undoes what was written and the cursor together; the same events come again, and none is skipped', async () => {
  await beginAtTheEnd();
  const before = await cursor(0);
  await append(0, 1, 2, 3, 4, 5);
  let failures = 3;
  const tries: number[][] = [];
  const flaky = consumer({
    batchSizeMax: 2,
    async handle(events, client) {
      tries.push(events.map(({ data }) => Number(data['n'])));
      await write(events, client);
      if (failures === 1) expect(await cursor(0)).toBe(before! + 2);
      if (tries.length > 1 && failures > 0) {
        failures -= 1;
        throw new Error('not now');
      }
    },
  });
  flaky.start();
  await eventually(async () => expect(await handled(0)).toEqual([1, 2, 3, 4, 5]));
  await flaky.stop();
  expect(tries).toEqual([[1, 2], [3, 4], [3, 4], [3, 4], [3, 4], [5]]);
});

test('a connection that dies in the middle of a batch is the same as a failure', async () => {
  await beginAtTheEnd();
  await append(0, 1, 2);
  let killed = false;
  const unlucky = consumer({
    async handle(events, client) {
      await write(events, client);
      if (killed) return;
      killed = true;
      client.on('error', () => undefined);
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      await pool.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
    },
  });
  unlucky.start();
  await eventually(async () => expect(await handled(0)).toEqual([1, 2]));
  await unlucky.stop();
  expect(killed).toBe(true);
});

test('two processes with the same name share the work, and every event is handled once', async () => {
  await beginAtTheEnd();
  const both = [consumer({ batchSizeMax: 3, pollMs: 20 }), consumer({ batchSizeMax: 3, pollMs: 20 })];
  for (const one of both) one.start();
  const numbers = Array.from({ length: 60 }, (_, i) => i);
  for (let i = 0; i < 60; i += 5) {
    await append(0, ...numbers.slice(i, i + 5));
    await append(1, ...numbers.slice(i, i + 5));
    for (const one of both) one.wake();
  }
  await eventually(async () => expect([await cursor(0), await cursor(1)]).toEqual(await heads()));
  await Promise.all(both.map((one) => one.stop()));
  expect(await handled(0)).toEqual(numbers);
  expect(await handled(1)).toEqual(numbers);
});

test('finds by itself what nobody woke it for', async () => {
  await beginAtTheEnd();
  const polling = consumer({ pollMs: 10 });
  polling.start();
  await append(0, 1);
  await eventually(async () => expect(await handled(0)).toEqual([1]));
  await polling.stop();
});

test('events of no interest move the cursor, and only now and then', async () => {
  await beginAtTheEnd();
  const before = (await cursor(0))!;
  const few = Array.from({ length: 3 }, (_, n) => loanEvent(LOAN, 'loan_funded', n));
  const many = Array.from({ length: 10_000 }, (_, n) => loanEvent(LOAN, 'loan_funded', n));
  const handle = vi.fn<typeof write>(write);
  const bystander = consumer({ handle });
  bystander.start();
  await appendEvents(pool, 0, few);
  bystander.wake();
  await appendEvents(pool, 0, many);
  bystander.wake();
  await eventually(async () => expect(await cursor(0)).toBeGreaterThan(before));
  // One transaction for ten thousand events, not one for each read.
  expect(await cursor(0)).toBeGreaterThanOrEqual(before + 10_000);
  await bystander.stop();
  expect(handle).not.toHaveBeenCalled();
  const next = consumer();
  next.start();
  await append(0, 7);
  next.wake();
  await eventually(async () => expect(await handled(0)).toEqual([7]));
  await next.stop();
});

test('stop waits for the batch in progress', async () => {
  await beginAtTheEnd();
  await append(0, 1);
  let entered: () => void;
  let finish: () => void;
  const inside = new Promise<void>((resolve) => (entered = resolve));
  const held = new Promise<void>((resolve) => (finish = resolve));
  const slow = consumer({
    async handle(events, client) {
      entered();
      await held;
      await write(events, client);
    },
  });
  slow.start();
  await inside;
  const stopped = slow.stop();
  finish!();
  await stopped;
  expect(await handled(0)).toEqual([1]);
  expect(await cursor(0)).toBe((await heads())[0]);
});
