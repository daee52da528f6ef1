import { expect, test } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { formatId, uuidv7 } from '../../src/core/ids.ts';
import type { Page } from '../../src/core/result.ts';
import { writeOrder } from '../support/log-rows.ts';
import { allPages, callerOf, minute, operator, useReporting, valueOf } from '../support/reporting-bench.ts';

const bench = useReporting();

test('events are the caller’s own, oldest first, and the cursor goes on where the last page ended', async () => {
  const [ann, bob] = [uuidv7(), uuidv7()];
  for (let i = 0; i < 9; i += 1) {
    await bench.deposit(i % 3 ? ann : bob, 100, { shard: i % 2, at: minute(i) });
  }
  const types = (page: Page<{ type: string }>) => page.data.map((event) => event.type);
  const first = valueOf(await bench.reporting.events.list(callerOf(ann), { limit: 4 }));
  expect(types(first)).toEqual(Array(4).fill('order_processed'));
  expect(first).toMatchObject({ has_more: true });
  const second = valueOf(
    await bench.reporting.events.list(callerOf(ann), { limit: 4, after: first.next_cursor as string }),
  );
  expect(second.data).toHaveLength(2);
  expect([...first.data, ...second.data].map((event) => event.time)).toEqual(
    [1, 2, 4, 5, 7, 8].map((n) => minute(n).toISOString()),
  );
  expect(second.has_more).toBe(false);
  const third = valueOf(
    await bench.reporting.events.list(callerOf(ann), { limit: 4, after: second.next_cursor as string }),
  );
  expect(third).toEqual({ data: [], has_more: false, next_cursor: second.next_cursor });
  const id = await bench.deposit(ann, 100);
  const fourth = valueOf(
    await bench.reporting.events.list(callerOf(ann), { limit: 4, after: third.next_cursor as string }),
  );
  expect(fourth.data.map((event) => event.subject)).toEqual([formatId('order', id)]);
});

test('after an empty page the cursor has moved past what is others’', async () => {
  const ann = uuidv7();
  const before = valueOf(await bench.reporting.events.list(callerOf(ann), { limit: 5 })).next_cursor as string;
  await bench.deposit(uuidv7(), 100);
  const after = valueOf(await bench.reporting.events.list(callerOf(ann), { limit: 5, after: before }));
  expect(after.data).toEqual([]);
  expect(after.next_cursor).not.toBe(before);
});

test('operators see every event, users no event that is for operators', async () => {
  const ann = uuidv7();
  const start = valueOf(await bench.reporting.events.list(callerOf(ann), { limit: 1 })).next_cursor as string;
  await writeOrder(bench.pool, {
    userId: ann,
    events: [
      { type: 'loan_progress', userId: null },
      { type: 'dead_letter_added', userId: ann },
      { type: 'transfer_received', userId: uuidv7() },
    ],
  });
  const list = async (caller: Caller, type?: 'loan_progress' | 'order_processed' | 'dead_letter_added') =>
    valueOf(await bench.reporting.events.list(caller, { limit: 50, after: start, type })).data.map(
      (event) => event.type,
    );
  expect(await list(operator)).toEqual(['loan_progress', 'dead_letter_added', 'transfer_received', 'order_processed']);
  expect(await list(operator, 'loan_progress')).toEqual(['loan_progress']);
  expect(await list(callerOf(ann))).toEqual(['order_processed']);
  expect(await list(callerOf(ann), 'order_processed')).toEqual(['order_processed']);
  expect(await list(callerOf(ann), 'dead_letter_added')).toEqual([]);
});

test('a filtered page of events looks at a bounded part of the log and says how far it came', async () => {
  const ann = uuidv7();
  const start = valueOf(await bench.reporting.events.list(operator, { limit: 1, type: 'loan_repaid' }))
    .next_cursor as string;
  await bench.pool.query(`insert into shards (id, event_seq) values (11, 10001)`);
  await bench.pool.query(
    `insert into events (shard, seq, type, subject, user_id, data, at)
     select 11, n, case when n = 10001 then 'loan_repaid' else 'order_processed' end, 'x', $1, '{}', now()
     from generate_series(1, 10001) n`,
    [ann],
  );
  for (const caller of [operator, callerOf(ann)]) {
    const first = valueOf(await bench.reporting.events.list(caller, { limit: 5, after: start, type: 'loan_repaid' }));
    expect([first.data.length, first.has_more]).toEqual([0, true]);
    const second = valueOf(
      await bench.reporting.events.list(caller, { limit: 5, after: first.next_cursor as string, type: 'loan_repaid' }),
    );
    expect([second.data.map((event) => event.id), second.has_more]).toEqual([['11-10001'], false]);
  }
});

test.each(['x', '0-', '0-1.0-2', '99-1', '0-999999999', '0-1000000000000000'])(
  'the event cursor %j is refused',
  async (after) => {
    for (const caller of [operator, callerOf(uuidv7())]) {
      expect(await bench.reporting.events.list(caller, { limit: 5, after })).toMatchObject({
        ok: false,
        problem: { code: 'invalid_cursor' },
      });
    }
  },
);

test('an event of a type that this version does not know is for operators only', async () => {
  const ann = uuidv7();
  const start = valueOf(await bench.reporting.events.list(callerOf(ann), { limit: 1 })).next_cursor as string;
  const id = await writeOrder(bench.pool, { userId: ann, events: [{ type: 'from_the_future' as never, userId: ann }] });
  const types = (page: Page<{ type: string }>) => page.data.map((event) => event.type);
  expect(types(valueOf(await bench.reporting.events.list(callerOf(ann), { limit: 50 })))).toEqual(['order_processed']);
  const seen = valueOf(await bench.reporting.events.list(operator, { limit: 200, after: start }));
  expect(types(seen)).toContain('from_the_future');
  const ofOrder = await bench.reporting.orders.events(callerOf(ann), id);
  expect(ofOrder?.map((event) => event.type)).toEqual(['order_processed']);
});

test('dead letters are for operators, newest first', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 5; i += 1) {
    ids.unshift(uuidv7());
    await bench.pool.query(`insert into dead_letters values ($1, $2, 'pay', '{}', 'Error: broke', $3, $4)`, [
      ids[0],
      uuidv7(),
      minute(Math.floor(i / 2)),
      i === 0 ? minute(9) : null,
    ]);
  }
  const pages = await allPages((cursor) => bench.reporting.deadLetters.list(operator, { limit: 2, cursor }));
  expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
  expect(pages.flat().map((letter) => letter.id)).toEqual(ids.map((id) => formatId('deadLetter', id)));
  expect(pages.flat().at(-1)).toMatchObject({
    kind: 'pay',
    error: 'Error: broke',
    retried_at: minute(9).toISOString(),
  });
  expect(pages.flat()[0]).toMatchObject({ created_at: minute(2).toISOString(), retried_at: null });
  expect(await bench.reporting.deadLetters.list(callerOf(uuidv7()), { limit: 2 })).toMatchObject({
    ok: false,
    problem: { code: 'forbidden' },
  });
  expect(await bench.reporting.deadLetters.list(operator, { limit: 2, cursor: 'x' })).toMatchObject({
    problem: { code: 'invalid_cursor' },
  });
});
