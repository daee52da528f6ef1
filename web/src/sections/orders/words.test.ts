import type { WireOrder } from '@millrace/contract';
import { EVENTS } from '@millrace/contract';
import { describe, expect, test } from 'vitest';
import { orderNotices } from './notices.ts';
import { timelineOf } from './timeline.ts';
import { isCancelable } from '../../orders/index.ts';
import { knowThings } from '../../things/index.ts';
import { loanThing } from '../lending/things.ts';
import { describeOrder, fieldsOf } from './words.ts';

knowThings([loanThing]);
const USD = { asset: 'USD', scale: 2 };
const AT = '2026-11-21T10:00:00.000Z';

function order(more: Partial<WireOrder>): WireOrder {
  const base = { id: 'ord_1', kind: 'deposit', status: 'completed', reason: null, user_id: 'usr_1' } as const;
  return { ...base, params: {}, result: {}, created_at: AT, updated_at: AT, ...more };
}

describe('kinds', () => {
  test.each<[string, Partial<WireOrder>, string]>([
    ['an investment', { kind: 'fund_loan', params: { amount: '50', loan_id: 'loan_1' } }, 'Invest $50.00 in a loan'],
    ['a deposit in another currency', { params: { amount: '7.5', asset: 'EUR' } }, 'Bring in €7.5'],
    ['a withdrawal', { kind: 'withdraw', params: { amount: '1000.00', asset: 'USD' } }, 'Send $1,000.00 to your bank'],
    [
      'a payment',
      { kind: 'pay', params: { merchant: 'acme', item: 'nails', quantity: 3, price: 2.5 } },
      'Pay acme for 3 × nails at $2.50',
    ],
    [
      'a transfer to someone who is known',
      { kind: 'transfer', params: { amount: '5', to_user: 'usr_2' }, names: { usr_2: 'Bob' } },
      'Send $5.00 to Bob',
    ],
    ['a transfer', { kind: 'transfer', params: { amount: '5', to_user: 'usr_2' } }, 'Send $5.00 to another user'],
    [
      'a payment to a merchant who has a name',
      {
        kind: 'pay',
        params: { merchant: 'Acme', item: 'nails', quantity: 1, price: '2.50' },
        names: { acme: 'Acme Ltd' },
      },
      'Pay Acme Ltd for 1 × nails at $2.50',
    ],
    ['a command of Millrace itself', { kind: 'expire_loan' }, 'Expiry of a loan'],
  ])('describe %s', (_, more, words) => {
    expect(describeOrder(order(more), USD)).toBe(words);
  });
});

test('a result shows what the parameters did not say', () => {
  const funded = order({
    kind: 'fund_loan',
    params: { loan_id: 'loan_1', amount: '50', allow_partial: true },
    result: { loan_id: 'loan_1', asset: 'USD', accepted_amount: '20.00' },
  });
  expect(fieldsOf(funded, 'result', USD)).toEqual([{ name: 'accepted_amount', label: 'Accepted', value: '$20.00' }]);
  expect(fieldsOf(funded, 'params', USD).map(({ value }) => value)).toEqual(['loan_1', '$50.00', 'Yes']);
});

test('only a withdrawal that the bank has not got can be canceled', () => {
  const pending = { kind: 'withdraw', status: 'pending' } as const;
  expect(isCancelable(order({ ...pending, result: { stage: 'requested' } }))).toBe(true);
  expect(isCancelable(order({ ...pending, result: { stage: 'sent' } }))).toBe(false);
  expect(isCancelable(order({ kind: 'withdraw' }))).toBe(false);
  expect(isCancelable(order({ kind: 'pay', status: 'pending' }))).toBe(false);
});

describe('a timeline', () => {
  const explanation = (events: object[], waits_for: object | null = null) =>
    timelineOf({ order: order({}), events, told: [], waits_for } as never);

  test('begins when the order was placed and ends with what it waits for, which has no time', () => {
    const entries = explanation([{ id: '1', type: 'withdrawal_requested', time: AT, data: {} }], { what: 'The bank.' });
    expect(entries.map(({ title }) => title)).toEqual(['Placed', 'The money was set aside', 'The bank.']);
    expect(entries.at(-1)?.at).toBeUndefined();
  });

  test('of an order that goes outside has the bank’s answer as a station, also while it is still to come', () => {
    const withdrawal = order({ kind: 'withdraw', status: 'pending' });
    const titles = (events: object[], waits_for: object | null) =>
      timelineOf({ order: withdrawal, events, told: [], waits_for } as never).map(({ title, at }) => [title, at]);
    const sent = { id: '1', type: 'withdrawal_sent', time: AT, data: {} };
    expect(titles([sent], { what: 'The bank.' }).slice(2)).toEqual([
      ['The bank.', undefined],
      ['Settled, when the bank has answered', undefined],
    ]);
    const settled = (approved: boolean) => ({ id: '2', type: 'withdrawal_settled', time: AT, data: { approved } });
    expect(titles([sent, settled(true)], null).at(-1)).toEqual(['Settled: the bank paid it out', AT]);
    expect(titles([sent, settled(false)], null).at(-1)).toEqual(['Answered: the bank did not pay it out', AT]);
  });

  test('says when those who listened were told, in its place', () => {
    const told = [{ consumer: 'push', state: 'told', at: AT, detail: '' }];
    const events = [{ id: '1', type: 'withdrawal_requested', time: AT, data: {} }];
    const entries = timelineOf({ order: order({}), events, told, waits_for: null } as never);
    expect(entries.map(({ title }) => title)).toEqual([
      'Placed',
      'The money was set aside',
      'Told to those who were listening',
    ]);
  });

  test('says why an order was rejected', () => {
    const data = { status: 'rejected', reason: 'loan_fully_funded' };
    expect(explanation([{ id: '1', type: 'order_processed', time: AT, data }]).at(-1)).toMatchObject({
      title: 'Rejected',
      tone: 'bad',
      detail: 'The loan is fully funded.',
    });
  });

  test('has words for every event of the catalogue that is about an order', () => {
    const types = Object.entries(EVENTS).flatMap(([type, { subject }]) => (subject === 'order' ? [type] : []));
    for (const type of types) {
      const [, entry] = explanation([{ id: '1', type, time: AT, data: { status: 'completed' } }]);
      expect(entry?.title).toMatch(/^[A-Z]/);
    }
  });
});

describe('a notice', () => {
  const told = (data: object) => orderNotices.order_processed?.({ type: 'order_processed', data } as never);

  test('says whether an investment was accepted, and leads to the order', () => {
    expect(
      told({
        order_id: 'ord_1',
        kind: 'fund_loan',
        status: 'completed',
        reason: null,
        result: { loan_id: 'loan_1', accepted_amount: '5.00', asset: 'USD' },
      }),
    ).toEqual({
      title: 'Investment accepted',
      detail: '$5.00 went into the loan.',
      tone: 'good',
      to: '/orders/ord_1',
      thing: 'loan_1',
    });
    expect(told({ order_id: 'ord_1', kind: 'fund_loan', status: 'rejected', reason: 'loan_closed' })).toMatchObject({
      title: 'Investment rejected',
      detail: 'The loan no longer takes investments.',
      tone: 'bad',
    });
  });

  test('is not made of commands that nobody ordered, nor of success that the money’s own event tells', () => {
    expect(told({ kind: 'grant_bonus', status: 'completed' })).toBeUndefined();
    expect(told({ kind: 'deposit', status: 'completed' })).toBeUndefined();
  });
});
