import pg from 'pg';
import { expect, test } from 'vitest';
import { createDatabase } from './database.ts';

test('each test database is migrated, separate, and gone after drop', async () => {
  const [first, second] = await Promise.all([createDatabase(), createDatabase()]);
  expect(first.connection.database).not.toBe(second.connection.database);
  const client = new pg.Client(first.connection);
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ count: string }>('select count(*) from migrations');
  expect(Number(rows[0]?.count)).toBeGreaterThan(0);
  await first.drop();
  await second.drop();
  const late = new pg.Client(first.connection);
  await expect(late.connect()).rejects.toMatchObject({ code: '3D000' });
  await client.end();
});
