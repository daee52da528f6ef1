import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@millrace/client';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runningConnection } from '../../src/db/embedded/index.ts';
import { createPool } from '../../src/db/pool.ts';
import { makeDataFolder, type ServerProcess, startServer } from '../faults/server-process.ts';
import { type CommandResult, runCommand, startCommand } from '../support/command-line.ts';

const NOBODY = 'usr_00000000-0000-7000-8000-000000000001';
const data = makeDataFolder();
let server: ServerProcess;
let pool: pg.Pool;

beforeAll(async () => {
  server = await startServer(data.folder, ['--demo', '--rejected-retention-days', '3650']);
  pool = createPool(runningConnection(data.folder));
});

afterAll(async () => {
  await pool.end();
  await server.stop();
  data.remove();
});

const millrace = (...args: string[]): Promise<CommandResult> => runCommand(args, { data: data.folder });

test('status says where the server is and how to log in, in exactly the documented shape', async () => {
  const { code, stdout, json } = await millrace('status', '--output', 'json');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\{/);
  const status = json() as {
    ready: boolean;
    http: string;
    demo: { users: { role: string; email: string; password: string }[] };
  };
  expect(status).toEqual({
    ready: true,
    http: server.http,
    grpc: null,
    data: data.folder,
    demo: {
      users: ['investor', 'trader', 'operator'].map((role) => ({
        role,
        email: expect.any(String),
        password: expect.any(String),
      })),
      service_key: expect.stringMatching(/^mrk_/),
    },
  });
  for (const { email, password, role } of status.demo.users) {
    expect((await createClient({ url: status.http }).auth.logIn({ email, password })).user.role).toBe(role);
  }
});

test('where no server is, status says so and what needs one cannot reach it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-cli-'));
  try {
    const status = await runCommand(['status', '-o', 'json'], { data: folder });
    expect([status.code, status.json()]).toEqual([3, { ready: false, http: null, grpc: null, data: folder }]);
    expect((await runCommand(['events', 'tail'], { data: folder })).code).toBe(3);
    expect((await runCommand(['verify'], { data: folder })).code).toBe(3);
    const elsewhere = await runCommand(['loan', 'create', '--borrower', NOBODY, '--url', 'http://127.0.0.1:1'], {
      data: folder,
      env: { MILLRACE_TOKEN: 'mrk_1' },
    });
    expect([elsewhere.code, elsewhere.stdout]).toEqual([3, '']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a variable that is empty is one that is not set', async () => {
  const status = await runCommand(['status', '-o', 'json'], { data: data.folder, env: { MILLRACE_URL: '' } });
  expect([status.code, status.json()]).toMatchObject([0, { ready: true, http: server.http }]);
});

test('the key of a server that was killed goes to nobody who has its port now', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-cli-'));
  const asked: (string | undefined)[] = [];
  const stranger = createServer((request, response) => {
    asked.push(request.headers.authorization);
    response.end('{}');
  });
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = stranger.address() as AddressInfo;
    const http = `http://127.0.0.1:${port}`;
    const ready_at = new Date().toISOString();
    const left = { pid: process.pid, process_start: 'an earlier one', http, grpc: null, data: folder, ready_at };
    writeFileSync(join(folder, 'runtime.json'), JSON.stringify({ ...left, demo: null }));
    writeFileSync(join(folder, 'operator.key'), 'mrk_secret');
    expect((await runCommand(['events', 'tail'], { data: folder })).code).toBe(3);
    expect((await runCommand(['loan', 'create', '--borrower', NOBODY], { data: folder })).code).toBe(3);
    expect((await runCommand(['status'], { data: folder })).code).toBe(3);
    expect(asked).toEqual([]);
  } finally {
    stranger.close();
    rmSync(folder, { recursive: true });
  }
});

