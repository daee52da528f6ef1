import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runningConnection } from '../../src/db/embedded/index.ts';
import { createPool } from '../../src/db/pool.ts';
import { makeDataFolder, type ServerProcess, startServer } from '../faults/server-process.ts';
import { runCommand, startCommand } from '../support/command-line.ts';

const data = makeDataFolder();
let server: ServerProcess;
let pool: pg.Pool;

beforeAll(async () => {
  server = await startServer(data.folder);
  pool = createPool(runningConnection(data.folder), { onError: () => undefined });
});

afterAll(async () => {
  await pool.end();
  await server.stop();
  data.remove();
});

interface Summary {
  lines: number;
  accepted: number;
  not_accepted: number;
  outcomes: { status: string; reason: string | null; count: number }[];
  first_not_accepted: { line: number; status: string }[];
}

const DEPOSIT = JSON.stringify({ kind: 'deposit', asset: 'USD', amount: '1.00' });

function fileOf(name: string, content: string): string {
  const path = join(data.folder, name);
  writeFileSync(path, content);
  return path;
}

async function balance(): Promise<number> {
  const { rows } = await pool.query<{ sum: string | null }>("select sum(balance) from accounts where purpose = 'cash'");
  return Number(rows[0]?.sum ?? 0) / 100;
}

