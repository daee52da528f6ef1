import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isDatabaseUnavailable } from '../../src/db/errors.ts';
import { type Connection, connectPipelined, createPool } from '../../src/db/pool.ts';
import { beginTransaction } from '../../src/db/transaction.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { startProxy } from '../support/proxy.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

async function withClient<T>(connection: Connection, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connectPipelined(connection, 'millrace test');
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function show(client: pg.Client, name: string): Promise<string> {
  const { rows } = await client.query<{ value: string }>('select current_setting($1) as value', [name]);
  return rows[0]?.value ?? '';
}

describe('the connection of a worker', () => {
  test('is ended by the server where it holds a transaction open and says nothing', () =>
    withClient(database.connection, async (client) => {
      expect(await show(client, 'idle_in_transaction_session_timeout')).toBe('15s');
    }));

  test('keeps what the URL’s options say, besides our own settings', async () => {
    const proxy = await startProxy(database.connection);
    const { user, password, port, database: name } = proxy.connection;
    const options = encodeURIComponent('-c work_mem=7MB -c enable_seqscan=on');
    const connectionString = `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}?options=${options}`;
    await withClient({ connectionString }, async (client) => {
      expect(await show(client, 'work_mem')).toBe('7MB');
      expect(await show(client, 'enable_seqscan')).toBe('off');
    });
    await proxy.close();
  });
});

test('statements behind the first that failed reject with its error, no matter which is awaited first', () =>
  withClient(database.connection, async (client) => {
    const tx = beginTransaction(client);
    tx.write({ name: 'breaks', text: 'select 1 / $1::int' }, [0]);
    await expect(tx.select({ name: 'behind', text: 'select $1::int' }, [1])).rejects.toMatchObject({ code: '22012' });
    await expect(tx.commit()).rejects.toMatchObject({ code: '22012' });
  }));

test('a pool that has no free connection in time says that the database is unavailable', async () => {
  const pool = createPool(database.connection, { max: 1, acquireMsMax: 50 });
  const held = await pool.connect();
  const failures = await Promise.all(
    [pool.connect(), pool.query('select 1')].map((one) => one.catch((e: unknown) => e)),
  );
  expect(failures.map(isDatabaseUnavailable)).toEqual([true, true]);
  held.release();
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await pool.end();
});
