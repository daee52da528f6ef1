import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { expect, test, vi } from 'vitest';
import { uuidv7 } from '../../src/core/ids.ts';
import { runningConnection } from '../../src/db/embedded/index.ts';
import { createPool } from '../../src/db/pool.ts';
import { createDatabase, urlOf } from '../support/database.ts';
import { makePeople, type Person, post } from './load.ts';
import { makeDataFolder, type ServerProcess, startServer } from './server-process.ts';

const WAIT = { timeout: 40_000, interval: 50 };
/** How many orders are sent into a server that can record none. */
const FLOOD = 400;
const AT_ONCE = 20;

function deposit(id = `ord_${uuidv7()}`): string {
  return JSON.stringify({ id, kind: 'deposit', asset: 'USD', amount: '1.00' });
}

async function readiness(http: string): Promise<{ status: number; failing: string[] }> {
  const answer = await fetch(`${http}/readyz`);
  const { checks } = (await answer.json()) as { checks: { name: string; ok: boolean }[] };
  return { status: answer.status, failing: checks.filter(({ ok }) => !ok).map(({ name }) => name) };
}

async function flood({ http }: ServerProcess, person: Person): Promise<void> {
  for (let sent = 0; sent < FLOOD; sent += AT_ONCE) {
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, () => post(http, person, '/v1/orders', deposit())),
    );
    for (const { status, body } of answers) expect([status, body.code]).toEqual([503, 'not_ready']);
  }
}

/** Not ready, refused at once, decided once after it is over; and the log tells it in a few lines. */
async function expectThrough(server: ServerProcess, pool: pg.Pool, person: Person, mend: () => Promise<void>) {
  const { http } = server;
  const id = `ord_${uuidv7()}`;
  expect(await post(http, person, '/v1/orders', deposit(id))).toMatchObject({ status: 503 });
  expect(await readiness(http)).toEqual({ status: 503, failing: ['commits'] });
  const answer = await fetch(`${http}/v1/orders`, {
    method: 'POST',
    headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/json' },
    body: deposit(),
  });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  await flood(server, person);
  // Each other cause may have a line, too; none comes once for each order.
  expect(server.log().length).toBeLessThan(20);
  await mend();
  await vi.waitFor(async () => expect(await readiness(http)).toEqual({ status: 200, failing: [] }), WAIT);
  const first = await post(http, person, '/v1/orders', deposit(id));
  expect([first.status, first.body.status]).toEqual([201, 'completed']);
  expect((await pool.query('select count(*)::int as count from orders')).rows).toEqual([{ count: 1 }]);
  expect((await pool.query('select error from dead_letters')).rows).toEqual([]);
}

test('a server that turns read-only, and back: connections that were made meanwhile are replaced', async () => {
  const database = await createDatabase();
  const data = makeDataFolder();
  const pool = createPool(database.connection, { onError: () => undefined });
  const server = await startServer(data.folder, ['--database-url', urlOf(database)]);
  const person = (await makePeople(pool, 2))[1] as Person;
  const name = database.connection.database;
  await pool.query(`alter database ${name} set default_transaction_read_only = on`);
  // What connects from now on is told that it may only read, and remembers.
  await pool.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
    [name],
  );
  const register = () =>
    fetch(`${server.http}/v1/auth/registration`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: `${uuidv7()}@example.com`, password: 'a long enough password', name: 'Renewed' }),
    });
  await vi.waitFor(async () => expect((await readiness(server.http)).failing).toEqual(['commits']), WAIT);
  await expectThrough(server, pool, person, async () => {
    const meanwhile = await Promise.all(Array.from({ length: 40 }, register));
    expect(meanwhile.map(({ status }) => status)).toEqual(Array(40).fill(503));
    expect(server.log().length).toBeLessThan(20);
    await pool.query(
      `set default_transaction_read_only = off; alter database ${name} reset default_transaction_read_only`,
    );
  });
  // One that is younger than a second is tried as it is.
  await vi.waitFor(async () => expect(await youngConnections(pool, name)).toBe(0), WAIT);
  const renewed = await Promise.all(Array.from({ length: 8 }, register));
  expect(renewed.map(({ status }) => status)).toEqual(Array(8).fill(201));
  await pool.end();
  expect(await server.stop()).toBe(0);
  data.remove();
  await database.drop();
});

async function youngConnections(pool: pg.Pool, database: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
     where datname = $1 and pid <> pg_backend_pid() and backend_start > clock_timestamp() - interval '1 second'`,
    [database],
  );
  return rows[0]?.count ?? 0;
}

/** A file system that can be filled up without harm to anybody; undefined where none may be mounted. */
function mountSmall(): { folder: string; fill(): void; empty(): void; remove(): void } | undefined {
  const data = makeDataFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=160m,mode=0711', 'millrace-test', data.folder], {
      stdio: 'ignore',
    });
  } catch {
    data.remove();
    return undefined;
  }
  const folder = join(data.folder, 'data');
  const filler = join(data.folder, 'filler');
  mkdirSync(folder);
  chmodSync(folder, 0o711);
  return {
    folder,
    fill() {
      const { bavail, bsize } = statfsSync(data.folder);
      try {
        writeFileSync(filler, Buffer.alloc(bavail * bsize));
      } catch (error) {
        // The database took some of it meanwhile.
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    },
    empty: () => existsSync(filler) && rmSync(filler),
    remove() {
      execFileSync('umount', ['--lazy', data.folder]);
      data.remove();
    },
  };
}

test('a disk that is full, and has room again', async ({ skip }) => {
  const disk = mountSmall();
  if (!disk) return skip('no file system may be mounted here');
  const server = await startServer(disk.folder);
  const pool = createPool(runningConnection(disk.folder), { onError: () => undefined });
  const person = (await makePeople(pool, 2))[1] as Person;
  disk.fill();
  // Pages that are there already have room for some orders.
  await vi.waitFor(async () => {
    await Promise.all(Array.from({ length: AT_ONCE }, () => post(server.http, person, '/v1/orders', deposit())));
    expect((await readiness(server.http)).failing).toEqual(['commits']);
  }, WAIT);
  await expectThrough(server, pool, person, async () => disk.empty());
  await pool.end();
  expect(await server.stop()).toBe(0);
  disk.remove();
});
