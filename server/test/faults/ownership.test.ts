import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { uuidv7 } from '../../src/core/ids.ts';
import { createPool } from '../../src/db/pool.ts';
import { createDatabase, type TestDatabase, urlOf } from '../support/database.ts';
import { makePeople, type Person, post } from './load.ts';
import { makeDataFolder, type ServerProcess, startServer } from './server-process.ts';

let database: TestDatabase;
let pool: pg.Pool;
let person: Person;
const folders: { remove(): void }[] = [];

beforeAll(async () => {
  database = await createDatabase();
  pool = createPool(database.connection, { onError: () => undefined });
  person = (await makePeople(pool, 2))[1] as Person;
});
afterAll(async () => {
  await pool.end();
  await database.drop();
  for (const folder of folders) folder.remove();
});

/** One more process on the same database, each with a data folder of its own. */
function start(...flags: string[]): Promise<ServerProcess> {
  const data = makeDataFolder();
  folders.push(data);
  return startServer(data.folder, ['--database-url', urlOf(database), ...flags]);
}

async function expectWorking({ http }: ServerProcess): Promise<void> {
  const body = JSON.stringify({ id: `ord_${uuidv7()}`, kind: 'deposit', asset: 'USD', amount: '1.00' });
  expect(await post(http, person, '/v1/orders', body)).toMatchObject({ status: 201, body: { status: 'completed' } });
}

/** Processes start one after the other, each with everything that a start does. */
const OPTIONS = { timeout: 180_000 };

test(
  'a second process with a healthy owner’s shard is refused and disturbs nobody; a killed owner’s shard is free',
  OPTIONS,
  async () => {
    const first = await start();
    await expect(start('--claim-wait-seconds', '0')).rejects.toThrow(
      /ended with 1: .*shard 0 is owned by another Millrace process that is alive.*--take-over/s,
    );
    await expectWorking(first);
    await first.kill();
    const second = await start();
    await expectWorking(second);
    // One that is started meanwhile waits for it to stop.
    const rolling = start();
    expect(await second.stop()).toBe(0);
    const third = await rolling;
    await expectWorking(third);
    expect(await third.stop()).toBe(0);
  },
);

test(
  'on request a shard is taken from an owner that is alive, which ends; one whose session is lost keeps it',
  OPTIONS,
  async () => {
    const first = await start();
    const second = await start('--take-over');
    await expectWorking(second);
    expect(await first.ended()).toBe(1);
    await pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'millrace owner'",
    );
    await expectWorking(second);
    await expect(start('--claim-wait-seconds', '0')).rejects.toThrow(/shard 0 is owned/);
    await expectWorking(second);
    expect(await second.stop()).toBe(0);
  },
);

test(
  'the shard of an owner that gives no sign of life is free after a while, and one that wakes up later ends',
  OPTIONS,
  async () => {
    const first = await start();
    process.kill(first.pid, 'SIGSTOP');
    // The default wait is longer than the silence that the database allows an owner.
    const second = await start();
    await expectWorking(second);
    process.kill(first.pid, 'SIGCONT');
    expect(await first.ended()).toBe(1);
    await expectWorking(second);
    expect(await second.stop()).toBe(0);
  },
);
