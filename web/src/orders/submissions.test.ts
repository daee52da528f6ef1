import { MillraceError } from '@millrace/client';
import type { WireOrder } from '@millrace/contract';
import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { client } from '../session/index.ts';
import { ticketOf } from './ticket.ts';
import { dismissSubmission, sendSubmission, type Submission, submissions } from './submissions.ts';

type Answer = WireOrder & { replayed: boolean };
const cache = new QueryClient();
const order: Submission['order'] = { id: 'ord_1', kind: 'deposit', asset: 'USD', amount: '5.00' };
const submit = vi.spyOn(client.orders, 'submit');

beforeEach(() => void submit.mockReset());
afterEach(() => dismissSubmission(order.id));

const states = () => submissions().map(({ state }) => state.name);
const errorOf = (code: MillraceError['code']) => new MillraceError({ code, detail: '' });

test('an order whose answer never came waits to be sent again, under the same id', async () => {
  submit.mockRejectedValueOnce(errorOf('connection_failed'));
  await sendSubmission(order, cache, []);
  expect(states()).toEqual(['unsure']);
  submit.mockResolvedValueOnce({ id: order.id, status: 'completed' } as Answer);
  await sendSubmission(order, cache, []);
  expect(states()).toEqual([]);
  expect(submit.mock.calls.map(([sent]) => (sent as { id: string }).id)).toEqual(['ord_1', 'ord_1']);
});

test('what the server would not take is turned down, not unsure', async () => {
  submit.mockRejectedValueOnce(errorOf('invalid_amount'));
  await sendSubmission(order, cache, []);
  expect(states()).toEqual(['turned_down']);
});

test('what was rejected stays until it has been read', async () => {
  submit.mockResolvedValueOnce({ id: order.id, status: 'rejected', reason: 'insufficient_funds' } as Answer);
  await sendSubmission(order, cache, []);
  expect(states()).toEqual(['refused']);
});

test('every order has an id of its own', () => {
  const request = { kind: 'deposit', asset: 'USD', amount: '1.00' } as const;
  expect(ticketOf(request).id).toMatch(/^ord_/);
  expect(ticketOf(request).id).not.toBe(ticketOf(request).id);
});
