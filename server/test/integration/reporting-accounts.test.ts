import { expect, test } from 'vitest';
import { formatId, uuidv7 } from '../../src/core/ids.ts';
import { type AccountKey, accountKey, cashOf, outside } from '../../src/ledger/index.ts';
import { cursorOf } from '../../src/core/list-cursor.ts';
import { accountIds } from '../support/account-ids.ts';
import { writeOrder } from '../support/log-rows.ts';
import { allPages, callerOf, minute, operator, useReporting, valueOf } from '../support/reporting-bench.ts';

const bench = useReporting();

test('accounts are the caller’s own, with amounts at their asset’s scale', async () => {
  const ann = uuidv7();
  const loan = uuidv7();
  await bench.pool.query(
    `insert into assets values ('JPY', 0, 'yen', 'currency'), ('BTC', 8, 'bitcoin', 'currency'), ($1, 2, 'notes', 'note')`,
    [`loan:${loan}`],
  );
  const give = (key: AccountKey, amount: bigint) => ({
    debit: accountKey(loan, 'issuance', key.asset),
    credit: key,
    amount,
  });
  await writeOrder(bench.pool, {
    userId: ann,
    transfers: [
      give(cashOf(ann, 'USD'), 123_456n),
      give(cashOf(ann, 'JPY'), 500n),
      give(cashOf(ann, 'BTC'), 1n),
      give(accountKey(ann, 'notes', `loan:${loan}`), 2_500n),
    ],
  });
  await bench.pool.query('update accounts set held = 3456 where id = $1', [accountIds(cashOf(ann, 'USD'))]);
  const pages = await allPages((cursor) => bench.reporting.accounts.list(callerOf(ann), { limit: 3, cursor }));
  expect(pages.map((page) => page.length)).toEqual([3, 1]);
  const accounts = pages.flat();
  expect(accounts[2]).toEqual({
    id: formatId('account', accountIds(cashOf(ann, 'USD'))),
    purpose: 'cash',
    asset: 'USD',
    balance: '1234.56',
    held: '34.56',
    available: '1200.00',
  });
  expect(accounts.map(({ asset, balance }) => [asset, balance])).toEqual([
    ['BTC', '0.00000001'],
    ['JPY', '500'],
    ['USD', '1234.56'],
    [`loan:${loan}`, '25.00'],
  ]);
  const nothing = { data: [], has_more: false, next_cursor: null };
  for (const other of [callerOf(uuidv7()), operator])
    expect(valueOf(await bench.reporting.accounts.list(other, { limit: 3 }))).toEqual(nothing);
  for (const cursor of ['x', cursorOf('orders', 'cash', 'USD'), cursorOf('accounts', 'cash')])
    expect(await bench.reporting.accounts.list(callerOf(ann), { limit: 3, cursor })).toMatchObject({
      problem: { code: 'invalid_cursor' },
    });
});

test('a statement shows both directions newest first, and stays as it was on its first page', async () => {
  const [ann, bob] = [uuidv7(), uuidv7()];
  const cash = cashOf(ann, 'USD');
  for (let i = 0; i < 7; i += 1) await bench.deposit(ann, 100 + i, { at: minute(2 * i), shard: i % 2 });
  const order = await writeOrder(bench.pool, {
    userId: ann,
    at: minute(3),
    transfers: [{ debit: cash, credit: accountKey(bob, 'merchant', 'USD'), amount: 5n, reason: 'payment' }],
  });
  const first = valueOf(await bench.reporting.accounts.statement(callerOf(ann), accountIds(cash), { limit: 3 }));
  await bench.deposit(ann, 999, { at: minute(60) });
  const pages = await allPages((cursor) =>
    bench.reporting.accounts.statement(callerOf(ann), accountIds(cash), {
      limit: 3,
      cursor: cursor ?? first.next_cursor ?? undefined,
    }),
  );
  const lines = [...first.data, ...pages.flat()];
  expect(lines.map((line) => line.amount)).toHaveLength(8);
  expect(lines.map((line) => line.amount)).not.toContain('9.99');
  // Shard 0 wrote the payment last, though its time is early: a shard's own order is kept.
  expect(lines.find((line) => line.direction === 'debit')).toEqual({
    id: expect.stringMatching(/^trf_0-\d+$/),
    at: minute(3).toISOString(),
    reason: 'payment',
    order_id: formatId('order', order),
    direction: 'debit',
    amount: '0.05',
    balance: '5.08',
    counterparty_purpose: 'merchant',
    loan: null,
  });
  expect(new Set(lines.map((line) => line.id)).size).toBe(8);
  // From shard to shard and from page to page each line takes up the balance that the one below it left.
  const cents = (text: string): number => Math.round(Number(text) * 100);
  const before = lines.map(({ balance, amount, direction }) =>
    direction === 'debit' ? cents(balance) + cents(amount) : cents(balance) - cents(amount),
  );
  expect(cents(lines[0]!.balance)).toBe(716);
  expect(before).toEqual([...lines.slice(1).map(({ balance }) => cents(balance)), 0]);
});

