import { describe, expect, test } from 'vitest';
import { uuidOfName } from '../../core/ids.ts';
import { BALANCE_MINOR_MAX } from '../../core/money.ts';
import { cashOf, GrowingAssetBook, type LedgerView, outside } from '../../ledger/index.ts';
import type { Command } from '../desk.ts';
import { amountIn, orderEvent, ownerOf, readAmount, userEvent, whyNotMoved } from './index.ts';

const ANN = uuidOfName('ann');
const USD = { code: 'USD', scale: 2 };
const command = (kind: string, userId: string | null = ANN): Command => ({
  id: uuidOfName('order'),
  kind,
  userId,
  actorId: null,
  params: {},
  at: 0,
  shard: 0,
  idMayExist: false,
  fingerprint: null,
  key: null,
  retryOf: null,
});

test('an order has an owner, or is our own mistake', () => {
  expect(ownerOf(command('deposit'))).toBe(ANN);
  expect(() => ownerOf(command('deposit', null))).toThrow('has no user');
});

describe('an amount', () => {
  const assets = new GrowingAssetBook(USD, []);

  test('is read at its asset’s scale', () => {
    expect(readAmount({ assets }, 'USD', '12.5')).toMatchObject({ ok: true, asset: USD, minor: 1_250n });
  });

  test('of an unknown asset is rejected before anything is said of the amount', () => {
    expect(readAmount({ assets }, 'XXX', '0')).toMatchObject({ decision: { reason: 'unknown_asset' } });
    expect(readAmount({ assets }, 'loan:1', '0')).toMatchObject({ decision: { reason: 'not_a_currency' } });
  });

  test('that is none is refused at its place, by its name', () => {
    expect(amountIn(USD, '0.001', '/price')).toMatchObject({
      decision: {
        code: 'invalid_amount',
        pointer: '/price',
        detail: 'The price has too many decimal places. USD has 2 decimal places.',
      },
    });
    expect(amountIn(USD, 0)).toMatchObject({
      decision: { pointer: '/amount', detail: expect.stringMatching(/^The amount must be more than/) },
    });
  });
});

test('money that cannot move is first too little, then too much', () => {
  const way = { debit: cashOf(ANN, 'USD'), credit: cashOf(uuidOfName('ben'), 'USD') };
  const ledger = (available: bigint, fits: boolean, balance = available): LedgerView => ({
    available: () => available,
    balance: () => balance,
    hold: () => undefined,
    canCredit: () => fits,
  });
  expect(whyNotMoved(ledger(9n, false), way, 10n)).toBe('insufficient_funds');
  expect(whyNotMoved(ledger(10n, false), way, 10n)).toBe('balance_limit');
  expect(whyNotMoved(ledger(10n, true), way, 10n)).toBeUndefined();
  // What is outside has as much as a balance can count.
  const fromOutside = { ...way, debit: outside('USD') };
  expect(whyNotMoved(ledger(0n, true, 10n - BALANCE_MINOR_MAX), fromOutside, 10n)).toBeUndefined();
  expect(whyNotMoved(ledger(0n, true, 9n - BALANCE_MINOR_MAX), fromOutside, 10n)).toBe('balance_limit');
});

test('an event says whom and what it is about', () => {
  const paid = { asset: 'USD', amount: '1.00' };
  expect(userEvent('bonus_granted', ANN, paid)).toEqual({
    type: 'bonus_granted',
    subject: `usr_${ANN}`,
    userId: ANN,
    data: { user_id: `usr_${ANN}`, ...paid },
  });
  const { subject, data } = orderEvent('withdrawal_settled', { id: ANN, userId: ANN }, { ...paid, approved: true });
  expect([subject, data]).toEqual([
    `ord_${ANN}`,
    { order_id: `ord_${ANN}`, user_id: `usr_${ANN}`, ...paid, approved: true },
  ]);
  // @ts-expect-error: the catalogue has `approved` too.
  orderEvent('withdrawal_settled', { id: ANN, userId: ANN }, paid);
});
