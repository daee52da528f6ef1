import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { createLog } from '../../src/ops/log.ts';
import { startPlatform } from '../../src/platform.ts';
import { createDatabase } from '../support/database.ts';

const isInstalled = spawnSync('pgbouncer', ['--version']).status === 0;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** PgBouncer as it comes, before a test's database. @returns its URL. */
async function startPooler(mode: string): Promise<string> {
  const database = await createDatabase();
  const { host, port, user, password, database: name } = database.connection;
  const folder = mkdtempSync(join(tmpdir(), 'millrace-pooler-'));
  chmodSync(folder, 0o755);
  const listen = await freePort();
  const config = join(folder, 'pgbouncer.ini');
  writeFileSync(join(folder, 'users'), `"${user}" "${password}"\n`);
  writeFileSync(
    config,
    `[databases]\n${name} = host=${host} port=${port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${listen}\n` +
      `unix_socket_dir =\nauth_type = plain\nauth_file = ${join(folder, 'users')}\npool_mode = ${mode}\n` +
      'default_pool_size = 60\nmax_client_conn = 200\n',
  );
  // It does not run as root; the socket's owner can reach the server.
  const owner = execFileSync('id', ['-un', String(statSync(host).uid)])
    .toString()
    .trim();
  const asUser = process.getuid?.() === 0 ? ['-u', owner] : [];
  const pooler: ChildProcess = spawn('pgbouncer', [...asUser, config], { stdio: 'ignore' });
  onTestFinished(async () => {
    pooler.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
    await database.drop();
  });
  const url = `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${listen}/${name}`;
  await vi.waitFor(
    async () => {
      const client = new pg.Client(url);
      client.on('error', () => undefined);
      await client.connect();
      await client.end();
    },
    { timeout: 20_000, interval: 50 },
  );
  return url;
}

function startBehind(url: string) {
  const data = mkdtempSync(join(tmpdir(), 'millrace-behind-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const argv = ['--database-url', url, '--data', data, '--port', '0'];
  return startPlatform({ config: loadConfig({ argv, env: {} }).values, log: createLog('silent') });
}

test.skipIf(!isInstalled)('behind a pooler in session mode everything starts and stops', async () => {
  const platform = await startBehind(await startPooler('session'));
  expect((await fetch(`${platform.http}/readyz`)).status).toBe(200);
  await platform.stop();
});

test.skipIf(!isInstalled).each(['transaction', 'statement'])(
  'behind one in %s mode the start says that it does not',
  async (mode) => {
    await expect(startBehind(await startPooler(mode))).rejects.toMatchObject({
      code: 'database_session_not_kept',
      message: expect.stringContaining('pool_mode=session') as string,
    });
  },
);
