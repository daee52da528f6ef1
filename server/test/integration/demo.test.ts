import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoanStatusName } from '@millrace/contract';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { settableClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { createPool } from '../../src/db/pool.ts';
import { createHeartbeat } from '../../src/ops/demo/heartbeat.ts';
import { type Demo, DemoInProduction, openDemo, requireDemoAllowed } from '../../src/ops/demo/index.ts';
import { requireNewDemoAllowed } from '../../src/ops/demo/allowed.ts';
import { ensurePeople } from '../../src/ops/demo/people.ts';
import { openInstallation } from '../../src/ops/installation.ts';
import { createLog } from '../../src/ops/log.ts';
import { startOrderPath } from '../../src/order-path.ts';
import { verify } from '../../src/ops/verify.ts';
import { createDatabase } from '../support/database.ts';
import { startTestCore, type TestCore } from '../support/core.ts';

const log = createLog('silent');
const clock = settableClock(Date.now());
let folder: string;
let world: TestCore;
let demo: Demo;

function open(gateway: string | null = 'simulated'): Promise<Demo> {
  const { core, pool } = world;
  const { identity, intake, intakeAt, ask, assets, installation } = core;
  return openDemo({
    pool,
    identity,
    intake,
    intakeAt,
    ask,
    clock,
    shardCount: installation.shards,
    currency: assets.currency.code,
    gateway,
    isOpen: false,
    dataFolder: folder,
    log,
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-demo-'));
  world = await startTestCore({ clock });
  demo = await open();
});

afterAll(async () => {
  await world.stop();
  rmSync(folder, { recursive: true });
});

async function countOf(sql: string): Promise<number> {
  return Number((await world.pool.query<{ count: bigint }>(`select count(*) from ${sql}`)).rows[0]?.count);
}

const byStatus = async (): Promise<Partial<Record<LoanStatusName, number>>> => {
  const { rows } = await world.pool.query<{ status: LoanStatusName; count: bigint }>(
    'select status, count(*) from loans group by 1',
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]));
};

test('a new demonstration has forty loans in every state, and money that adds up', async () => {
  expect(await byStatus()).toEqual({ open: 15, repaying: 13, late: 3, defaulted: 2, repaid: 4, expired: 3 });
  const report = await verify(world.pool, { checks: world.core.checks });
  const wrong = report.checks.filter(({ ok, name }) => !ok && !name.startsWith('read_model'));
  expect(wrong).toEqual([]);
});

test('its history is made of orders and events over the past year, none in the future', async () => {
  const { rows } = await world.pool.query<{ first: Date; last: Date; types: bigint }>(
    'select min(at) as first, max(at) as last, count(distinct type) as types from events',
  );
  const span = rows[0] as (typeof rows)[number];
  expect(span.last.getTime()).toBeLessThanOrEqual(Date.now());
  expect(Date.now() - span.first.getTime()).toBeGreaterThan(365 * 86_400_000);
  expect(Number(span.types)).toBeGreaterThanOrEqual(15);
  expect(await countOf("orders where status = 'rejected'")).toBe(1);
  expect(await countOf("orders where status in ('failed', 'pending')")).toBe(0);
  expect(await countOf('dead_letters')).toBe(0);
});

test('opening it again changes nothing, and gives the same key', async () => {
  const before = [await countOf('orders'), await countOf('users'), await countOf('api_keys'), await countOf('events')];
  const again = await open();
  expect(again.access).toEqual(demo.access);
  expect(again.access.borrowers).toHaveLength(18);
  expect([await countOf('orders'), await countOf('users'), await countOf('api_keys'), await countOf('events')]).toEqual(
    before,
  );
});

test('a demonstration that has its history opens with any gateway', async () => {
  const before = await countOf('orders');
  for (const gateway of ['none', 'reported', null]) expect((await open(gateway)).access).toEqual(demo.access);
  expect(await countOf('orders')).toBe(before);
});

test('a new one without play money is refused by its setting before anything is written down, and starts without it', async () => {
  const database = await createDatabase();
  const pool = createPool(database.connection);
  const own = { connection: database.connection, pool, version: '18', embedded: true, close: async () => undefined };
  for (const gateway of ['none', 'reported']) {
    const { values: config } = loadConfig({ argv: ['--gateway', gateway], env: {} });
    await expect(startOrderPath({ config, log }, own)).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(`--gateway ${gateway} .*without it.*--no-demo`),
    });
  }
  expect((await pool.query('select from installation')).rowCount).toBe(0);
  const open = (gateway: string) => openInstallation(pool, { demo: true, shards: 1, gateway });
  expect(await open('auto')).toMatchObject({ demo: true });
  // Written down: whether its history is there is asked where it is made.
  expect(await open('none')).toMatchObject({ demo: true });
  await pool.end();
  await database.drop();
});

