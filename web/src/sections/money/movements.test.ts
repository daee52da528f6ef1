import type { WireOrder, WireTransfer } from '@millrace/contract';
import { expect, test } from 'vitest';
import type { Submission } from '../../orders/index.ts';
import type { Kind } from './money-order.ts';
import { landedOf, movementsOf } from './movements.ts';

const at = '2026-11-21T12:00:00Z';

function submissionOf(id: string, state: Submission['state'] = { name: 'sending' }): Submission<Kind> {
  return { order: { id, kind: 'withdraw', asset: 'USD', amount: '5.00' }, at, state };
}

function pendingOf(id: string, stage: string): WireOrder {
  return {
    id,
    kind: 'withdraw',
    status: 'pending',
    reason: null,
    user_id: 'usr_1',
    params: { asset: 'USD', amount: '5.00' },
    result: { stage },
    created_at: at,
    updated_at: at,
  };
}

function lineOf(orderId: string): WireTransfer {
  return {
    id: `trf_${orderId}`,
    at,
    reason: 'deposit',
    order_id: orderId,
    direction: 'credit',
    amount: '7.00',
    balance: '100.00',
    counterparty_purpose: 'outside',
    loan: null,
  };
}

const nothing = { submissions: [], pending: [], lines: [], asset: 'USD' };

test('what was just confirmed stands first, with its sign, before anybody answered', () => {
  const [first] = movementsOf({ ...nothing, submissions: [submissionOf('ord_1')], lines: [lineOf('ord_0')] });
  expect(first).toMatchObject({ id: 'ord_1', amount: '-5.00', status: 'sending', orderId: null });
});

test('an order stands there once: the server’s word takes the place of the page’s', () => {
  const submissions = [submissionOf('ord_1'), submissionOf('ord_2', { name: 'accepted' })];
  const movements = movementsOf({
    ...nothing,
    submissions,
    pending: [pendingOf('ord_1', 'requested')],
    lines: [lineOf('ord_2')],
  });
  expect(movements.map(({ id, status }) => [id, status])).toEqual([
    ['ord_1', 'pending'],
    ['trf_ord_2', 'completed'],
  ]);
});

test('a withdrawal can be canceled until the bank has it', () => {
  const pending = [pendingOf('ord_1', 'requested'), pendingOf('ord_2', 'sent')];
  expect(movementsOf({ ...nothing, pending }).map(({ isCancelable }) => isCancelable)).toEqual([true, false]);
});

test('what was refused, or may not have arrived, stays and says so', () => {
  const submissions = [
    submissionOf('ord_1', { name: 'refused', reason: 'insufficient_funds' }),
    submissionOf('ord_2', { name: 'unsure', error: new Error('lost') }),
  ];
  expect(movementsOf({ ...nothing, submissions }).map(({ status, orderId }) => [status, orderId])).toEqual([
    ['rejected', 'ord_1'],
    ['unsure', null],
  ]);
});

test('an order whose answer was lost has landed as soon as the server knows it, waiting or done, in any currency', () => {
  const unsure = { name: 'unsure', error: new Error('lost') } as const;
  const submissions = [submissionOf('ord_1', unsure)];
  expect(landedOf({ ...nothing, submissions })).toBeUndefined();
  expect(landedOf({ ...nothing, submissions, pending: [pendingOf('ord_1', 'requested')] })).toBe('ord_1');
  expect(landedOf({ ...nothing, submissions, lines: [lineOf('ord_1')] })).toBe('ord_1');
  const refused = [submissionOf('ord_1', { name: 'refused', reason: null })];
  expect(landedOf({ ...nothing, submissions: refused, lines: [lineOf('ord_1')] })).toBeUndefined();
});

test('other currencies are on their own page', () => {
  const all = { submissions: [submissionOf('ord_1')], pending: [pendingOf('ord_2', 'sent')], lines: [] };
  expect(movementsOf({ ...all, asset: 'EUR' })).toEqual([]);
});
