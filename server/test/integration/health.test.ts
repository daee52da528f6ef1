import { Writable } from 'node:stream';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createPool } from '../../src/db/pool.ts';
import { createHealth, type Health } from '../../src/ops/health.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

interface Logged {
  msg: string;
  err?: { message: string };
}

async function withHealth(
  accepting: boolean,
  use: (health: Health, database: TestDatabase, lines: Logged[]) => Promise<void>,
): Promise<void> {
  const database = await createDatabase();
  const lines: Logged[] = [];
  const stream = new Writable({ write: (chunk, _, done) => (lines.push(JSON.parse(String(chunk)) as Logged), done()) });
  const pool = createPool(database.connection);
  await use(
    createHealth({ pool, accepting: () => accepting, commits: async () => true, log: pino(stream) }),
    database,
    lines,
  );
  await pool.end();
  await database.drop();
}

/** Whether anybody may connect to the database; with false, nobody stays connected either. */
async function allow({ connection }: TestDatabase, allowed: boolean): Promise<void> {
  const name = connection.database;
  const pool = createPool({ ...connection, database: 'postgres' });
  await pool.query(`alter database ${name} allow_connections ${allowed}`);
  if (!allowed) await pool.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  await pool.end();
}

const there = { name: 'database', ok: true };
const working = { name: 'pipeline', ok: true };
const commits = (ok: boolean) => ({ name: 'commits', ok });

test('a caller is told which part is not ready; why, once, the log', async () => {
  await withHealth(true, async (health, database, lines) => {
    expect(await health.readiness()).toEqual({ ready: true, checks: [there, working, commits(true)] });
    await allow(database, false);
    for (let i = 0; i < 5; i += 1)
      expect(await health.readiness()).toEqual({
        ready: false,
        checks: [{ name: 'database', ok: false }, working, commits(false)],
      });
    expect(lines).toHaveLength(1);
    // Which words depends on who notices first: the server that refuses, or the socket that is gone.
    expect(lines[0]?.err?.message).toMatch(/connect|EPIPE|ECONNRESET/i);
    await allow(database, true);
    expect(await health.readiness()).toEqual({ ready: true, checks: [there, working, commits(true)] });
    expect(lines.map(({ msg }) => msg)).toEqual(['the database does not answer', 'the database answers again']);
  });
});

test('a process that takes no work is not ready', async () => {
  await withHealth(false, async (health) => {
    expect(await health.readiness()).toEqual({
      ready: false,
      checks: [there, { name: 'pipeline', ok: false }, commits(true)],
    });
  });
});
