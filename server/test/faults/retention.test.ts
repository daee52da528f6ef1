import type { WireOverview } from '@millrace/contract';
import type pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { derivation, uuidv7 } from '../../src/core/ids.ts';
import { runningConnection } from '../../src/db/embedded/index.ts';
import { createPool } from '../../src/db/pool.ts';
import { type AccountKey, cashOf, createAccountIds, outside } from '../../src/ledger/index.ts';
import { expectSound } from '../support/ledger.ts';
import { makePeople, type Person, post } from './load.ts';
import { makeDataFolder, postmasterOf, startServer } from './server-process.ts';

/** Old orders with a key each, of which each tenth moved money: twelve transactions of retention, and two of its keys. */
const OLD = 24_000;
const OLD_REJECTED = (OLD * 9) / 10;
/** Three statements of retention. */
const OLD_LETTERS = 3_000;
const WAIT = { timeout: 60_000, interval: 20 };

const HISTORY = `
create temp table old on commit drop as select i, gen_random_uuid() as id, i % 10 = 0 as is_paid,
  now() - interval '60 days' + i * interval '10 ms' as at from generate_series(1, ${OLD}) i;
insert into orders (id, shard, kind, status, reason, user_id, visible, params, result, first_event_seq, last_event_seq, created_at, updated_at)
select id, 0, 'deposit', case when is_paid then 'completed' else 'rejected' end, case when is_paid then null else 'amount_limit' end, $person, true,
  '{}', '{}', i, i, at, at from old order by i;
insert into events (shard, seq, type, subject, user_id, order_id, opens_order, data, at)
select 0, i, 'order_processed', 'ord_' || id, $person, id, true,
  json_build_object('order_id', 'ord_' || id, 'kind', 'deposit', 'status', case when is_paid then 'completed' else 'rejected' end,
    'reason', case when not is_paid then 'amount_limit' end, 'user_id', 'usr_' || $person, 'result', '{}'::json), at from old order by i;
insert into transfers (shard, seq, order_id, line, debit_account_id, credit_account_id, amount, reason, at)
select 0, i / 10, id, 1, $world, $cash, 100, 'deposit', at from old where is_paid order by i;
insert into idempotency_keys select $person, 'orders', i::text, repeat('f', 64), id, at from old order by i;
insert into dead_letters (id, order_id, kind, command, error, created_at, retried_at)
select gen_random_uuid(), gen_random_uuid(), 'deposit', '{}', 'x', now() - interval '100 days' + i * interval '1 ms', now() - interval '95 days'
from generate_series(1, ${OLD_LETTERS}) i;
insert into accounts values ($cash, $person, 'cash', 'USD', false, ${OLD * 10}, 0, now()), ($world, $system, 'outside', 'USD', true, ${-OLD * 10}, 0, now());
update shards set event_seq = ${OLD}, transfer_seq = ${OLD / 10} where id = 0`;

/** Writes an old history as the pipeline would have, into an installation that has none. */
async function seed(pool: pg.Pool, { id }: Person): Promise<void> {
  const { rows } = await pool.query<{ secret: Buffer }>('select secret from installation');
  const accountIds = createAccountIds(derivation((rows[0] as { secret: Buffer }).secret));
  const [cash, world]: AccountKey[] = [cashOf(id, 'USD'), outside('USD')];
  const values = { person: id, cash: accountIds(cash as AccountKey), world: accountIds(world as AccountKey) };
  const text = HISTORY.replace(/\$(\w+)/g, (_, name: string) => {
    const value = name === 'system' ? (world as AccountKey).ownerId : values[name as keyof typeof values];
    return `'${value}'::uuid`;
  });
  await pool.query(`begin; ${text}; commit`);
}

/** Stands in retention's way at one row, so that it stops in the middle of its work, wherever the machine is slow. */
async function standInTheWay(pool: pg.Pool, table: string, where: string): Promise<() => void> {
  const client = await pool.connect();
  // The server that it is connected to may be killed.
  client.on('error', () => undefined);
  await client.query('begin');
  const { rowCount } = await client.query(`select from ${table} where ${where} for update`);
  expect(rowCount).toBe(1);
  return () => client.release(true);
}

