import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { formatId, shardOf, uuidv7 } from '../../src/core/ids.ts';
import { connectPipelined, createPool } from '../../src/db/pool.ts';
import { beginTransaction } from '../../src/db/transaction.ts';
import {
  accountKey,
  accountRows,
  cashOf,
  type LedgerEntry,
  LedgerFault,
  loadLedger,
  lockAccounts,
  outside,
  SYSTEM_OWNER,
  writeLedger,
} from '../../src/ledger/index.ts';
import { balanceBefore } from '../../src/reporting/running-balance.ts';
import { verify } from '../../src/ops/verify.ts';
import { accountIds, writeInstallation } from '../support/account-ids.ts';
import { orderOf } from '../support/core.ts';
import { createDatabase } from '../support/database.ts';
import { expectSound } from '../support/ledger.ts';
import { writeOrder } from '../support/log-rows.ts';
import { minute } from '../support/reporting-bench.ts';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';

const FLAGS = ['--shards', '2'];

async function personIn(rest: TestRest, shard: number, money?: string): Promise<TestUser> {
  for (;;) {
    const person = await rest.person('investor');
    if (shardOf(person.userId, 2) !== shard) continue;
    if (money !== undefined) await deposit(rest, person, money);
    return person;
  }
}

async function deposit(rest: TestRest, person: TestUser, amount: string): Promise<string> {
  const body = { kind: 'deposit', asset: 'USD', amount };
  const order = (await rest.call('POST', '/v1/orders', { as: person, body })).json();
  expect(order).toMatchObject({ status: 'completed' });
  return order.id;
}

interface Line {
  id: string;
  amount: string;
  balance: string;
  direction: string;
}

/** A statement to its end, page by page; each line takes up the balance that the one below it left, and the first began with nothing. */
async function statement(rest: TestRest, operator: TestUser, id: string, query = 'limit=2'): Promise<Line[]> {
  const lines: Line[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const url: string = `/v1/accounts/${id}/transfers?${query}${cursor && `&cursor=${cursor}`}`;
    const page: { data: Line[]; next_cursor: string | null } = (await rest.call('GET', url, { as: operator })).json();
    lines.push(...page.data);
    cursor = page.next_cursor;
  }
  return lines;
}

const cents = (text: string): number => Math.round(Number(text) * 100);

function expectChain(lines: readonly Line[], newest: string): void {
  expect(lines[0]?.balance).toBe(newest);
  const before = lines.map(({ balance, amount, direction }) =>
    direction === 'debit' ? cents(balance) + cents(amount) : cents(balance) - cents(amount),
  );
  expect(before).toEqual([...lines.slice(1).map(({ balance }) => cents(balance)), 0]);
}

