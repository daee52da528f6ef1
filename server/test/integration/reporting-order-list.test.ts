import { beforeAll, expect, test } from 'vitest';
import { formatId, uuidv7 } from '../../src/core/ids.ts';
import type { OrderListOptions } from '../../src/reporting/order-list.ts';
import { writeOrder } from '../support/log-rows.ts';
import { allPages, callerOf, minute, operator, useReporting, valueOf } from '../support/reporting-bench.ts';

const bench = useReporting();
const [ann, bob] = [uuidv7(), uuidv7()];
/** Newest first, as they were written. */
const written: { id: string; minute: number }[] = [];

beforeAll(async () => {
  for (let n = 0; n < 40; n += 1) {
    const [userId, shard] = [n % 2 === 0 ? ann : bob, n % 3 === 0 ? 1 : 0];
    const kind = n % 4 === 0 ? 'deposit' : 'transfer';
    const status = n % 5 === 0 ? 'rejected' : 'completed';
    // Some events of an order are not the one by which it is known.
    const events = n % 7 === 0 ? [{ type: 'deposit_received' as const, userId }] : [];
    const id = await writeOrder(bench.pool, { userId, shard, kind, status, events, at: minute(n) });
    written.unshift({ id: formatId('order', id), minute: n });
    await writeOrder(bench.pool, {
      visible: false,
      shard,
      at: minute(n),
      events: [{ type: 'loan_progress', userId: null }],
    });
  }
});

const idsOf = async (options: Partial<OrderListOptions>, limit = 7): Promise<string[]> =>
  (await allPages((cursor) => bench.reporting.orders.list(operator, { ...options, limit, cursor })))
    .flat()
    .map(({ id }) => id);
const expected = (test: (n: number) => boolean): string[] =>
  written.filter(({ minute: n }) => test(n)).map(({ id }) => id);

test('an operator lists everybody’s orders, newest first, each once, without what Millrace itself does', async () => {
  expect(await idsOf({ everybody: true })).toEqual(expected(() => true));
  expect(await idsOf({ everybody: true }, 200)).toEqual(expected(() => true));
});

test('an operator lists one user’s orders', async () => {
  expect(await idsOf({ user_id: formatId('user', bob) })).toEqual(expected((n) => n % 2 === 1));
  expect(await idsOf({ user_id: formatId('user', uuidv7()) })).toEqual([]);
});

test.each<[string, Partial<OrderListOptions>, (n: number) => boolean]>([
  ['kind', { kind: 'deposit' }, (n) => n % 4 === 0],
  ['status', { status: 'rejected' }, (n) => n % 5 === 0],
  ['time', { from: minute(10).toISOString(), to: minute(21).toISOString() }, (n) => n >= 10 && n < 21],
  ['a beginning', { from: minute(33).toISOString() }, (n) => n >= 33],
  ['an end', { to: minute(3).toISOString() }, (n) => n < 3],
  ['a time before all', { to: '1999-01-01T00:00:00Z' }, () => false],
  ['a time behind all', { from: '2999-01-01T00:00:00Z' }, () => false],
  [
    'all of them',
    { kind: 'transfer', status: 'completed', from: minute(7).toISOString() },
    (n) => n % 4 > 0 && n % 5 > 0 && n >= 7,
  ],
])('orders are chosen by %s: everybody’s, one user’s and the caller’s own', async (_, options, test_) => {
  expect(await idsOf({ ...options, everybody: true })).toEqual(expected(test_));
  expect(await idsOf({ ...options, user_id: formatId('user', ann) })).toEqual(expected((n) => test_(n) && n % 2 === 0));
  const own = await allPages((cursor) => bench.reporting.orders.list(callerOf(bob), { ...options, limit: 3, cursor }));
  expect(own.flat().map(({ id }) => id)).toEqual(expected((n) => test_(n) && n % 2 === 1));
});

test('orders that come while pages are read are not in later pages', async () => {
  const first = valueOf(await bench.reporting.orders.list(operator, { everybody: true, limit: 5 }));
  await writeOrder(bench.pool, { userId: ann, at: minute(50) });
  const cursor = first.next_cursor as string;
  const rest = valueOf(await bench.reporting.orders.list(operator, { everybody: true, limit: 100, cursor }));
  const ids = [...first.data, ...rest.data].map(({ id }) => id);
  expect(ids).toEqual(expected(() => true));
});

test('others’ orders are refused to all but operators with their scope, and the caller’s own id is no one else', async () => {
  const list = bench.reporting.orders.list;
  const noScope = { ...operator, scopes: new Set(['orders:read'] as const) };
  const forbidden = { ok: false, problem: { code: 'forbidden' } };
  for (const caller of [callerOf(ann), callerOf(ann, 'service'), noScope]) {
    expect(await list(caller, { limit: 5, everybody: true })).toMatchObject(forbidden);
    expect(await list(caller, { limit: 5, user_id: formatId('user', bob) })).toMatchObject(forbidden);
  }
  expect(await list(callerOf(ann), { limit: 5, user_id: formatId('user', ann) })).toMatchObject({ ok: true });
});

test('a cursor of another list, or of another user’s, is refused', async () => {
  const { list } = bench.reporting.orders;
  const all = valueOf(await list(operator, { everybody: true, limit: 5 })).next_cursor as string;
  const ofAnn = valueOf(await list(operator, { user_id: formatId('user', ann), limit: 5 })).next_cursor as string;
  const refused = { ok: false, problem: { code: 'invalid_cursor' } };
  expect(await list(operator, { user_id: formatId('user', ann), limit: 5, cursor: all })).toMatchObject(refused);
  expect(await list(operator, { everybody: true, limit: 5, cursor: ofAnn })).toMatchObject(refused);
  expect(await list(operator, { user_id: formatId('user', bob), limit: 5, cursor: ofAnn })).toMatchObject(refused);
});

test('a period that is none, or two scopes at once, is an invalid request', async () => {
  const { list } = bench.reporting.orders;
  const invalid = { ok: false, problem: { code: 'invalid_request' } };
  expect(await list(operator, { limit: 5, from: '2026-02-30T99:00:00Z' })).toMatchObject(invalid);
  expect(await list(operator, { limit: 5, everybody: true, user_id: formatId('user', ann) })).toMatchObject(invalid);
});
