import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient, type MillraceError, type StreamState } from '@millrace/client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { createLog } from '../../src/ops/log.ts';
import { type Platform, startPlatform } from '../../src/platform.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let folder: string;
let platform: Platform;

async function start(port: string): Promise<Platform> {
  const { host, user, password, database: name } = database.connection;
  const url = `postgres://${user}:${encodeURIComponent(password)}@localhost/${name}?host=${encodeURIComponent(host)}`;
  const { values } = loadConfig({ argv: ['--database-url', url, '--data', folder, '--port', port], env: {} });
  return startPlatform({ config: values, log: createLog('silent') });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-client-installation-'));
  database = await createDatabase();
  platform = await start('0');
});

afterAll(async () => {
  await platform.stop();
  await database.drop();
  rmSync(folder, { recursive: true });
});

function operator(): Client {
  return createClient({ url: platform.http, token: readFileSync(join(folder, 'operator.key'), 'utf8').trim() });
}

test('a visitor reads what the installation is, and nothing of the operators’', async () => {
  const visitor = createClient({ url: platform.http });
  expect(await visitor.installation.get()).toMatchObject({
    name: 'Millrace',
    currency: { asset: 'USD', scale: 2 },
    demo: null,
    starting_balance: { asset: 'USD', amount: '10000.00' },
    roles_open: ['investor'],
    totals: { loans_total: 0, funded: '0.00' },
  });
  await expect(visitor.overview.get()).rejects.toMatchObject({ code: 'unauthenticated' });
  const refused = await new Promise<MillraceError>((resolve) => {
    visitor.overview.follow(() => undefined, { refused: resolve });
  });
  expect(refused.code).toBe('unauthenticated');
});

test('the totals are followed, also over the server’s restart', async () => {
  const visitor = createClient({ url: platform.http });
  const states: StreamState[] = [];
  const seen: number[] = [];
  const following = visitor.installation.follow(({ users }) => seen.push(users), {
    onState: (state) => states.push(state),
  });
  const until = (count: number): Promise<void> =>
    vi.waitFor(() => expect(seen.at(-1)).toBeGreaterThanOrEqual(count), { timeout: 30_000, interval: 10 });
  await until(0);
  const before = seen.at(-1) as number;
  const { port } = new URL(platform.http);
  await visitor.auth.register({ email: 'one@example.com', password: 'a long password', name: 'One' });
  await until(before + 1);
  await platform.stop();
  platform = await start(port);
  await visitor.auth.register({ email: 'two@example.com', password: 'a long password', name: 'Two' });
  await until(before + 2);
  following.close();
  expect(states).toContain('waiting');
});

test('an operator follows the overview, and has the books verified', async () => {
  const overview = await new Promise((resolve) => {
    const following = operator().overview.follow((value) => {
      following.close();
      resolve(value);
    });
  });
  expect(overview).toMatchObject({
    database: { version: expect.stringMatching(/^\d+/), embedded: false },
    queue: { waiting: 0, max: 20_000 },
    connections: { sse: expect.any(Number), http: expect.any(Number) },
  });
  expect(await operator().verifications.latest()).toBeNull();
  const report = await operator().verifications.run();
  expect(report.ok).toBe(true);
  expect(await operator().verifications.latest()).toEqual(report);
});