describe('an account of the installation, whose money two shards move', () => {
  let rest: TestRest;
  let operator: TestUser;
  let world: string;
  let part: string;
  const get = async (url: string) => (await rest.call('GET', url, { as: operator })).json();

  beforeAll(async () => {
    rest = await startTestRest({ flags: FLAGS });
    operator = await rest.person('operator');
    const ids = rest.core.accountIds;
    world = formatId('account', ids(outside('USD')));
    part = formatId('account', accountRows(ids, 1).idOf(outside('USD')));
  });
  afterAll(() => rest.stop());

  test('is there under its one id when shard 1 alone has moved any', async () => {
    const person = await personIn(rest, 1, '1.00');
    const { data } = await get('/v1/ledger/accounts?owner=installation');
    expect(data).toMatchObject([{ id: world, owner: 'installation', purpose: 'outside', balance: '-1.00' }]);
    const withdraw = { kind: 'withdraw', asset: 'USD', amount: '1.00' };
    const order = (await rest.call('POST', '/v1/orders', { as: person, body: withdraw })).json();
    for (const [kind, more] of [
      ['send_withdrawal', {}],
      ['settle_withdrawal', { approved: true }],
    ] as const)
      orderOf(await rest.core.intake.submitInternal(kind, `${order.id}/${kind}`, { order_id: order.id, ...more }));
    expect(await get(`/v1/ledger/accounts/${world}`)).toMatchObject({ balance: '0.00' });
  });

  test('keeps no shard’s deposits waiting for another’s', async () => {
    const [here, there] = [await personIn(rest, 0, '3.00'), await personIn(rest, 1, '5.00')];
    const other = new pg.Client(rest.database.connection);
    await other.connect();
    onTestFinished(() => other.end());
    const pid = (await other.query('select pg_backend_pid() as pid')).rows[0].pid;
    await other.query('begin');
    await other.query('select from accounts where id = $1 for update', [rest.core.accountIds(outside('USD'))]);
    const waiting = deposit(rest, here, '0.30');
    await deposit(rest, there, '0.50');
    await vi.waitFor(async () => {
      const { rows } = await rest.pool.query('select from pg_stat_activity where $1 = any(pg_blocking_pids(pid))', [
        pid,
      ]);
      expect(rows).toHaveLength(1);
    });
    await deposit(rest, there, '0.05');
    await other.query('commit');
    await waiting;
  });

  test('is one line with the sum wherever it is read, under either id', async () => {
    const account = await get(`/v1/ledger/accounts/${world}`);
    expect(account).toMatchObject({ id: world, balance: '-8.85', held: '0.00', available: '-8.85' });
    expect(await get(`/v1/ledger/accounts/${part}`)).toEqual(account);
    expect((await get('/v1/ledger/accounts?owner=installation')).data).toEqual([account]);
    expect((await get('/v1/ledger/accounts?purpose=outside')).data).toEqual([account]);
    expect((await get('/v1/ledger/accounts?sort=balance&asset=USD&purpose=outside')).data).toEqual([account]);
    const everybody = (await get('/v1/ledger/accounts?limit=200')).data;
    expect(everybody.map(({ id }: { id: string }) => id)).toEqual([
      ...new Set([world, ...everybody.map(({ id }: { id: string }) => id)]),
    ]);
    expect(everybody.map(({ id }: { id: string }) => id)).not.toContain(part);
    const { lines, balanced } = await get('/v1/ledger/trial-balance');
    expect(balanced).toBe(true);
    expect(lines.find(({ purpose }: { purpose: string }) => purpose === 'outside')).toMatchObject({
      accounts: 1,
      debit: '8.85',
      credit: '0.00',
    });
    for (const id of [world, part, part.slice(4, 16)])
      expect((await get(`/v1/search?q=${id}`)).data).toMatchObject([
        { type: 'account', id: world, subtitle: 'installation' },
      ]);
  });

  test('has one statement, with the balance after each line of whichever shard', async () => {
    const lines = await statement(rest, operator, world);
    expectChain(lines, '-8.85');
    expect(new Set(lines.map(({ id }) => id.slice(0, 5)))).toEqual(new Set(['trf_0', 'trf_1']));
    expect(await statement(rest, operator, part, 'limit=3')).toEqual(lines);
    const credits = await statement(rest, operator, part, 'limit=2&direction=credit');
    expect(credits).toEqual(lines.filter(({ direction }) => direction === 'credit'));
    expect(credits).toHaveLength(1);
    const period = `from=2000-01-01T00:00:00Z&to=${new Date(Date.now() + 1_000).toISOString()}`;
    for (const id of [world, part])
      expect(await get(`/v1/accounts/${id}/balances?${period}`)).toMatchObject({ opening: '0.00', closing: '-8.85' });
  });

  test('is named as itself by what explains an order or looks ahead', async () => {
    const person = await personIn(rest, 1);
    const debit = { id: world, owner: 'installation', purpose: 'outside', asset: 'USD' };
    const id = await deposit(rest, person, '2.00');
    expect((await get(`/v1/orders/${id}/explanation`)).postings).toMatchObject([{ debit }]);
    const preview = await rest.core.intake.preview(
      { userId: uuidv7(), role: 'operator', actingFor: person.userId, scopes: new Set(['operate', 'orders:write']) },
      { kind: 'deposit', params: { asset: 'USD', amount: '2.00' } },
    );
    expect(preview).toMatchObject({ ok: true, value: { postings: [{ debit }] } });
    await expectSound(rest.pool);
  });
});