test('a command line or setting that is wrong is a usage error, and stdout stays empty', async () => {
  for (const args of [
    ['nonsense'],
    ['status', '--output', 'xml'],
    ['loan', 'create', '--count', '0'],
    ['loan', 'create', '--apr', '7.25'],
    ['orders', 'submit', 'orders.txt'],
    ['orders', 'submit', 'missing.csv'],
    ['config', '--no-such-setting'],
  ]) {
    const { code, stdout, stderr } = await millrace(...args);
    expect([args, code, stdout]).toEqual([args, 2, '']);
    expect(stderr).not.toBe('');
  }
});

test('config names each value with its origin and hides secrets', async () => {
  const env = { DATABASE_URL: 'postgres://me:hunter2@db/x', MILLRACE_PORT: '4000' };
  const { code, stdout, json } = await runCommand(['config', '--shards', '2', '-o', 'json'], {
    data: data.folder,
    env,
  });
  expect(code).toBe(0);
  expect(stdout).not.toContain('hunter2');
  expect(json()).toMatchObject({
    port: { value: '4000', origin: 'environment MILLRACE_PORT' },
    shards: { value: '2', origin: 'flag --shards' },
    host: { value: '127.0.0.1', origin: 'default' },
    'database-url': { value: '(hidden)' },
  });
});

test('loan create opens as many loans as asked for', async () => {
  const { code, json } = await millrace(...'loan create --count 20 --amount 777.00 --grade B -o json'.split(' '));
  expect(code).toBe(0);
  const { data: loans } = json() as { data: { id: string }[] };
  expect(new Set(loans.map(({ id }) => id)).size).toBe(20);
  const { rows } = await pool.query("select 1 from loans where amount = 77700 and grade = 'B' and status = 'open'");
  expect(rows).toHaveLength(20);
});

test('loan close ends the funding of a loan', async () => {
  const { json } = await millrace('loan', 'create', '-o', 'json');
  const [loan] = (json() as { data: { id: string }[] }).data;
  const closed = await millrace('loan', 'close', loan!.id, '--reason', 'Opened by mistake', '-o', 'json');
  expect(closed.code).toBe(0);
  expect(closed.json()).toMatchObject({ id: loan!.id, status: 'closed' });
  const again = await millrace('loan', 'close', loan!.id, '--reason', 'Opened by mistake');
  expect(again.code).not.toBe(0);
  expect((await millrace('loan', 'close', loan!.id)).code).toBe(2);
});

test('a token that is not good enough is told apart from a server that is not there', async () => {
  const investor = await createClient({ url: server.http }).auth.logIn({
    email: 'investor@demo.millrace.local',
    password: 'invest-in-millrace',
  });
  const asInvestor = { data: data.folder, env: { MILLRACE_TOKEN: investor.token } };
  expect((await runCommand(['loan', 'create'], asInvestor)).code).toBe(4);
  const nobody = await runCommand(['loan', 'create', '--token', 'mrk_nobody'], { data: data.folder });
  expect([nobody.code, nobody.stdout]).toEqual([4, '']);
});

test('the local operator key is sent to no other address', async () => {
  const seen: (string | undefined)[] = [];
  const other = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.end('{}');
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const { code } = await millrace('loan', 'create', '--borrower', NOBODY, '--url', url);
    expect([code, seen]).toEqual([4, []]);
  } finally {
    other.close();
  }
});

test('user create makes users that can log in, and services with a key', async () => {
  const made = await millrace(
    'user',
    'create',
    '--email',
    'otto@example.com',
    '--name',
    'Otto',
    '--role',
    'operator',
    '-o',
    'json',
  );
  expect(made.code).toBe(0);
  const { password } = made.json() as { password: string };
  const client = createClient({ url: server.http });
  expect((await client.auth.logIn({ email: 'otto@example.com', password })).user).toMatchObject({
    name: 'Otto',
    role: 'operator',
  });

  const chosen = await runCommand(['user', 'create', '--email', 'ida@example.com', '--password-stdin', '-o', 'json'], {
    data: data.folder,
    input: 'correct horse battery\n',
  });
  expect(chosen.stdout).not.toContain('correct horse');
  await client.auth.logIn({ email: 'ida@example.com', password: 'correct horse battery' });

  const service = await millrace('user', 'create', '--email', 'shop@example.com', '--role', 'service', '-o', 'json');
  const { key } = service.json() as { key: string };
  expect((await createClient({ url: server.http, token: key }).me()).role).toBe('service');

  expect((await millrace('user', 'create', '--email', 'otto@example.com')).code).toBe(1);
  expect(
    (
      await runCommand(['user', 'create', '--email', 'x@example.com', '--password-stdin'], {
        data: data.folder,
        input: '123\n',
      })
    ).code,
  ).toBe(2);
});

