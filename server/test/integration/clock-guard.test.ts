import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SettableClock, settableClock } from '../../src/core/clock.ts';
import { uuidv7 } from '../../src/core/ids.ts';
import { orderOf, startTestCore, type TestCore } from '../support/core.ts';
import { openLoan } from '../support/ledger.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const OPERATOR = uuidv7();

let world: TestCore;
let clock: SettableClock;
beforeAll(async () => {
  clock = settableClock(Date.now());
  world = await startTestCore({ clock });
});
afterAll(() => world.stop());

/** What the scheduler's runs submit now. */
async function runDue(): Promise<number> {
  return (await world.core.scheduler.runDue()).submitted;
}

async function statusOf(loan: string): Promise<string> {
  const { rows } = await world.pool.query('select status from loans where id = $1', [loan.slice('loan_'.length)]);
  return rows[0].status;
}

async function deposit(): Promise<void> {
  const user = await world.user();
  const order = await world.core.intake.submit(user, { kind: 'deposit', params: { asset: 'USD', amount: '1.00' } });
  expect(orderOf(order).status).toBe('completed');
}

/** A loan for which nothing is due yet; it expires after 30 days. */
async function someLoan(): Promise<string> {
  return openLoan(world, await world.user({ money: '0' }), '100.00');
}

test('a clock that jumps ahead acts on nothing, takes orders, and is believed again when it is right', async () => {
  const { clockGuard } = world.core;
  const loan = await someLoan();
  expect(await runDue()).toBe(0);
  expect(clockGuard.state()?.fault).toBeNull();
  clock.advance(400 * DAY_MS);
  expect(await world.core.scheduler.runDue()).toMatchObject({ submitted: 0, heldBy: 'database' });
  expect(clockGuard.state()?.fault).toBe('database');
  expect(await statusOf(loan)).toBe('open');
  clock.advance(-400 * DAY_MS);
  expect(await runDue()).toBe(0);
  expect(clockGuard.state()?.fault).toBeNull();
});

test('a clock behind what was written meanwhile waits for an operator, whatever is written later', async () => {
  const { clockGuard } = world.core;
  clock.advance(400 * DAY_MS);
  await deposit();
  await runDue();
  clock.advance(-400 * DAY_MS);
  await deposit();
  await runDue();
  expect(clockGuard.state()?.fault).toBe('behind');
  expect((await clockGuard.confirm(OPERATOR)).fault).toBeNull();
  await runDue();
  expect(clockGuard.state()?.fault).toBeNull();
  const { rows } = await world.pool.query('select confirmed_by from clock_marks');
  expect(rows).toEqual([{ confirmed_by: OPERATOR }]);
});

test('after three weeks without a sign of life an operator says that they were a rest, whatever is written before', async () => {
  const { clockGuard } = world.core;
  const loan = await someLoan();
  await world.pool.query("update loans set funding_deadline = now() - interval '1 day' where id = $1", [
    loan.slice('loan_'.length),
  ]);
  await world.pool.query(
    "update clock_marks set seen_at = seen_at - interval '21 days', latest_at = latest_at - interval '21 days'",
  );
  expect(await runDue()).toBe(0);
  await deposit();
  expect(await runDue()).toBe(0);
  expect(clockGuard.state()?.fault).toBe('gap');
  expect(await statusOf(loan)).toBe('open');
  await clockGuard.confirm(OPERATOR);
  expect(await runDue()).toBe(1);
  expect(await statusOf(loan)).toBe('expired');
});

test('where an operator says that the clocks differ, they may, and no further', async () => {
  const { clockGuard } = world.core;
  clock.advance(2 * HOUR_MS);
  expect((await clockGuard.confirm(OPERATOR)).fault).toBeNull();
  clock.advance(HOUR_MS);
  await runDue();
  expect(clockGuard.state()?.fault).toBe('database');
});
