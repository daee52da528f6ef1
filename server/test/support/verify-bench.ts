import type pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { formatId, uuidv7 } from '../../src/core/ids.ts';
import { createPool } from '../../src/db/pool.ts';
import { escrowOf } from '../../src/desks/lending/rows.ts';
import { type AccountKey, cashOf, outside } from '../../src/ledger/index.ts';
import { verify, type VerifyReport } from '../../src/ops/verify.ts';
import { createIndexProjection } from '../../src/reporting/index.ts';
import { createRetention } from '../../src/retention/retention.ts';
import { accountIds, writeInstallation } from './account-ids.ts';
import { createDatabase } from './database.ts';
import { writeOrder } from './log-rows.ts';

export const ann = uuidv7();
export const loan = uuidv7();
const account = (key: AccountKey) => ({ ...key, id: accountIds(key) });
export const cash = account(cashOf(ann, 'USD'));
export const escrow = account(escrowOf(loan, 'USD'));
export const world = account(outside('USD'));

/** Ids of the rows that tests break. */
export const deposit = uuidv7();
export const funding = uuidv7();
export const withdrawal = uuidv7();
export const silent = uuidv7();
export const hold = uuidv7();

/** A sound database of the test's own. */
export async function soundDatabase(): Promise<pg.Pool> {
  const { pool, drop } = await createSound();
  onTestFinished(drop);
  return pool;
}

/**
 * A database in which everything is sound: shard 0 with two transfers (10,000 minor units in, 2,500 to
 * a loan) and five events, shard 1 with one transfer and two events, a withdrawal that holds 300, all indexed; shard 2
 * with an order that retention has dropped.
 */
async function createSound(): Promise<{ pool: pg.Pool; drop: () => Promise<void> }> {
  const database = await createDatabase();
  const pool = createPool(database.connection);
  const drop = async (): Promise<void> => {
    await pool.end();
    await database.drop();
  };
  await writeInstallation(pool);
  await writeOrder(pool, {
    id: deposit,
    kind: 'deposit',
    userId: ann,
    transfers: [{ debit: world, credit: cash, amount: 10_000n, reason: 'deposit' }],
    events: [{ type: 'deposit_received', userId: ann }],
  });
  await writeOrder(pool, {
    id: funding,
    kind: 'fund_loan',
    userId: ann,
    transfers: [{ debit: cash, credit: escrow, amount: 2_500n, reason: 'loan_funding' }],
  });
  await writeOrder(pool, { id: withdrawal, kind: 'withdraw', userId: ann, status: 'pending' });
  await writeOrder(pool, {
    id: silent,
    kind: 'expire_loan',
    visible: false,
    events: [{ type: 'loan_expired', userId: null }],
  });
  await writeOrder(pool, { kind: 'fund_loan', userId: ann, status: 'rejected', shard: 1 });
  await writeOrder(pool, {
    kind: 'deposit',
    userId: ann,
    shard: 1,
    transfers: [{ debit: world, credit: cash, amount: 1n }],
  });
  await pool.query(
    `insert into holds (id, account_id, order_id, amount, created_at, updated_at) values ($1, $2, $3, 300, now(), now())`,
    [hold, cash.id, withdrawal],
  );
  await pool.query('update accounts set held = 300 where id = $1', [cash.id]);
  await pool.query(`insert into idempotency_keys values ($1, 'orders', 'key-1', 'f', $2, now())`, [ann, deposit]);
  const old = new Date(Date.now() - 40 * 24 * 3_600_000);
  await writeOrder(pool, { kind: 'fund_loan', userId: ann, status: 'rejected', shard: 2, at: old });
  const log = pino({ level: 'silent' });
  const projection = createIndexProjection({ pool, log, catchUpTimeoutMs: 600_000 });
  await projection.catchUp();
  await projection.stop();
  const clock = { now: () => Date.now() };
  const limits = { rejectedDays: 30, rejectedOrdersMax: 1_000, idempotencyDays: 30, deadLetterDays: 30 };
  await createRetention({ pool, clock, log, limits: { ...limits, openDeadLetterDays: 30 } }).run();
  return { pool, drop };
}

const TABLES =
  'shards assets accounts transfers holds orders idempotency_keys events consumers user_orders user_events account_lines event_counts transfer_totals retention event_gaps dropped_orders'.split(
    ' ',
  );

/**
 * For a test file: a function that does to the sound database what no program of ours does, says what verify finds, and
 * puts everything back.
 */
export function useDamage(): (...statements: string[]) => Promise<VerifyReport> {
  let pool: pg.Pool;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    ({ pool, drop } = await createSound());
    await pool.query(
      'alter table events disable trigger user; alter table transfers disable trigger user; create schema sound',
    );
    await pool.query(TABLES.map((table) => `create table sound.${table} as table public.${table}`).join(';'));
  });
  afterAll(() => drop());
  return async (...statements) => {
    for (const statement of statements) await pool.query(statement);
    const report = await verify(pool, { checks: [] });
    await pool.query(TABLES.map((table) => `truncate ${table}; insert into ${table} table sound.${table}`).join(';'));
    return report;
  };
}

/** Check → its violations, for those that fail. */
export function faultsOf(report: VerifyReport): Record<string, string[]> {
  const failed = report.checks.filter((check) => !check.ok);
  expect(report.ok).toBe(failed.length === 0);
  return Object.fromEntries(
    failed.map(({ name, violations }) => [name, violations.map((row) => `${row.subject}: ${row.detail}`)]),
  );
}

export const acc = (key: AccountKey): string => formatId('account', accountIds(key));
export const ord = (id: string): string => formatId('order', id);
