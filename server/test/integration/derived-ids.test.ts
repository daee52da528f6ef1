import type { Scope } from '@millrace/contract';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { settableClock } from '../../src/core/clock.ts';
import { migrate, migrationsAmong } from '../../src/db/migrator.ts';
import { createPool } from '../../src/db/pool.ts';
import { startTestCore } from '../support/core.ts';
import type { TestDatabase } from '../support/database.ts';
import { dueNow, expectSound } from '../support/ledger.ts';
import { callerOf } from '../support/reporting-bench.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);
/** What the version before this migration left: three users, a loan of which one instalment is paid and one was missed, an expired one, two withdrawals. */
const OLD = new URL('../fixtures/before-derived-ids.json', import.meta.url);
/** The last migration that the fixture's installation had. */
const LAST = '000007_known-addresses.sql';
const MIGRATION = /derived-ids\.sql$/;

/** A database as it was before the migration, with the rows of an installation that has been at work. */
async function oldDatabase(): Promise<TestDatabase> {
  const server = inject('postgres');
  const name = `test_${randomBytes(8).toString('hex')}`;
  const admin = createPool(server);
  await admin.query(`create database ${name}`);
  const connection = { ...server, database: name };
  onTestFinished(async () => {
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  });
  const client = new pg.Client(connection);
  await client.connect();
  await client.query(
    'create table migrations (name text primary key, applied_at timestamptz not null default clock_timestamp())',
  );
  for (const file of migrationsAmong(await readdir(MIGRATIONS))) {
    if (file > LAST) break;
    await client.query(await readFile(new URL(file, MIGRATIONS), 'utf8'));
    await client.query('insert into migrations (name) values ($1)', [file]);
  }
  await client.query('truncate installation, shards, assets, consumers');
  const tables = JSON.parse(await readFile(OLD, 'utf8')) as Record<string, Record<string, unknown>[]>;
  for (const [table, rows] of Object.entries(tables)) {
    const columns = Object.keys(rows[0] ?? {}).join(', ');
    if (columns !== '')
      await client.query(
        `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1)`,
        [JSON.stringify(rows)],
      );
  }
  await client.end();
  return { connection, drop: async () => undefined };
}

test('an installation of before keeps its money and its history, and nothing that was done is done again', async () => {
  const database = await oldDatabase();
  const pool = createPool(database.connection);
  onTestFinished(() => pool.end());
  const idsOf = async () =>
    (await pool.query<{ id: string }>('select id from accounts order by id')).rows.map(({ id }) => id);
  const before = await idsOf();
  const transfers = 'select count(*)::int as count, sum(amount) as sum from transfers';
  const moved = (await pool.query(transfers)).rows;
  expect(await migrate(database.connection)).toContainEqual(expect.stringMatching(MIGRATION));
  expect((await idsOf()).filter((id) => before.includes(id))).toEqual([]);

  const clock = settableClock(Date.parse('2026-03-31T12:00:00Z'));
  const test1 = await startTestCore({ clock, database });
  onTestFinished(() => test1.stop());
  const { core } = test1;
  await expectSound(pool);
  // Who was paid by a handle can be paid again.
  expect((await pool.query('select handle, name, owner_id, disabled_at from merchants')).rows).toEqual([
    { handle: 'acme', name: 'acme', owner_id: null, disabled_at: null },
  ]);

  // All that was done, once more: by its name, as a run that is repeated would.
  expect(await dueNow(core)).toEqual([]);
  const found = await pool.query<{ kind: string; params: Record<string, string> }>(
    'select kind, params from orders where not visible order by created_at, id',
  );
  const reasons: string[] = [];
  for (const { kind, params } of found.rows) {
    const name = namesOf[kind]?.(params);
    if (name === undefined) continue;
    const answer = await core.intake.submitInternal(kind as 'grant_bonus', name, params);
    reasons.push(`${kind} ${answer.ok && (answer.replayed ? 'known' : answer.order.reason)}`);
  }
  expect(reasons.toSorted()).toEqual([
    'collect_installment already_paid',
    // Asked in vain a second time: due() names it tomorrow only.
    'collect_installment null',
    'expire_loan loan_closed',
    'grant_bonus known',
    'grant_bonus known',
    'send_withdrawal known',
    'send_withdrawal known',
    'settle_withdrawal known',
  ]);
  expect((await pool.query(transfers)).rows).toEqual(moved);

  // What lies ahead is done, and once.
  const borrower = await callerNamed('borrower@test');
  await core.intake.submit(borrower, { kind: 'deposit', params: { asset: 'USD', amount: '20.00' } });
  clock.set(Date.parse('2026-04-01T12:00:00Z'));
  const due = await dueNow(core);
  expect(due.map(({ kind }) => kind)).toEqual(['collect_installment']);
  for (const { kind, name, params } of [...due, ...due])
    expect(await core.intake.submitInternal(kind, name, params)).toMatchObject({
      order: { result: { collected: true } },
    });
  const paid = await pool.query("select count(*)::int as count from installments where status = 'paid'");
  expect(paid.rows).toEqual([{ count: 2 }]);
  await expectSound(pool);

  // Statement and portfolio find the accounts under their new ids, the withdrawal what it moved.
  const ben = await callerNamed('ben@test');
  const page = await core.reporting.accounts.statement(ben, core.accountIds(cashKey(ben.userId)), { limit: 50 });
  expect(page).toMatchObject({
    value: { data: expect.arrayContaining([expect.objectContaining({ reason: 'withdrawal' })]) },
  });

  async function callerNamed(email: string): Promise<Caller> {
    const { rows } = await pool.query<{ id: string }>('select id from users where email = $1', [email]);
    return { ...callerOf(rows[0]!.id), scopes: new Set<Scope>(['orders:read', 'orders:write']) };
  }
});

const cashKey = (userId: string) =>
  ({ name: `account/${userId}/cash/USD`, ownerId: userId, purpose: 'cash', asset: 'USD' }) as const;

const bare = (id: string | undefined): string => String(id).replace(/^[a-z]+_/, '');
const namesOf: Record<string, (params: Record<string, string>) => string> = {
  collect_installment: ({ loan_id, number }) =>
    `collect/${bare(loan_id)}/${number}/${Number(number) === 1 ? '2026-02-28' : '2026-03-31'}`,
  expire_loan: ({ loan_id }) => `expire/${bare(loan_id)}/2026-03-31`,
  grant_bonus: ({ user_id }) => `bonus/${bare(user_id)}`,
  send_withdrawal: ({ order_id }) => `withdrawal/${order_id}/send`,
  settle_withdrawal: ({ order_id }) => `withdrawal/${order_id}/settle`,
};