test('orders of a file are sent, bad lines are named and do not stop the rest, and the exit code tells', async () => {
  const bad = [
    'nonsense',
    JSON.stringify({ kind: 'deposit', asset: 'USD', amount: '0' }),
    JSON.stringify({ kind: 'withdraw', asset: 'USD', amount: '999999' }),
  ];
  const file = fileOf('mixed.ndjson', [DEPOSIT, bad[0], DEPOSIT, bad[1], bad[2], DEPOSIT].join('\n'));
  const rejects = join(data.folder, 'rejects.ndjson');
  const before = await balance();
  const { code, json } = await runCommand(['orders', 'submit', file, '-o', 'json', '--rejects', rejects], {
    data: data.folder,
  });
  expect(code).toBe(6);
  expect(json() as Summary).toMatchObject({
    lines: 6,
    accepted: 3,
    not_accepted: 3,
    first_not_accepted: [
      { line: 2, status: 'malformed' },
      { line: 4, status: 'refused' },
      { line: 5, status: 'rejected' },
    ],
  });
  expect(await balance()).toBe(before + 3);
  const written = readFileSync(rejects, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(written.map(({ line }) => line)).toEqual([2, 4, 5]);
  expect(existsSync(`${file}.progress`)).toBe(false);
});

test('the same file twice acts once; the same lines in another file, or under another run id, act again', async () => {
  const before = await balance();
  const file = fileOf('once.ndjson', `${DEPOSIT}\n`.repeat(10));
  for (let round = 0; round < 2; round += 1) {
    expect((await runCommand(['orders', 'submit', file, '-o', 'json'], { data: data.folder })).json()).toMatchObject({
      accepted: 10,
    });
    expect(await balance()).toBe(before + 10);
  }
  await runCommand(['orders', 'submit', fileOf('other.ndjson', `${DEPOSIT}\n`.repeat(10))], { data: data.folder });
  expect(await balance()).toBe(before + 20);
  for (let round = 0; round < 2; round += 1) {
    await runCommand(['orders', 'submit', file, '--run-id', 'march'], { data: data.folder });
    expect(await balance()).toBe(before + 30);
  }
});

test('CSV from standard input', async () => {
  const millrace = (...args: string[]) => runCommand([...args, '-o', 'json'], { data: data.folder });
  const registered = await millrace('merchant', 'register', 'corner-shop', '--name', 'The corner shop');
  expect(registered.json()).toMatchObject({ handle: 'corner-shop', name: 'The corner shop', owner: null });
  expect((await millrace('merchant', 'disable', 'corner-shop')).json()).toMatchObject({
    disabled_at: expect.any(String),
  });
  expect((await millrace('merchant', 'enable', 'corner-shop')).json()).toMatchObject({ disabled_at: null });
  expect((await millrace('merchant', 'list', '--search', 'CORNER')).json()).toMatchObject([{ handle: 'corner-shop' }]);
  const before = await balance();
  const input =
    'kind,asset,amount,merchant,item,quantity,price\ndeposit,USD,5.00,,,,\npay,,,corner-shop,"A ""fine"" book",2,1.50\n';
  const { code, json } = await runCommand(['orders', 'submit', '-', '--format', 'csv', '-o', 'json'], {
    data: data.folder,
    input,
  });
  expect([code, (json() as Summary).accepted]).toEqual([0, 2]);
  expect(await balance()).toBe(before + 2);
});

test('verify tells what is overdue by a code of its own, and what is wrong before it', async () => {
  const verify = (...more: string[]) => runCommand(['verify', ...more], { data: data.folder });
  await pool.query(`select graphile_worker.add_job('nobody_does_this', job_key := 'nobody')`);
  await pool.query(
    "update graphile_worker._private_jobs set attempts = 5, last_error = 'in vain', created_at = now() - interval '1 hour' where key = 'nobody'",
  );
  const late = await verify('-o', 'json');
  expect(late.code).toBe(7);
  expect(late.json()).toMatchObject({ ok: true, overdue: { count: 1, explained: 0 } });
  const table = await verify();
  expect(table.code).toBe(7);
  expect(table.stdout).toMatch(/nobody does this has failed 5 times: in vain[^]*1 is overdue, which breaks no rule\./);
  await pool.query("update accounts set balance = balance + 1 where purpose = 'outside'");
  expect((await verify()).code).toBe(5);
  await pool.query("update accounts set balance = balance - 1 where purpose = 'outside'");
  await pool.query("select graphile_worker.remove_job('nobody')");
  const after = await verify();
  expect([after.code, after.stdout.trimEnd().split('\n').at(-1)]).toEqual([0, 'Nothing is overdue.']);
});

test('CSV as a spreadsheet writes it, in the same words as on a page where it is not clear', async () => {
  const before = await balance();
  const input = '\uFEFFKind;Asset;Amount;\r\nDeposit;USD;1.234,50;\r\ndeposit;USD;0,500;\r\n;;;\r\ndeposit;USD;$5';
  const args = ['orders', 'submit', '-', '--format', 'csv', '-o', 'json'];
  const { code, json } = await runCommand(args, { data: data.folder, input });
  expect([code, (json() as Summary).accepted]).toEqual([6, 2]);
  expect((json() as Summary).first_not_accepted).toMatchObject([
    { line: 3, status: 'malformed', detail: 'amount: “0,500” can mean 0.50 or 500. Write 0.50 or 500.' },
  ]);
  expect(await balance()).toBe(before + 1239.5);
  const wide = await runCommand(args, { data: data.folder, input: Buffer.from(input, 'utf16le') });
  expect([wide.code, wide.stderr]).toEqual([2, expect.stringMatching(/UTF-16.*UTF-8/)]);
  expect(await balance()).toBe(before + 1239.5);
});

test('killed in the middle and run again, every order acts once and every line is counted once', async () => {
  const count = 30_000;
  const before = await balance();
  const file = fileOf('killed.ndjson', `${`${DEPOSIT}\n`.repeat(count - 1)}nonsense\n`);
  const rejects = join(data.folder, 'killed-rejects.ndjson');
  const args = ['orders', 'submit', file, '--rejects', rejects, '-o', 'json'];
  let kills = 0;
  for (; kills < 3; kills += 1) {
    const running = startCommand(args, { data: data.folder });
    const target = before + (count / 4) * (kills + 1) - 2_000;
    while ((await balance()) < target && running.child.exitCode === null) await pause(5);
    if (!running.child.kill('SIGKILL')) break;
    await running.ended;
  }
  expect(kills).toBeGreaterThan(0);
  const { code, json } = await runCommand(args, { data: data.folder });
  expect(code).toBe(6);
  expect(json() as Summary).toMatchObject({ lines: count, accepted: count - 1, not_accepted: 1 });
  expect(await balance()).toBe(before + count - 1);
  expect(readFileSync(rejects, 'utf8').trim().split('\n')).toHaveLength(1);
});

test('SIGINT in the middle saves how far it was, says so, and the next run goes on there', async () => {
  const count = 20_000;
  const before = await balance();
  const file = fileOf('interrupted.ndjson', `${DEPOSIT}\n`.repeat(count));
  const running = startCommand(['orders', 'submit', file], { data: data.folder });
  // More than what is under way at once, so that answers have come.
  while ((await balance()) < before + 5_000) await pause(5);
  running.child.kill('SIGINT');
  const { code, stderr } = await running.ended;
  expect(code).toBe(130);
  expect(stderr).toContain('again');
  const { line } = JSON.parse(readFileSync(`${file}.progress`, 'utf8')) as { line: number };
  expect(line).toBeGreaterThan(0);
  const next = await runCommand(['orders', 'submit', file, '-o', 'json'], { data: data.folder });
  expect(next.stderr).toContain(`behind line ${line}`);
  expect([next.code, (next.json() as Summary).lines]).toEqual([0, count]);
  expect(await balance()).toBe(before + count);
});

test('a server that is killed and comes back in the middle costs no order and doubles none', async () => {
  const count = 20_000;
  const before = await balance();
  const file = fileOf('outage.ndjson', `${DEPOSIT}\n`.repeat(count));
  const running = startCommand(['orders', 'submit', file, '-o', 'json'], { data: data.folder });
  while ((await balance()) < before + 2_000) await pause(5);
  const port = new URL(server.http).port;
  await server.kill();
  server = await startServer(data.folder, ['--port', port]);
  const { code, json } = await running.ended;
  expect([code, (json() as Summary).accepted]).toEqual([0, count]);
  expect(await balance()).toBe(before + count);
  expect((await runCommand(['verify'], { data: data.folder })).code).toBe(0);
});
