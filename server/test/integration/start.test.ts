import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPool } from '../../src/db/pool.ts';
import { openInstallation } from '../../src/ops/installation.ts';
import { ensureFirstOperator, ensureOperatorKey } from '../../src/ops/operator-access.ts';
import { runCommand } from '../support/command-line.ts';
import { startTestCore } from '../support/core.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { processEnv } from '../support/process-env.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'millrace-start-'));
let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = createPool(database.connection);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

function urlOf({ connection }: TestDatabase): string {
  const { host, port, user, password, database: name } = connection;
  return `postgres://${user}:${encodeURIComponent(password)}@/${name}?host=${encodeURIComponent(host)}&port=${port}`;
}

/** Starts Millrace on the test's database, as an outside one, and waits for its end. */
async function start(...flags: string[]): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(
    process.execPath,
    [MAIN, '--no-demo', '--allow-unsafe-durability', '--port', '0', '--data', folder, '--log-level', 'error', ...flags],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...processEnv(), DATABASE_URL: urlOf(database) } },
  );
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stderr })));
}

describe('a start that cannot succeed says in one line what to do', () => {
  test.each([
    ['a shard that there is not', ['--own-shards', '7'], 2, /--own-shards names 7.* 0 to 0 only/],
    ['a shard that is no number', ['--own-shards', '0,x'], 2, /--own-shards names x/],
    ['a starting balance that is too precise', ['--starting-balance', '0.001'], 2, /too precise .* 2 decimal places/],
    ['a starting balance beyond all amounts', ['--starting-balance', '999999999999999999'], 2, /--starting-balance/],
    ['another number of shards', ['--shards', '3'], 2, /has 1 shard\(s\), not 3: start it with --shards 1/],
    ['another scale of the currency', ['--currency-scale', '3'], 2, /start it with --currency-scale 2/],
  ])('%s', async (_, flags, code, message) => {
    await openInstallation(pool, { demo: false, shards: 1 });
    await pool.query(
      "insert into assets (code, scale, name, class) values ('USD', 2, 'USD', 'currency') on conflict do nothing",
    );
    const result = await start(...flags);
    expect(result).toEqual({ code, stderr: expect.stringMatching(message) as unknown });
    expect(result.stderr).toMatch(/^millrace: [^\n]*\n$/);
    const { rows } = await pool.query('select id from shards');
    expect(rows).toEqual([{ id: 0 }]);
  });

  test('a port that is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await start('--port', String(port));
    other.close();
    expect(code).toBe(1);
    expect(stderr).toBe(
      `millrace: 127.0.0.1:${port} is taken: stop what listens there, or choose another port with --port (0 takes a free one)\n`,
    );
  });
});

test('processes that start together on a new database make one installation, and each its operator’s key', async () => {
  const fresh = await createDatabase();
  const pools = Array.from({ length: 8 }, () => createPool(fresh.connection));
  const installations = await Promise.all(pools.map((one) => openInstallation(one, { demo: false, shards: 2 })));
  expect(new Set(installations.map(({ id }) => id)).size).toBe(1);
  expect(installations[0]).toMatchObject({ shards: 2 });
  const core = await startTestCore({ database: fresh, flags: ['--shards', '2'] });
  const { identity } = core.core;
  await Promise.all(
    pools.map((one) => ensureOperatorKey({ pool: one, identity, dataFolder: mkdtempSync(join(folder, 'data-')) })),
  );
  const { rows } = await core.pool.query(
    'select count(*)::int as keys, count(distinct user_id)::int as users from api_keys',
  );
  expect(rows.map((row) => [Number(row.keys), Number(row.users)])).toEqual([[8, 1]]);
  await core.stop();
  await Promise.all(pools.map((one) => one.end()));
  await fresh.drop();
});

test('an operator’s key can be made on any number of new data folders: the oldest ones are deleted', async () => {
  const core = await startTestCore();
  const { pool: own, core: path } = core;
  for (let i = 0; i < 101; i += 1) {
    await ensureOperatorKey({ pool: own, identity: path.identity, dataFolder: mkdtempSync(join(folder, 'many-')) });
  }
  const { rows } = await own.query('select count(*)::int as keys from api_keys');
  expect(Number(rows[0].keys)).toBe(20);
  await core.stop();
});

/** A start that succeeds: what it printed until it was ready, and all that it logged. */
async function run(
  on: TestDatabase,
  dataFolder: string,
): Promise<{ http: string; stdout: string; end(): Promise<string> }> {
  const args = ['--no-demo', '--allow-unsafe-durability', '--port', '0', '--data', dataFolder, '--log-level', 'debug'];
  const env = { ...processEnv(), DATABASE_URL: urlOf(on) };
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  let [stdout, stderr] = ['', ''];
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const http = await new Promise<string>((resolve, reject) => {
    child.once('close', () => reject(new Error(stderr)));
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      const found = /Health +(http\S+)\/readyz[^]*Ctrl-C/.exec(stdout);
      if (found) resolve(found[1] as string);
    });
  });
  const end = async (): Promise<string> => {
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    await closed;
    return stderr;
  };
  return { http, stdout, end };
}

const TOKEN = /reset-password#(\S+)/;

describe('the first operator', () => {
  const EMAIL = 'operator@millrace.local';
  const PASSWORD = 'a phrase of the first operator';

  test('sets a password by a link that is printed once, in no log, good once, and renewed by a command', async () => {
    const fresh = await createDatabase();
    const dataFolder = mkdtempSync(join(folder, 'first-'));
    const first = await run(fresh, dataFolder);
    const lost = TOKEN.exec(first.stdout)?.[1] ?? '';
    expect(lost).toHaveLength(47);
    expect(first.stdout).toContain(`logs in as ${EMAIL}`);
    const log = await first.end();
    expect(log).toContain('"level":30');
    expect(log).not.toContain(lost.slice(4));

    const second = await run(fresh, dataFolder);
    expect(second.stdout).not.toMatch(TOKEN);
    expect(second.stdout).toContain(`npx millrace user reset-link ${EMAIL}`);
    const env = { DATABASE_URL: urlOf(fresh) };
    const made = await runCommand(['user', 'reset-link', EMAIL], { data: dataFolder, env });
    const renewed = TOKEN.exec(made.stdout)?.[1] ?? '';
    const post = (path: string, body: object): Promise<Response> =>
      fetch(`${second.http}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const reset = async (token: string): Promise<number> =>
      (await post('/v1/auth/password-reset', { token, new_password: PASSWORD })).status;
    expect([await reset(lost), await reset(renewed), await reset(renewed)]).toEqual([410, 204, 410]);
    const session = await post('/v1/auth/login', { email: EMAIL, password: PASSWORD });
    expect(await session.json()).toMatchObject({ user: { role: 'operator', email: EMAIL } });
    await second.end();
    await fresh.drop();
  }, 180_000);

  test('is one, however many processes start together, and nobody is waited for once there is a password', async () => {
    const core = await startTestCore();
    const { identity } = core.core;
    const options = { pool: core.pool, identity, email: EMAIL };
    const made = await Promise.all([1, 2, 3, 4].map(() => ensureFirstOperator(options)));
    expect(made.map((one) => one?.email)).toEqual(Array(4).fill(EMAIL));
    const links = made.flatMap((one) => one?.link ?? []);
    expect(links).toHaveLength(1);
    const token = links[0]?.path.split('#')[1] ?? '';
    await identity.resetPassword({ token, new_password: PASSWORD }, { address: '127.0.0.1' });
    expect(await ensureFirstOperator(options)).toBeNull();
    await core.stop();
  });
});
