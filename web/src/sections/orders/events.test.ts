import type { WireEventEnvelope, WireOrder } from '@millrace/contract';
import { InfiniteQueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCache, dispatcherOf, keys } from '../../live/index.ts';
import { client } from '../../session/index.ts';
import { orderEvents } from './events.ts';
import { type OrderPages, ordersQuery } from './queries.ts';

const AT = '2026-11-21T10:00:00.000Z';
const dispatch = dispatcherOf([orderEvents]);

function order(id: string, more: Partial<WireOrder> = {}): WireOrder {
  const base = { id, kind: 'deposit', status: 'pending', reason: null, user_id: 'usr_1' } as const;
  return { ...base, params: {}, result: {}, created_at: AT, updated_at: AT, ...more };
}

const decided = (id: string): WireEventEnvelope =>
  ({
    id: `evt_${id}`,
    type: 'order_processed',
    time: '2026-11-21T10:00:01.000Z',
    data: { order_id: id, kind: 'deposit', status: 'completed', reason: null, user_id: 'usr_1', result: {} },
  }) as never;

/** The list of a user's orders, which is looked at or not. */
function listOf(isSeen: boolean, ...orders: WireOrder[]) {
  const cache = createCache();
  cache.setQueryData(keys.me(), { id: 'usr_1' });
  const pages: OrderPages = {
    pages: [{ data: orders, has_more: false, next_cursor: null }],
    pageParams: [null],
  };
  cache.setQueryData(keys.orders({}), pages);
  if (isSeen) new InfiniteQueryObserver(cache, ordersQuery({})).subscribe(() => {});
  const shown = () =>
    cache.getQueryData<OrderPages>(keys.orders({}))?.pages[0]?.data.map(({ id, status }) => `${id} ${status}`);
  return { cache, shown };
}

const get = vi.spyOn(client.orders, 'get');
const list = vi.spyOn(client.orders, 'list');

beforeEach(() => {
  vi.useFakeTimers();
  get.mockReset().mockImplementation(async (id) => order(id, { status: 'completed' }));
  list.mockReset().mockResolvedValue({ data: [], has_more: false, next_cursor: null });
});
afterEach(() => vi.useRealTimers());

test('an order that the list holds moves with its event, without a reading', async () => {
  const { cache, shown } = listOf(true, order('ord_1'));
  dispatch(decided('ord_1'), cache);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(shown()).toEqual(['ord_1 completed']);
  expect([get.mock.calls, list.mock.calls]).toEqual([[], []]);
});

test('a new order is read, and many new ones are one reading of the list', async () => {
  const { cache, shown } = listOf(true, order('ord_1'));
  dispatch(decided('ord_2'), cache);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(shown()).toEqual(['ord_2 completed', 'ord_1 pending']);
  expect(get).toHaveBeenCalledOnce();
  for (let count = 10; count < 60; count += 1) dispatch(decided(`ord_${count}`), cache);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(get).toHaveBeenCalledOnce();
  expect(list).toHaveBeenCalledOnce();
});

test('a list that is not looked at costs nothing before it is', async () => {
  const { cache } = listOf(false, order('ord_1'));
  dispatch(decided('ord_2'), cache);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([get.mock.calls, list.mock.calls]).toEqual([[], []]);
  expect(cache.getQueryState(keys.orders({}))?.isInvalidated).toBe(true);
});
