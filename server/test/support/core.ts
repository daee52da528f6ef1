import type { Role, Scope } from '@millrace/contract';
import { SCOPES } from '@millrace/contract';
import type pg from 'pg';
import type { Caller } from '../../src/core/caller.ts';
import type { OrderAnswer } from '../../src/core/order.ts';
import { loadConfig } from '../../src/config.ts';
import type { Clock } from '../../src/core/clock.ts';
import { uuidv7 } from '../../src/core/ids.ts';
import type { Database } from '../../src/db/open-database.ts';
import { createPool } from '../../src/db/pool.ts';
import { requireDurability } from '../../src/db/server-requirements.ts';
import type { Answer } from '../../src/intake/intake.ts';
import { createLog } from '../../src/ops/log.ts';
import { type OrderPath, startOrderPath } from '../../src/order-path.ts';
import { createDatabase, type TestDatabase } from './database.ts';

export interface TestCore {
  core: OrderPath;
  database: TestDatabase;
  pool: pg.Pool;
  /** A new user with money (default 1000.00), as a caller. */
  user(options?: { role?: Role; money?: string }): Promise<Caller>;
  stop(): Promise<void>;
}

export interface TestCoreOptions {
  clock?: Clock;
  /** See OrderPathOptions. */
  busyMsMax?: number;
  /** Command line flags of the server. */
  flags?: readonly string[];
  /** An existing database instead of a new one: a second process on the same installation. */
  database?: TestDatabase;
}

/** Deposits out of nothing, and as many orders as a test likes. */
export const PLAY_MONEY = [
  '--gateway',
  'simulated',
  '--orders-per-second',
  '1000000',
  '--orders-burst',
  '10000000',
] as const;

/** The whole way of an order on a real database, without edges. */
export async function startTestCore({
  clock,
  busyMsMax,
  flags = [],
  database: given,
}: TestCoreOptions = {}): Promise<TestCore> {
  const test = given ?? (await createDatabase());
  const { values: config } = loadConfig({ argv: ['--no-demo', ...PLAY_MONEY, ...flags], env: {} });
  const pool = createPool(test.connection);
  const { version } = await requireDurability(pool, true);
  const database: Database = {
    connection: test.connection,
    pool,
    version,
    embedded: false,
    close: async () => pool.end(),
  };
  const options = { ...(clock ? { clock } : {}), ...(busyMsMax === undefined ? {} : { busyMsMax }) };
  const core = await startOrderPath({ config, log: createLog('silent'), ...options }, database);
  return {
    core,
    database: test,
    pool,
    user: (options) => makeUser(pool, core, options),
    async stop() {
      await core.stop();
      await pool.end();
      if (!given) await test.drop();
    },
  };
}

async function makeUser(
  pool: pg.Pool,
  core: OrderPath,
  { role = 'investor', money = '1000.00' }: { role?: Role; money?: string } = {},
): Promise<Caller> {
  const userId = uuidv7();
  await pool.query(
    "insert into users (id, email, email_key, name, role, created_at) values ($1, $3, $3, 'Test', $2, now())",
    [userId, role, `${userId}@test`],
  );
  const scopes = new Set(Object.keys(SCOPES) as Scope[]);
  const caller: Caller = { userId, role, scopes, actingFor: userId };
  if (money !== '0')
    orderOf(await core.intake.submit(caller, { kind: 'deposit', params: { asset: 'USD', amount: money } }));
  return caller;
}

/** The order of an answer that must be one. */
export function orderOf(answer: Answer): OrderAnswer {
  if (!answer.ok) throw new Error(`no order: ${JSON.stringify(answer.problem)}`);
  return answer.order;
}
