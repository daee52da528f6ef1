import type { OrderExplanationView, WireEventEnvelope, WireOrder } from '@millrace/contract';
import { describe, expect, test } from 'vitest';
import type { OrderPages } from './queries.ts';
import { withEvent, withOrder } from './reducers.ts';

const AT = '2026-11-21T10:00:00.000Z';
const LATER = '2026-11-21T10:00:05.000Z';

function order(more: Partial<WireOrder> = {}): WireOrder {
  const base = { id: 'ord_1', kind: 'withdraw', status: 'pending', reason: null, user_id: 'usr_1' } as const;
  return { ...base, params: {}, result: {}, created_at: AT, updated_at: AT, ...more };
}

const pages = (...data: WireOrder[]): OrderPages => ({
  pages: [{ data, has_more: false, next_cursor: null }],
  pageParams: [null],
});
const listed = (list: OrderPages) => list.pages.flatMap(({ data }) => data.map(({ id, status }) => `${id} ${status}`));

describe('a list of orders', () => {
  test('has a new order in front where it fits the filters', () => {
    const fresh = order({ id: 'ord_2' });
    expect(listed(withOrder(pages(order()), {}, fresh))).toEqual(['ord_2 pending', 'ord_1 pending']);
    expect(listed(withOrder(pages(order()), { status: 'completed' }, fresh))).toEqual(['ord_1 pending']);
    expect(listed(withOrder(pages(order()), { kind: 'pay' }, fresh))).toEqual(['ord_1 pending']);
  });

  test('shows an order as it is now, and keeps it where one saw it', () => {
    const done = order({ status: 'completed', updated_at: LATER });
    expect(listed(withOrder(pages(order(), order({ id: 'ord_0' })), { status: 'pending' }, done))).toEqual([
      'ord_1 completed',
      'ord_0 pending',
    ]);
    expect(listed(withOrder(pages(done), {}, order()))).toEqual(['ord_1 completed']);
  });
});

describe('an explanation', () => {
  const before = { order: order(), events: [], waits_for: { what: 'The bank.', since: AT, until: null } };
  const explanation = before as unknown as OrderExplanationView;
  const event = (id: string, type: string, data: object): WireEventEnvelope =>
    ({ id, type, time: LATER, data }) as never;

  test('moves with an event before it is read again, once', () => {
    const decided = event('1', 'order_processed', { status: 'completed', reason: null, result: { stage: 'settled' } });
    const next = withEvent(explanation, decided);
    expect(next.order).toMatchObject({ status: 'completed', result: { stage: 'settled' }, updated_at: LATER });
    expect(next.waits_for).toBeNull();
    expect(next.events).toHaveLength(1);
    expect(withEvent(next, decided)).toBe(next);
  });

  test('keeps its status at events that say nothing about it', () => {
    const next = withEvent(explanation, event('2', 'withdrawal_sent', { order_id: 'ord_1' }));
    expect(next).toMatchObject({ order: { status: 'pending' }, waits_for: { what: 'The bank.' } });
  });
});