test('a statement is shown to the account’s owner and to operators only', async () => {
  const [ann, eve] = [uuidv7(), uuidv7()];
  await bench.deposit(ann, 100);
  const id = accountIds(cashOf(ann, 'USD'));
  expect(await bench.reporting.accounts.statement(callerOf(eve), id, { limit: 5 })).toBeUndefined();
  expect(await bench.reporting.accounts.statement(callerOf(ann, 'service', eve), id, { limit: 5 })).toBeUndefined();
  expect(await bench.reporting.accounts.statement(callerOf(ann), uuidv7(), { limit: 5 })).toBeUndefined();
  expect(
    await bench.reporting.accounts.statement(callerOf(ann), accountIds(outside('USD')), { limit: 5 }),
  ).toBeUndefined();
  expect(valueOf(await bench.reporting.accounts.statement(operator, id, { limit: 5 })).data).toHaveLength(1);
  const other = cashOf(eve, 'USD');
  await bench.deposit(eve, 100);
  await bench.deposit(eve, 100);
  const cursor = valueOf(await bench.reporting.accounts.statement(callerOf(eve), accountIds(other), { limit: 1 }))
    .next_cursor as string;
  expect(await bench.reporting.accounts.statement(callerOf(ann), id, { limit: 1, cursor })).toMatchObject({
    problem: { code: 'invalid_cursor' },
  });
});

test('a statement of a period includes its beginning and not its end', async () => {
  const ann = uuidv7();
  for (let i = 0; i < 6; i += 1) await bench.deposit(ann, 100 + i, { at: minute(i) });
  const statement = (period: { from?: string; to?: string }, limit = 10) =>
    allPages((cursor) =>
      bench.reporting.accounts.statement(callerOf(ann), accountIds(cashOf(ann, 'USD')), { limit, cursor, ...period }),
    );
  const amounts = async (period: { from?: string; to?: string }, limit?: number) =>
    (await statement(period, limit)).flat().map((line) => line.amount);
  const [from, to] = [minute(2).toISOString(), minute(5).toISOString()];
  expect(await amounts({ from, to })).toEqual(['1.04', '1.03', '1.02']);
  expect(await amounts({ from, to }, 1)).toEqual(['1.04', '1.03', '1.02']);
  expect(await amounts({ to })).toHaveLength(5);
  expect(await amounts({ from: '0000-01-01T00:00:00Z' })).toHaveLength(6);
  const never = await bench.reporting.accounts.statement(callerOf(ann), accountIds(cashOf(ann, 'USD')), {
    limit: 1,
    from: '2026-12-31T23:59:60Z',
  });
  expect(never).toMatchObject({ ok: false, problem: { code: 'invalid_request', errors: [{ pointer: '/from' }] } });
});

test('a statement of a period in a long history stops behind it, and never looks at more than its bound at once', async () => {
  const ann = uuidv7();
  const cash = cashOf(ann, 'USD');
  await bench.deposit(ann, 100, { at: minute(0) });
  const order = uuidv7();
  // Three lines of a day, ten thousand of another day after it, three of the day after that.
  const insert = (first: number, last: number, day: number) =>
    bench.pool.query(
      `with t as (
         insert into transfers select 9, n, $1, $2, $3, n, 'test', timestamptz '2026-02-01' + $6::integer * interval '3 days', 1
         from generate_series($4::integer, $5::integer) n returning shard, seq
       ) insert into account_lines select $3, shard, min(seq), array_agg(seq order by seq) from t group by shard, seq / 50`,
      [order, accountIds(outside('USD')), accountIds(cash), first, last, day],
    );
  await bench.pool.query(`insert into shards (id, transfer_seq) values (9, 10006)`);
  await bench.pool.query(`insert into consumers values ('index', 9, 0, 10006)`);
  await insert(1, 3, 0);
  await insert(4, 10_003, 1);
  await insert(10_004, 10_006, 2);
  const read = (period: { from?: string; to?: string }) =>
    allPages((cursor) =>
      bench.reporting.accounts.statement(callerOf(ann), accountIds(cash), { limit: 5, cursor, ...period }),
    );
  const lengths = async (period: { from?: string; to?: string }) => (await read(period)).map((page) => page.length);
  // Newer than everything that is left after ten thousand lines: one page is enough.
  expect(await lengths({ from: '2026-02-07T00:00:00Z' })).toEqual([3]);
  expect(await lengths({ to: '2026-02-03T00:00:00Z' })).toEqual([0, 4]);
});

test.each([
  'x',
  '',
  'b3JkZXJzfDE',
  '0-5',
  Buffer.from('dead-letters|1/019a7afd-1e00-7167-89d1-c815ede9bca7').toString('base64url'),
])('the cursor %j is refused by every list', async (cursor) => {
  const ann = uuidv7();
  await bench.deposit(ann, 1);
  const invalid = { ok: false, problem: { code: 'invalid_cursor' } };
  expect(await bench.reporting.orders.list(callerOf(ann), { limit: 5, cursor })).toMatchObject(invalid);
  expect(
    await bench.reporting.accounts.statement(callerOf(ann), accountIds(cashOf(ann, 'USD')), { limit: 5, cursor }),
  ).toMatchObject(invalid);
});