test('a user made on the command line gets the starting balance from the server', async () => {
  const made = await runCommand(['user', 'create', '--email', 'nora@example.com', '-o', 'json'], {
    data: data.folder,
    env: { MILLRACE_CURRENCY: 'EUR', MILLRACE_STARTING_BALANCE: '7.00' },
  });
  const { id, password } = made.json() as { id: string; password: string };
  const waits = await pool.query('select payload from graphile_worker._private_jobs where key = $1', [
    `bonus/${id.slice(4)}`,
  ]);
  if (waits.rows.length > 0) return expect(waits.rows).toEqual([{ payload: { userId: id.slice(4) } }]);
  // The machine was slow, and the server has done the job by now.
  const url = server.http;
  const { token } = await createClient({ url }).auth.logIn({ email: 'nora@example.com', password });
  expect((await createClient({ url, token }).accounts.list()).data).toMatchObject([{ balance: '10000.00' }]);
});

test('verify passes, finds the row that was changed behind its back, and passes again', async () => {
  const before = await millrace('verify', '-o', 'json');
  expect([before.code, (before.json() as { ok: boolean }).ok]).toEqual([0, true]);
  const { rows } = await pool.query<{ id: string }>(
    "select id from accounts where purpose = 'cash' and balance > 1000 order by balance desc limit 1",
  );
  const { id } = rows[0] as { id: string };
  await pool.query('update accounts set balance = balance + 1 where id = $1', [id]);
  const broken = await millrace('verify', '-o', 'json');
  await pool.query('update accounts set balance = balance - 1 where id = $1', [id]);
  expect(broken.code).toBe(5);
  expect(broken.stdout).toContain(id);
  expect((await millrace('verify')).code).toBe(0);
});

test('migrate on a database that has everything changes nothing', async () => {
  const { code, json } = await millrace('migrate', '-o', 'json');
  expect([code, json()]).toEqual([0, { applied: [] }]);
});

test('events tail prints one event a line, and goes on behind a cursor without a gap or a repetition', async () => {
  const tail = async (...args: string[]): Promise<{ cursor: string; event: { id: string } }[]> => {
    const { code, stdout } = await millrace('events', 'tail', '-o', 'json', ...args);
    expect(code).toBe(0);
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  };
  const all = await tail('--after', '0-0', '--limit', '30');
  expect(all.map(({ event }) => event.id)).toEqual(Array.from({ length: 30 }, (_, index) => `0-${index + 1}`));
  const rest = await tail('--after', all[9]?.cursor as string, '--limit', '20');
  expect(rest).toEqual(all.slice(10));
});

test('events tail says to go on behind the last event that it printed', async () => {
  const { stdout, stderr } = await millrace('events', 'tail', '-o', 'json', '--after', '0-0', '--limit', '3');
  expect(stdout.trim().split('\n')).toHaveLength(3);
  expect(stderr).toContain('--after 0-3\n');
});

test('a token that is empty is an error, and not the operator of this machine', async () => {
  const { code, stdout, stderr } = await millrace('events', 'tail', '--token', '', '--limit', '1', '--after', '0-0');
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('--token is empty');
});

test('events tail ends on SIGINT, and says where to go on', async () => {
  const tail = startCommand(['events', 'tail', '--after', '0-0', '-o', 'json'], { data: data.folder });
  while (!tail.output().includes('\n')) await new Promise((resolve) => setTimeout(resolve, 10));
  tail.child.kill('SIGINT');
  const { code, stderr } = await tail.ended;
  expect(code).toBe(0);
  expect(stderr).toMatch(/--after 0-\d+/);
});
