import type { EventType, WireEventEnvelope } from '@millrace/contract';
import { EVENTS } from '@millrace/contract';
import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { dispatcherOf, keys } from '../../live/index.ts';
import { moneyEvents } from './events.ts';
import { moneyNotices } from './notices.ts';

const dispatch = dispatcherOf([moneyEvents]);
let cache: QueryClient;

beforeEach(() => {
  vi.useFakeTimers();
  cache = new QueryClient();
  cache.setQueryData(keys.me(), { id: 'usr_1' });
  for (const key of [keys.cash(), keys.portfolio(), keys.transfers('acc_1', {}), keys.pendingWithdrawals()])
    cache.setQueryData(key, {});
});
afterEach(() => {
  cache.clear();
  vi.useRealTimers();
});

function eventOf(type: EventType, data: Record<string, unknown>): WireEventEnvelope {
  return { type, time: '2026-11-21T12:00:00Z', data } as unknown as WireEventEnvelope;
}

function staleAfter(...events: WireEventEnvelope[]): unknown[] {
  for (const event of events) dispatch(event, cache);
  vi.runAllTimers();
  return cache
    .getQueryCache()
    .getAll()
    .filter(({ state }) => state.isInvalidated)
    .map(({ queryKey }) => queryKey[0]);
}

test('own money that moved has balances, lines and portfolio read again, and nothing else', () => {
  const event = eventOf('deposit_received', { user_id: 'usr_1' });
  expect(staleAfter(event)).toEqual(['accounts', 'portfolio', 'transfers']);
});

test('a withdrawal’s stages also concern those that wait', () => {
  const event = eventOf('withdrawal_sent', { user_id: 'usr_1' });
  expect(staleAfter(event)).toContain('pending-withdrawals');
});

test('events of others, which operators follow, change nothing', () => {
  expect(staleAfter(eventOf('deposit_received', { user_id: 'usr_2' }))).toEqual([]);
});

test('an order that was refused moved nothing', () => {
  const event = eventOf('order_processed', { user_id: 'usr_1', kind: 'fund_loan', status: 'rejected' });
  expect(staleAfter(event)).toEqual([]);
});

test('many events close together are one reading', () => {
  const invalidate = vi.spyOn(cache, 'invalidateQueries');
  const event = eventOf('repayment_received', { user_id: 'usr_1', loan_id: 'loan_1' });
  staleAfter(...Array.from({ length: 50 }, () => event));
  expect(invalidate).toHaveBeenCalledTimes(4);
});

test('a loan that turns late concerns those who hold it', () => {
  const late = eventOf('loan_late', { loan_id: 'loan_1' });
  expect(staleAfter(late)).toEqual([]);
  cache.setQueryData(keys.holdings({}), { pages: [{ data: [{ loan_id: 'loan_1' }] }], pageParams: [null] });
  expect(staleAfter(late)).toEqual(['portfolio', 'portfolio']);
});

test('notices are about own events only, and name the amount', () => {
  for (const type of Object.keys(moneyNotices) as (keyof typeof moneyNotices)[])
    expect(EVENTS[type].visibility).toBe('owner');
  const data = { user_id: 'usr_1', amount: '5.00', asset: 'USD', order_id: 'ord_1' };
  expect(moneyNotices.withdrawal_settled?.(eventOf('withdrawal_settled', { ...data, approved: false }))).toMatchObject({
    title: 'The withdrawal of $5.00 was not paid out',
    tone: 'bad',
    to: '/orders/ord_1',
  });
});
