import { describe, expect, test } from 'vitest';
import type { OrderAnswer } from '../../core/order.ts';
import { summaryOf, waitOf } from './words.ts';

const AT = '2026-01-01T00:00:00.000Z';
const LATER = '2026-01-02T00:00:00.000Z';

function order(more: Partial<OrderAnswer>): OrderAnswer {
  const base = { id: 'ord_1', kind: 'deposit', status: 'completed', reason: null, user_id: 'usr_1' } as const;
  return { ...base, params: { asset: 'USD', amount: '25.00' }, result: {}, created_at: AT, updated_at: LATER, ...more };
}

describe('a summary', () => {
  test.each<[string, Partial<OrderAnswer>, string]>([
    ['a deposit', {}, '25.00 USD was to come in. This was done.'],
    [
      'a rejected withdrawal',
      { kind: 'withdraw', status: 'rejected', reason: 'insufficient_funds' },
      '25.00 USD was to be sent outside. This was not done: there is not enough available money.',
    ],
    [
      'an investment in part',
      { kind: 'fund_loan', params: { loan_id: 'loan_1', amount: '50' }, result: { accepted_amount: '20.00' } },
      '50 was to be invested in the loan loan_1. This was done in part: 20.00 was still open and accepted.',
    ],
    [
      'an investment in full',
      { kind: 'fund_loan', params: { loan_id: 'loan_1', amount: '50' }, result: { accepted_amount: '50.00' } },
      '50 was to be invested in the loan loan_1. This was done in full.',
    ],
    [
      'a payment in the installation’s currency',
      { kind: 'pay', params: { merchant: 'acme', item: 'nails', quantity: 3, price: '2.50' } },
      'acme was to be paid for 3 × nails at 2.50. This was done.',
    ],
    [
      'a command of Millrace itself that broke',
      { kind: 'expire_loan', status: 'failed', reason: 'internal_error', params: { loan_id: 'loan_1' } },
      'The loan loan_1 was to expire, and all money to go back. This could not be done: it failed for a technical reason; no money was moved.',
    ],
  ])('of %s', (_, more, text) => {
    expect(summaryOf(order(more))).toBe(text);
  });
});

describe('what an order waits for', () => {
  test('is nothing once it is final', () => {
    expect(waitOf(order({}), null)).toBeNull();
    expect(waitOf(order({ status: 'rejected' }), null)).toBeNull();
    expect(waitOf(order({ status: 'failed' }), null)).toBeNull();
  });

  test('is the bank, once it has the withdrawal, since then', () => {
    const pending = { kind: 'withdraw', status: 'pending' } as const;
    expect(waitOf(order({ ...pending, result: { stage: 'requested' } }), null)).toMatchObject({ since: AT });
    expect(waitOf(order({ ...pending, result: { stage: 'sent' } }), null)).toMatchObject({ since: LATER });
  });

  test('is an operator where a dead letter is open', () => {
    expect(waitOf(order({ status: 'failed' }), LATER)).toMatchObject({ since: LATER });
  });
});
