import type { EventType } from '@millrace/contract';
import type { MerchantRegistration, MerchantView } from '@millrace/contract';
import type pg from 'pg';
import { expect } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { formatAmount } from '../../src/core/money.ts';
import { DESKS } from '../../src/desks/index.ts';
import type { ResourceAnswer } from '../../src/desks/resource.ts';
import type { DeskModule, DueCommand } from '../../src/desks/module.ts';
import { verify } from '../../src/ops/verify.ts';
import { orderOf, type TestCore } from './core.ts';
import { faultsOf } from './catalogue.ts';

/** A user's cash as it stands in the database. */
export async function cashOf(pool: pg.Pool, user: Caller): Promise<string> {
  const { rows } = await pool.query<{ balance: bigint }>(
    "select balance::bigint from accounts where owner_id = $1 and purpose = 'cash' and asset = 'USD'",
    [user.userId],
  );
  return formatAmount(rows[0]?.balance ?? 0n, 2);
}

/** A loan that is open for funding, made by an operator. Returns its public id. */
export async function openLoan(test: TestCore, borrower: Caller, amount: string, apr = '0.12'): Promise<string> {
  const operator = await test.user({ role: 'operator', money: '0' });
  const params = {
    borrower_id: `usr_${borrower.userId}`,
    purpose: 'A loan of the tests',
    amount,
    apr,
    term_months: 12,
    grade: 'B',
    funding_deadline: new Date(test.core.clock.now() + 30 * 86_400_000).toISOString(),
  };
  const order = orderOf(await test.core.intake.submit(operator, { kind: 'create_loan', params }));
  return order.result['loan_id'] as string;
}

/** Someone who can be paid under a handle. */
export async function registerMerchant(
  test: Pick<TestCore, 'core' | 'user'>,
  body: MerchantRegistration,
): Promise<ResourceAnswer<MerchantView>> {
  return test.core.ask('registerMerchant', await test.user({ role: 'operator', money: '0' }), { body });
}

/** What time has made due, a page of one source or all that there is. */
export async function dueNow(
  { due, clock }: Pick<TestCore['core'], 'due' | 'clock'>,
  { at = clock.now(), limit = 1_000, after }: { at?: number; limit?: number; after?: string | undefined } = {},
): Promise<readonly DueCommand[]> {
  return (await Promise.all(due.map((source) => source.due(at, limit, after)))).flat();
}

/** `millrace verify` finds nothing. */
export async function expectSound(
  pool: pg.Pool,
  modules: readonly Pick<DeskModule, 'checks'>[] = DESKS,
): Promise<void> {
  const report = await verify(pool, { checks: modules.flatMap(({ checks }) => checks) });
  expect(report.checks.filter((check) => !check.ok)).toEqual([]);
  await expectCatalogued(pool);
}

/** The newest events of a test: more would only be more of the same. */
const CATALOGUED_MAX = 1_000;

/** Every event carries what the catalogue says of its type, no more and no less. */
async function expectCatalogued(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ type: EventType; data: object }>(
    `select type, data from events order by at desc limit ${CATALOGUED_MAX}`,
  );
  expect(rows.flatMap(({ type, data }) => faultsOf(type, data).map((fault) => `${type}${fault}`))).toEqual([]);
}
