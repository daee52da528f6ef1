import { expect, test } from 'vitest';
import { formatId, uuidv7 } from '../../src/core/ids.ts';
import { writeOrder } from '../support/log-rows.ts';
import { callerOf, minute, operator, useReporting, valueOf } from '../support/reporting-bench.ts';

const bench = useReporting();

test('notifications are the caller’s own events, newest first over all shards, page by page', async () => {
  const [ann, bob] = [uuidv7(), uuidv7()];
  for (let i = 0; i < 9; i += 1) await bench.deposit(i % 3 ? ann : bob, 100, { shard: i % 2, at: minute(i) });
  const first = valueOf(await bench.reporting.events.newest(callerOf(ann), { limit: 4 }));
  expect(first.has_more).toBe(true);
  // What comes later is for the next first page.
  const late = await bench.deposit(ann, 100, { at: minute(10) });
  const second = valueOf(
    await bench.reporting.events.newest(callerOf(ann), { limit: 4, cursor: first.next_cursor as string }),
  );
  expect([...first.data, ...second.data].map(({ time }) => time)).toEqual(
    [8, 7, 5, 4, 2, 1].map((n) => minute(n).toISOString()),
  );
  expect(second).toMatchObject({ has_more: false, next_cursor: null });
  const again = valueOf(await bench.reporting.events.newest(callerOf(ann), { limit: 1 }));
  expect(again.data[0]?.subject).toBe(formatId('order', late));
});

test('operators see their own notifications only, and nobody what is for operators', async () => {
  const ann = uuidv7();
  // The order brings its own order_processed.
  await writeOrder(bench.pool, { userId: ann, events: [{ type: 'dead_letter_added', userId: ann }] });
  const types = async (caller: Parameters<typeof bench.reporting.events.newest>[0]) =>
    valueOf(await bench.reporting.events.newest(caller, { limit: 50 })).data.map(({ type }) => type);
  expect(await types(callerOf(ann))).toEqual(['order_processed']);
  expect(await types(operator)).toEqual([]);
});

test('a cursor of another list, or of another user’s, is refused', async () => {
  const [ann, bob] = [uuidv7(), uuidv7()];
  for (let i = 0; i < 3; i += 1) await bench.deposit(ann, 100);
  const { next_cursor } = valueOf(await bench.reporting.events.newest(callerOf(ann), { limit: 1 }));
  const orders = valueOf(await bench.reporting.orders.list(callerOf(ann), { limit: 1 })).next_cursor;
  for (const [caller, cursor] of [
    [bob, next_cursor],
    [ann, orders],
    [ann, 'x'],
  ] as const) {
    const answer = await bench.reporting.events.newest(callerOf(caller), { limit: 1, cursor: cursor as string });
    expect(answer).toMatchObject({ ok: false, problem: { code: 'invalid_cursor' } });
  }
});