test('an installation of before, in which all shards moved one row, goes on with its history', async () => {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const pool = createPool(database.connection);
  onTestFinished(() => pool.end());
  await writeInstallation(pool);
  const ann = uuidv7();
  for (let i = 0; i < 9; i += 1)
    await writeOrder(pool, {
      kind: 'deposit',
      userId: ann,
      shard: i % 2,
      part: 0,
      at: minute(i),
      transfers: [{ debit: outside('USD'), credit: cashOf(ann, 'USD'), amount: 10n, reason: 'deposit' }],
    });
  const world = formatId('account', accountIds(outside('USD')));
  const rest = await startTestRest({ database, flags: FLAGS });
  onTestFinished(() => rest.stop());
  const operator = await rest.person('operator');
  expect((await statement(rest, operator, world)).map(({ balance }) => balance).slice(0, 2)).toEqual([
    '-0.90',
    '-0.80',
  ]);
  await verify(pool, { checks: rest.core.checks, record: true });

  const people = [await personIn(rest, 0, '1.00'), await personIn(rest, 1, '2.00'), await personIn(rest, 1, '3.00')];
  for (const person of people) await deposit(rest, person, '0.01');
  const lines = await statement(rest, operator, world);
  expect(lines).toHaveLength(15);
  expectChain(lines, '-6.93');
  // What came after the place, in whichever shard, is no part of the balance there.
  const account = { id: accountIds(outside('USD')) };
  const ends = { 0: 5, 1: 4 };
  const place = new Map(Object.entries(ends).map(([shard, seq]) => [Number(shard), seq + 1]));
  expect(await balanceBefore(pool, { ...account, place })).toBe(-90n);
  const { rows } = await pool.query(
    "select id, balance::text from accounts where purpose = 'outside' order by owner_id",
  );
  const partId = accountRows(accountIds, 1).idOf(outside('USD'));
  expect(rows).toEqual([
    { id: accountIds(outside('USD')), balance: '-191' },
    { id: partId, balance: '-502' },
  ]);
  const url = `/v1/accounts/${formatId('account', partId)}/balances?from=${minute(4).toISOString()}&to=${minute(6).toISOString()}`;
  expect((await rest.call('GET', url, { as: operator })).json()).toMatchObject({ opening: '-0.40', closing: '-0.60' });
  for (const incremental of [true, false]) {
    const report = await verify(pool, { checks: rest.core.checks, incremental });
    expect(report).toMatchObject({ ok: true, mode: incremental ? 'incremental' : 'full' });
  }
  await pool.query('update accounts set balance = balance + 5 where id = $1', [partId]);
  const broken = await verify(pool, { checks: rest.core.checks, incremental: true });
  expect(broken.checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual([
    'balances_equal_transfers',
    'assets_sum_to_zero',
  ]);
  await pool.query('update accounts set balance = balance - 5 where id = $1', [partId]);
});

test('an account of the installation that must not be negative is so in each shard, and holds nothing', async () => {
  const database = await createDatabase();
  const client = await connectPipelined(database.connection, 'test');
  onTestFinished(async () => {
    await client.end();
    await database.drop();
  });
  const fees = accountKey(SYSTEM_OWNER, 'fees', 'USD');
  const keys = [fees, cashOf(uuidv7(), 'USD'), outside('USD')] as const;
  let seq = 0n;
  async function batch(shard: number, entry: LedgerEntry): Promise<bigint> {
    const tx = beginTransaction(client);
    const books = accountRows(accountIds, shard);
    const set = await loadLedger(
      tx,
      books,
      lockAccounts(tx, books, new Map(keys.map((key) => [key.name, key]))),
      keys,
      [],
    );
    try {
      set.post([entry], uuidv7(), 0);
    } catch (error) {
      await tx.rollback();
      throw error;
    }
    writeLedger(tx, books, set, { lastTransferSeq: seq, at: '2026-01-01T00:00:00Z' });
    seq += 1n;
    await tx.commit();
    return set.balance(fees);
  }
  const [, cash, world] = keys;
  const move = { type: 'transfer', amount: 30n, reason: 'servicing_fee' } as const;
  expect(await batch(0, { ...move, debit: world, credit: fees })).toBe(30n);
  const refund = { ...move, debit: fees, credit: cash };
  await expect(batch(1, refund)).rejects.toThrow(LedgerFault);
  expect(await batch(0, refund)).toBe(0n);
  for (const account of [fees, world])
    await expect(batch(0, { type: 'hold', holdId: uuidv7(), account, amount: 1n })).rejects.toThrow(LedgerFault);
});