test('a seeding that was interrupted goes on where it was, at a later time of day', async () => {
  const other = await startTestCore({ clock });
  const elsewhere = mkdtempSync(join(tmpdir(), 'millrace-demo-'));
  try {
    let left = 300;
    const { core, pool } = other;
    const powerFails = (): void => {
      left -= 1;
      if (left < 0) throw new Error('power failure');
    };
    const failing = (at: Parameters<typeof core.intakeAt>[0]): ReturnType<typeof core.intakeAt> => {
      const intake = core.intakeAt(at);
      return {
        ...intake,
        submit: async (...args) => (powerFails(), intake.submit(...args)),
        submitInternal: async (...args) => (powerFails(), intake.submitInternal(...args)),
      };
    };
    const options = {
      pool,
      identity: core.identity,
      intake: core.intake,
      ask: core.ask,
      clock,
      shardCount: 1,
      currency: 'USD',
      gateway: 'simulated',
      isOpen: false,
      dataFolder: elsewhere,
      log,
    };
    await expect(openDemo({ ...options, intakeAt: failing })).rejects.toThrow('power failure');
    // Without play money nothing is submitted that would be rejected, and in the way for ever.
    for (const gateway of ['none', null])
      await expect(openDemo({ ...options, gateway, intakeAt: core.intakeAt })).rejects.toMatchObject({
        code: 'config_invalid',
      });
    await openDemo({ ...options, intakeAt: core.intakeAt });
    const { rows } = await pool.query<{ orders: bigint; loans: bigint; users: bigint }>(
      'select (select count(*) from orders) as orders, (select count(*) from loans) as loans, (select count(*) from users) as users',
    );
    expect(rows[0]).toEqual({
      orders: BigInt(await countOf('orders')),
      loans: 40n,
      users: BigInt(await countOf('users')),
    });
  } finally {
    await other.stop();
    rmSync(elsewhere, { recursive: true });
  }
});

test('with several shards the history comes out the same', async () => {
  const other = await startTestCore({ clock, flags: ['--shards', '3'] });
  const elsewhere = mkdtempSync(join(tmpdir(), 'millrace-demo-'));
  try {
    const { identity, intake, intakeAt, ask } = other.core;
    await openDemo({
      pool: other.pool,
      identity,
      intake,
      intakeAt,
      ask,
      clock,
      shardCount: 3,
      currency: 'USD',
      gateway: 'simulated',
      isOpen: false,
      dataFolder: elsewhere,
      log,
    });
    const { rows } = await other.pool.query<{ status: string; count: bigint }>(
      'select status, count(*) from loans group by 1',
    );
    expect(Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]))).toEqual(await byStatus());
  } finally {
    await other.stop();
    rmSync(elsewhere, { recursive: true });
  }
});

test('the printed passwords and the service key are accepted, and nobody logs in as a virtual user', async () => {
  for (const { role, email, password } of demo.access.users) {
    const session = await world.core.identity.login({ email, password }, { address: '127.0.0.1' });
    expect(session).toMatchObject({ ok: true, value: { user: { role } } });
  }
  expect(demo.access.users.map(({ role }) => role)).toEqual(['investor', 'trader', 'operator']);
  expect(await world.core.identity.authenticate(demo.access.service_key)).toMatchObject({ role: 'service' });
  expect(await countOf('users where demo and password_hash is not null')).toBe(3);
  expect(await countOf('users where not demo')).toBe(0);
});

test('only the user that runs the server can read the service key’s file', () => {
  const path = join(folder, 'demo-service.key');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, 'utf8').trim()).toBe(demo.access.service_key);
});

test('a demo installation does not start in production, anything else does', () => {
  expect(() => requireDemoAllowed({ demo: true }, 'production')).toThrow(DemoInProduction);
  expect(() => requireDemoAllowed({ demo: true }, undefined)).not.toThrow();
  expect(() => requireDemoAllowed({ demo: false }, 'production')).not.toThrow();
  // What was refused before it was written down leaves no installation that is a demo forever.
  expect(() => requireNewDemoAllowed('production')).toThrow('--no-demo');
});

test('the heart-beat funds, repays and opens loans within its allowance, and the money still adds up', async () => {
  const { intake, identity, ask } = world.core;
  const cast = await ensurePeople({ pool: world.pool, identity });
  const options = { cast, intake, ask, clock, currency: 'USD', log, random: seededRandom(7) };
  const heartbeat = createHeartbeat(options);
  const seen = new Map<string, number>();
  for (let count = 0; count < 560; count += 1) {
    const done = await heartbeat.beat();
    seen.set(done, (seen.get(done) ?? 0) + 1);
  }
  expect(seen.get('funded')).toBeGreaterThan(50);
  expect(seen.get('repaid')).toBeGreaterThan(10);
  expect(seen.get('repaid')).toBeLessThanOrEqual(30);
  expect(seen.get('opened')).toBeLessThanOrEqual(12);
  // A borrower who does not pay goes on not paying; the others would be cured.
  expect(await byStatus()).toMatchObject({ late: 3, defaulted: 2 });
  // The burst is used up: from now on it depends on the time that passes.
  expect(await heartbeat.beat()).toBe('rested');
  const report = await verify(world.pool, { checks: world.core.checks });
  expect(report.checks.filter(({ ok, name }) => !ok && !name.startsWith('read_model'))).toEqual([]);
});

test('the heart-beat stops when it is told to', async () => {
  const { intake, identity, ask } = world.core;
  const cast = await ensurePeople({ pool: world.pool, identity });
  let submitted = 0;
  const counted = {
    ...intake,
    submit: (...args: Parameters<typeof intake.submit>) => ((submitted += 1), intake.submit(...args)),
  };
  const heartbeat = createHeartbeat({ cast, intake: counted, ask, clock, currency: 'USD', log, intervalMs: 1 });
  heartbeat.start();
  await vi.waitFor(() => expect(submitted).toBeGreaterThan(0), { timeout: 30_000 });
  await heartbeat.stop();
  const after = submitted;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(submitted).toBe(after);
});
