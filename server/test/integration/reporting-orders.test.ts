import { expect, test } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { formatId, uuidv7 } from '../../src/core/ids.ts';
import { writeOrder } from '../support/log-rows.ts';
import { allPages, callerOf, minute, operator, useReporting, valueOf } from '../support/reporting-bench.ts';

const bench = useReporting();

test('an order is found by its owner and by operators, by nobody else', async () => {
  const [ann, eve] = [uuidv7(), uuidv7()];
  const id = await bench.deposit(ann, 100, { at: minute(1) });
  const expected = {
    id: formatId('order', id),
    kind: 'deposit',
    status: 'completed',
    reason: null,
    user_id: formatId('user', ann),
    params: { asset: 'USD' },
    result: {},
    created_at: '2026-01-01T00:01:00.000Z',
    updated_at: '2026-01-01T00:01:00.000Z',
  };
  expect(await bench.reporting.orders.get(callerOf(ann), id)).toEqual(expected);
  expect(await bench.reporting.orders.get(callerOf(uuidv7(), 'service', ann), id)).toEqual(expected);
  expect(await bench.reporting.orders.get(operator, id)).toEqual(expected);
  expect(await bench.reporting.orders.get(callerOf(eve), id)).toBeUndefined();
  expect(await bench.reporting.orders.get(callerOf(ann, 'service', eve), id)).toBeUndefined();
  expect(await bench.reporting.orders.events(callerOf(eve), id)).toBeUndefined();
  expect(await bench.reporting.orders.get(operator, uuidv7())).toBeUndefined();
});

test('a command of the system is for operators only, even where a user is behind it', async () => {
  const ann = uuidv7();
  const id = await writeOrder(bench.pool, {
    kind: 'grant_bonus',
    userId: ann,
    visible: false,
    events: [{ type: 'bonus_granted', userId: ann }],
  });
  expect(await bench.reporting.orders.get(callerOf(ann), id)).toBeUndefined();
  expect(await bench.reporting.orders.events(callerOf(ann), id)).toBeUndefined();
  expect(await bench.reporting.orders.get(operator, id)).toMatchObject({
    kind: 'grant_bonus',
    user_id: formatId('user', ann),
  });
  expect(await bench.reporting.orders.events(operator, id)).toMatchObject([{ type: 'bonus_granted' }]);
  expect(valueOf(await bench.reporting.orders.list(callerOf(ann), { limit: 10 })).data).toEqual([]);
  const silent = await writeOrder(bench.pool, { visible: false });
  expect(await bench.reporting.orders.events(operator, silent)).toEqual([]);
});

test('an order’s events come in order, without those that are another user’s', async () => {
  const [ann, bob] = [uuidv7(), uuidv7()];
  const id = await writeOrder(bench.pool, {
    userId: ann,
    status: 'pending',
    events: [
      { type: 'transfer_received', userId: bob },
      { type: 'loan_progress', userId: null },
      { type: 'dead_letter_added', userId: null },
    ],
  });
  // Its second part is decided in another shard.
  await writeOrder(bench.pool, { id, userId: ann, shard: 1 });
  const types = async (caller: Caller) => (await bench.reporting.orders.events(caller, id))?.map((event) => event.type);
  expect(await types(callerOf(ann))).toEqual(['loan_progress', 'order_processed', 'order_processed']);
  expect(await types(operator)).toEqual([
    'transfer_received',
    'loan_progress',
    'dead_letter_added',
    'order_processed',
    'order_processed',
  ]);
  expect((await bench.reporting.orders.events(callerOf(ann), id))?.at(-1)).toMatchObject({
    specversion: '1.0',
    source: '/millrace',
    data: { status: 'completed' },
  });
});

test('a list of orders is the caller’s own, newest first, page by page', async () => {
  const [ann, eve] = [uuidv7(), uuidv7()];
  const ids: string[] = [];
  for (let i = 0; i < 11; i += 1) ids.unshift(await bench.deposit(ann, 100, { shard: i % 2, at: minute(i) }));
  await bench.deposit(eve, 100);
  const pages = await allPages((cursor) => bench.reporting.orders.list(callerOf(ann), { limit: 4, cursor }));
  expect(pages.map((page) => page.length)).toEqual([4, 4, 3]);
  expect(pages.flat().map((order) => order.id)).toEqual(ids.map((id) => formatId('order', id)));
  expect(valueOf(await bench.reporting.orders.list(callerOf(uuidv7()), { limit: 4 }))).toEqual({
    data: [],
    has_more: false,
    next_cursor: null,
  });
  expect(valueOf(await bench.reporting.orders.list(operator, { limit: 4 })).data).toEqual([]);
});

test('a list of orders is filtered by kind and by status', async () => {
  const ann = uuidv7();
  for (let i = 0; i < 12; i += 1) {
    await writeOrder(bench.pool, {
      userId: ann,
      kind: i % 2 ? 'pay' : 'transfer',
      status: i % 3 ? 'completed' : 'rejected',
      at: minute(i),
    });
  }
  const list = async (filter: { kind?: string; status?: string }) =>
    (await allPages((cursor) => bench.reporting.orders.list(callerOf(ann), { limit: 2, cursor, ...filter }))).flat();
  expect(await list({ kind: 'pay' })).toHaveLength(6);
  expect(await list({ status: 'rejected' })).toHaveLength(4);
  expect((await list({ kind: 'pay', status: 'rejected' })).map((order) => order.created_at)).toEqual(
    [9, 3].map((n) => minute(n).toISOString()),
  );
  expect(await list({ status: 'open' })).toEqual([]);
});

test('a page of a filtered list looks at a bounded number of orders and says where it stopped', async () => {
  const ann = uuidv7();
  const oldest = await writeOrder(bench.pool, { userId: ann, kind: 'pay', at: minute(0) });
  await bench.pool.query(
    `insert into orders (id, shard, kind, status, user_id, visible, params, result, created_at, updated_at)
     select gen_random_uuid(), 7, 'transfer', 'completed', $1, true, '{}', '{}', t, t
     from generate_series(1, 10500) n cross join lateral (select $2::timestamptz + n * interval '1 second' as t) x`,
    [ann, minute(1)],
  );
  await bench.pool.query('insert into shards (id, event_seq) values (7, 10500)');
  await bench.pool.query(`insert into consumers values ('index', 7, 10500, 0)`);
  await bench.pool.query(
    `insert into user_orders select $1, 7, min(seq), array_agg(seq order by seq), array_agg(id order by seq)
     from (select id, row_number() over (order by created_at) as seq from orders where user_id = $1 and shard = 7) as o
     group by seq / 50`,
    [ann],
  );
  const pages = await allPages((cursor) =>
    bench.reporting.orders.list(callerOf(ann), { limit: 5, cursor, kind: 'pay' }),
  );
  expect(pages.map((page) => page.map((order) => order.id))).toEqual([[], [formatId('order', oldest)]]);
});
