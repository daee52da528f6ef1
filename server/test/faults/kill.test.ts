import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { expect, test, vi } from 'vitest';
import { startEmbedded, runningConnection } from '../../src/db/embedded/index.ts';
import { createPool } from '../../src/db/pool.ts';
import { expectSound } from '../support/ledger.ts';
import { load, lostOrders, makePeople, type Person, post, sendOrder, type SentOrder } from './load.ts';
import { makeDataFolder, postmasterOf, startServer } from './server-process.ts';

/** A few in every run of the tests; `MILLRACE_KILL_ROUNDS=100` for the long one. */
const ROUNDS = Number(process.env['MILLRACE_KILL_ROUNDS'] ?? 2);
const LANES = 24;
const PEOPLE = 12;
const ROUND_MS_MAX = 60_000;
/** PostgreSQL recovers in less than a second here; on a busy machine after many crashes in a row it takes longer. */
const SETTLE_MS_MAX = 40_000;

async function prepare(http: string, pool: pg.Pool): Promise<{ people: Person[]; loan: string }> {
  const people = await makePeople(pool, PEOPLE);
  const operator = people[0] as Person;
  const body = {
    borrower_id: `usr_${operator.id}`,
    purpose: 'Under fire',
    amount: '1000000000.00',
    apr: '0.10',
    term_months: 12,
    grade: 'C',
    funding_deadline: new Date(Date.now() + 30 * 86_400_000).toISOString(),
  };
  const loan = await post(http, operator, '/v1/loans', JSON.stringify(body));
  expect(loan.status).toBe(201);
  return { people, loan: loan.body.id };
}

/** Some load, a blow at a random moment, and what was sent. */
async function strike(
  http: string,
  people: readonly Person[],
  loan: string,
  blow: () => Promise<void> | void,
): Promise<SentOrder[]> {
  let stopped = false;
  const loading = load(http, people, loan, LANES, () => stopped);
  await pause(30 + Math.random() * 250);
  await blow();
  await pause(50);
  stopped = true;
  return loading;
}

/** Sends again what had no answer, until each has one. */
async function settle(http: string, sent: readonly SentOrder[]): Promise<void> {
  for (const deadline = Date.now() + SETTLE_MS_MAX; ; await pause(50)) {
    const unknown = sent.filter((order) => order.acknowledged === undefined);
    if (unknown.length === 0) return;
    if (Date.now() > deadline) throw new Error(`${unknown.length} orders got no answer: ${unknown[0]?.excuse}`);
    await Promise.all(unknown.map((order) => sendOrder(http, order)));
  }
}

async function expectOnce(pool: pg.Pool, sent: readonly SentOrder[]): Promise<void> {
  expect(await lostOrders(pool, sent)).toEqual([]);
  const ids = sent.map(({ id }) => id.slice(4));
  const { rows } = await pool.query(
    `select o.id, o.status, count(t.*)::int as transfers from orders o left join transfers t on t.order_id = o.id
     where o.id = any($1::uuid[]) group by 1, 2 having count(t.*) <> case when o.status = 'completed' then 1 else 0 end`,
    [ids],
  );
  expect(rows).toEqual([]);
}

test(`kill -9 of the server under load, ${ROUNDS} times: what was acknowledged is there, what was not acts once on retry`, {
  timeout: ROUNDS * ROUND_MS_MAX,
}, async () => {
  const data = makeDataFolder();
  let server = await startServer(data.folder);
  let pool = createPool(runningConnection(data.folder));
  const { people, loan } = await prepare(server.http, pool);
  const all: SentOrder[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const sent = await strike(server.http, people, loan, () => server.kill());
    server = await startServer(data.folder);
    expect(await lostOrders(pool, sent)).toEqual([]);
    await settle(server.http, sent);
    all.push(...sent);
  }
  await expectOnce(pool, all);
  await expectSound(pool);
  await pool.end();
  expect(await server.stop()).toBe(0);
  data.remove();
});

test(`kill -9 of PostgreSQL under load, ${ROUNDS} times: it comes back by itself, and nothing is lost or doubled`, {
  timeout: ROUNDS * ROUND_MS_MAX,
}, async () => {
  const data = makeDataFolder();
  const server = await startServer(data.folder);
  const pool = createPool(runningConnection(data.folder), { onError: () => undefined });
  const { people, loan } = await prepare(server.http, pool);
  const all: SentOrder[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const sent = await strike(server.http, people, loan, () => void process.kill(postmasterOf(data.folder), 'SIGKILL'));
    await settle(server.http, sent);
    // A session outlives its postmaster for a moment, and can have answered all before the next one is there.
    await vi.waitFor(() => pool.query('select 1'), { timeout: SETTLE_MS_MAX });
    expect(await lostOrders(pool, sent)).toEqual([]);
    all.push(...sent);
  }
  await expectOnce(pool, all);
  await expectSound(pool);
  await pool.end();
  expect(await server.stop()).toBe(0);
  data.remove();
});

test('the control: on a server that confirms before it has written, the same blow loses orders, and the test sees it', {
  timeout: 5 * ROUND_MS_MAX,
}, async () => {
  const data = makeDataFolder();
  const postgres = await startEmbedded({
    dataFolder: data.folder,
    log: () => undefined,
    settings: { synchronous_commit: 'off', wal_writer_delay: '10s', wal_writer_flush_after: '0' },
  });
  const { host, user, password, database } = postgres.connection;
  const url = `postgresql://${user}:${encodeURIComponent(password)}@/${database}?host=${encodeURIComponent(host)}&port=${postgres.connection.port}`;
  const own = makeDataFolder();
  const server = await startServer(own.folder, ['--database-url', url, '--allow-unsafe-durability']);
  const pool = createPool(postgres.connection, { onError: () => undefined });
  const { people, loan } = await prepare(server.http, pool);
  let lost = 0;
  for (let round = 0; round < 10 && lost === 0; round += 1) {
    const sent = await strike(
      server.http,
      people,
      loan,
      () => process.kill(postgres.postmasterPid(), 'SIGKILL') as unknown as undefined,
    );
    for (;;) {
      const found = await lostOrders(pool, sent).catch(() => undefined);
      if (found) {
        lost += found.length;
        break;
      }
      await pause(50);
    }
  }
  expect(lost).toBeGreaterThan(0);
  await pool.end();
  await server.kill();
  await postgres.stop();
  own.remove();
  data.remove();
});