async function isStopped(pool: pg.Pool, table: string): Promise<void> {
  await vi.waitFor(async () => {
    const { rowCount } = await pool.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and ltrim(query, E'\\n') like 'delete from ${table}%'`,
    );
    expect(rowCount).toBe(1);
  }, WAIT);
}

interface Left {
  rejected: number;
  keys: number;
  letters: number;
}

async function leftOf(pool: pg.Pool): Promise<Left> {
  const { rows } = await pool.query<Left>(`select
    (select count(*)::int from orders where status = 'rejected') as rejected,
    (select count(*)::int from idempotency_keys) as keys, (select count(*)::int from dead_letters) as letters`);
  return rows[0] as Left;
}

/** What the ledger needs is all there, with its events, and the log tells of each that is gone. */
async function expectKept(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query(`select
    (select count(*)::int from orders where status = 'completed') as completed, (select count(*)::int from transfers) as transfers,
    (select count(*)::int from events where data ->> 'status' = 'completed' and type = 'order_processed') as told,
    (select coalesce(sum(count), 0)::int from dropped_orders) + (select count(*)::int from orders where status = 'rejected') as rejected`);
  expect(rows).toEqual([
    { completed: OLD / 10 + 1, transfers: OLD / 10 + 1, told: OLD / 10 + 1, rejected: OLD_REJECTED + 1 },
  ]);
  await expectSound(pool);
}

test('retention that is killed in the middle of keys, orders and dead letters loses nothing that is needed, and goes on', {
  timeout: 300_000,
}, async () => {
  const data = makeDataFolder();
  onTestFinished(data.remove);
  let server = await startServer(data.folder);
  const pool = createPool(runningConnection(data.folder), { onError: () => undefined });
  const [operator, person] = (await makePeople(pool, 2)) as [Person, Person];
  await seed(pool, person);
  // One that is done, and one that is rejected.
  for (const order of [{ kind: 'deposit' }, { kind: 'transfer', to_user: `usr_${person.id}` }]) {
    const body = JSON.stringify({ id: `ord_${uuidv7()}`, asset: 'USD', amount: '1.00', ...order });
    expect((await post(server.http, person, '/v1/orders', body)).status).toBe(201);
  }
  // Those who follow the log have read it, and note at the end how far they have come: what is not read stays.
  await vi.waitFor(async () => {
    const answer = await fetch(`${server.http}/v1/overview`, {
      headers: { authorization: `Bearer ${operator.token}` },
    });
    const { consumers } = (await answer.json()) as WireOverview;
    expect(consumers.map(({ name, cursor }) => [name, cursor > OLD])).toEqual([
      ['errands', true],
      ['index', true],
    ]);
  }, WAIT);
  await server.stop();
  server = await startServer(data.folder);
  expect(await leftOf(pool)).toEqual({ rejected: OLD_REJECTED + 1, keys: OLD, letters: OLD_LETTERS });

  let release = await standInTheWay(pool, 'idempotency_keys', `key = '${OLD}'`);
  await pool.query("select graphile_worker.add_job('drop_history', job_key := 'drop_history')");
  await isStopped(pool, 'idempotency_keys');
  const inKeys = await leftOf(pool);
  expect(inKeys).toMatchObject({ rejected: OLD_REJECTED + 1, letters: OLD_LETTERS });
  expect(inKeys.keys).toBeGreaterThan(0);
  expect(inKeys.keys).toBeLessThan(OLD);
  await server.kill();
  await expectKept(pool);

  let next = await standInTheWay(pool, 'events', 'shard = 0 and seq = 9001');
  release();
  server = await startServer(data.folder);
  await isStopped(pool, 'events');
  expect(await leftOf(pool)).toEqual({ rejected: OLD_REJECTED + 1 - 7_200, keys: 0, letters: OLD_LETTERS });
  await server.kill();
  await expectKept(pool);

  release = next;
  next = await standInTheWay(pool, 'events', 'shard = 0 and seq = 17001');
  release();
  server = await startServer(data.folder);
  await isStopped(pool, 'events');
  process.kill(postmasterOf(data.folder), 'SIGKILL');
  next();
  // It comes back by itself, and the job is tried again: at once, or a minute later.
  await vi.waitFor(() => expectKept(pool), WAIT);

  next = await standInTheWay(pool, 'dead_letters', 'created_at = (select max(created_at) from dead_letters)');
  await pool.query("select graphile_worker.add_job('drop_history', job_key := 'drop_history')");
  await isStopped(pool, 'dead_letters');
  // The run that was tried again may still be at its last orders.
  const letters = OLD_LETTERS - 2_000;
  await vi.waitFor(async () => expect(await leftOf(pool)).toEqual({ rejected: 1, keys: 0, letters }), WAIT);
  await server.kill();
  await expectKept(pool);

  next();
  server = await startServer(data.folder);
  await vi.waitFor(async () => expect(await leftOf(pool)).toEqual({ rejected: 1, keys: 0, letters: 0 }), WAIT);
  await expectKept(pool);
  await pool.end();
  expect(await server.stop()).toBe(0);
});
