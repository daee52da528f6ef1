import { describe, expect, test } from 'vitest';
import { type Ask, createWorld, type DeskWorld, USD } from '../../../test/support/desk-world.ts';
import { uuidOfName } from '../../core/ids.ts';
import { BALANCE_MINOR_MAX } from '../../core/money.ts';
import { accountKey, cashOf, outside } from '../../ledger/index.ts';
import { createPaymentsDesk, type PaymentsOptions } from './index.ts';
import { promotions } from './names.ts';
import { merchants } from './rows.ts';

const ANN = uuidOfName('ann');
const BEN = uuidOfName('ben');
const NOBODY = uuidOfName('nobody');
const order = uuidOfName('order');

const deposit = (amount: string | number, asset = 'USD'): Ask => ({
  kind: 'deposit',
  params: { asset, amount },
  userId: ANN,
});
const transfer = (to: string, amount: string, asset = 'USD'): Ask => ({
  kind: 'transfer',
  params: { to_user: `usr_${to}`, asset, amount },
  userId: ANN,
});
const pay = (more: Ask['params']): Ask => ({
  kind: 'pay',
  params: { merchant: 'acme', item: 'nails', quantity: 3, price: '2.50', ...more },
  userId: ANN,
});
const bonus = (userId: string, amount = '100.00', asset = 'USD'): Ask => ({
  kind: 'grant_bonus',
  params: { user_id: `usr_${userId}`, asset, amount },
});

const completed = (result: object) => ({ type: 'order', order: { status: 'completed', reason: null, result } });
const rejected = (reason: string) => ({ type: 'order', order: { status: 'rejected', reason } });
const refused = (code: string, pointer: string) => ({ type: 'problem', problem: { code, errors: [{ pointer }] } });

const paymentsWorld = (users: readonly string[], options: Omit<PaymentsOptions, 'currency'> = {}): DeskWorld =>
  createWorld(createPaymentsDesk({ currency: USD, ...options }), { users });

function register(world: DeskWorld, handle: string, ownerId: string | null = null, isDisabled = false): void {
  const ownerReceives = ownerId === ANN || ownerId === BEN;
  world.put(merchants, {
    handle,
    name: handle,
    ownerId,
    createdAt: 0,
    disabledAt: isDisabled ? 1 : null,
    ownerReceives,
  });
}

function worldOf(cents = 0n): DeskWorld {
  const world = paymentsWorld([ANN, BEN]);
  register(world, 'acme');
  if (cents > 0n) world.give(ANN, cents);
  return world;
}

describe('deposit', () => {
  test('brings money from outside into the user’s cash and says so', async () => {
    const world = worldOf();
    expect(await world.one({ ...deposit('12.5'), id: order })).toMatchObject(
      completed({ asset: 'USD', amount: '12.50' }),
    );
    expect(world.cash(ANN)).toEqual({ balance: 1_250n, held: 0n });
    expect(world.balanceOf(outside('USD'))).toBe(-1_250n);
    expect(world.transfers).toMatchObject([{ reason: 'deposit', amount: 1_250n }]);
    expect(world.events.map(({ type }) => type)).toEqual(['deposit_received', 'order_processed']);
    const data = { user_id: `usr_${ANN}`, asset: 'USD', amount: '12.50', order_id: `ord_${order}` };
    expect(world.events[0]).toMatchObject({ subject: `usr_${ANN}`, userId: ANN, data });
  });

  test.each([
    ['0', 'more than zero'],
    ['0.001', 'decimal places'],
    [0.001, 'decimal places'],
    ['200000000000000000', 'larger'],
  ])('refuses the amount %s at its place', async (amount, detail) => {
    const world = worldOf();
    const outcome = await world.one(deposit(amount));
    expect(outcome).toMatchObject(refused('invalid_amount', '/amount'));
    expect(JSON.stringify(outcome)).toContain(detail);
    expect(world.orders.size).toBe(0);
  });

  test('rejects an unknown asset before it looks at the amount', async () => {
    expect(await worldOf().one(deposit('0', 'XXX'))).toMatchObject(rejected('unknown_asset'));
  });

  test('rejects more than the limit of its kind, at any asset’s scale', async () => {
    const world = worldOf();
    expect(await world.one(deposit('1000000000.00'))).toMatchObject({ order: { status: 'completed' } });
    expect(await world.one(deposit('1000000000.01'))).toMatchObject(rejected('amount_limit'));
    expect(await world.one(deposit('1000000000', 'JPY'))).toMatchObject({ order: { status: 'completed' } });
    expect(await world.one(deposit('1000000001', 'JPY'))).toMatchObject(rejected('amount_limit'));
    const small = paymentsWorld([ANN], { amountMax: { deposit: '0.5' } });
    expect(await small.one(deposit('0.50'))).toMatchObject({ order: { status: 'completed' } });
    expect(await small.one(deposit('0.51'))).toMatchObject(rejected('amount_limit'));
    expect(await small.one(deposit('1', 'JPY'))).toMatchObject(rejected('amount_limit'));
  });

  test('rejects what a balance cannot hold, on either side', async () => {
    const full = worldOf(BALANCE_MINOR_MAX);
    expect(await full.one(deposit('0.01'))).toMatchObject(rejected('balance_limit'));
    // The outside has given all that it can count; this user has nothing.
    expect(await full.one({ ...deposit('0.01'), userId: BEN })).toMatchObject(rejected('balance_limit'));
    expect(full.deadLetters).toEqual([]);
  });
});

describe('bonus', () => {
  test('comes from promotions and is not a visible order', async () => {
    const world = worldOf();
    expect(await world.one(bonus(ANN))).toMatchObject(completed({ asset: 'USD', amount: '100.00' }));
    expect(world.cash(ANN).balance).toBe(10_000n);
    expect(world.balanceOf(promotions('USD'))).toBe(-10_000n);
    expect(world.events).toMatchObject([
      { type: 'bonus_granted', userId: ANN, data: { user_id: `usr_${ANN}`, asset: 'USD', amount: '100.00' } },
    ]);
  });

  test('says no to an unknown asset, a wrong amount, an unknown user and a full balance, in this order', async () => {
    const world = worldOf(BALANCE_MINOR_MAX);
    expect(await world.one(bonus(NOBODY, '0.001', 'XXX'))).toMatchObject(rejected('unknown_asset'));
    expect(await world.one(bonus(NOBODY, '0.001'))).toMatchObject({ order: { status: 'failed' } });
    expect(world.deadLetters).toEqual([expect.stringMatching(/^Refused: invalid_amount: /)]);
    expect(await world.one(bonus(NOBODY))).toMatchObject(rejected('user_not_found'));
    expect(await world.one(bonus(ANN))).toMatchObject(rejected('balance_limit'));
  });
});

describe('transfer', () => {
  test('moves cash and tells the receiver', async () => {
    const world = worldOf(1_000n);
    const result = { asset: 'USD', amount: '10.00', to_user: `usr_${BEN}` };
    expect(await world.one({ ...transfer(BEN, '10'), id: order })).toMatchObject(completed(result));
    expect([world.cash(ANN).balance, world.cash(BEN).balance]).toEqual([0n, 1_000n]);
    const data = { user_id: `usr_${BEN}`, asset: 'USD', amount: '10.00', order_id: `ord_${order}` };
    expect(world.events[0]).toMatchObject({ type: 'transfer_received', subject: `usr_${BEN}`, userId: BEN, data });
  });

  test('takes an id in capital letters for the same user', async () => {
    const world = worldOf(1_000n);
    expect(await world.one(transfer(BEN.toUpperCase(), '10'))).toMatchObject({ order: { status: 'completed' } });
    expect(await world.one(transfer(ANN.toUpperCase(), '10'))).toMatchObject(rejected('same_account'));
  });

  test('says no in the order of precedence', async () => {
    const world = worldOf(1_000n);
    const only = paymentsWorld([], { amountMax: { transfer: '5' } });
    expect(await only.one(transfer(ANN, '0', 'XXX'))).toMatchObject(rejected('unknown_asset'));
    expect(await only.one(transfer(ANN, '0'))).toMatchObject(refused('invalid_amount', '/amount'));
    expect(await only.one(transfer(ANN, '5.01'))).toMatchObject(rejected('amount_limit'));
    expect(await only.one(transfer(ANN, '5'))).toMatchObject(rejected('same_account'));
    expect(await only.one(transfer(NOBODY, '5'))).toMatchObject(rejected('user_not_found'));
    expect(await world.one(transfer(BEN, '10.01'))).toMatchObject(rejected('insufficient_funds'));
    world.give(BEN, BALANCE_MINOR_MAX - 999n);
    expect(await world.one(transfer(BEN, '10.00'))).toMatchObject(rejected('balance_limit'));
    expect(world.cash(ANN)).toEqual({ balance: 1_000n, held: 0n });
  });

  test('does not spend what is held', async () => {
    const world = worldOf(1_000n);
    await world.one({ kind: 'withdraw', params: { asset: 'USD', amount: '9.99' }, userId: ANN });
    expect(await world.one(transfer(BEN, '0.02'))).toMatchObject(rejected('insufficient_funds'));
    expect(await world.one(transfer(BEN, '0.01'))).toMatchObject({ order: { status: 'completed' } });
  });

  test('sees what orders before it in the same batch have done', async () => {
    const world = worldOf(1_000n);
    const outcomes = await world.submit([
      transfer(BEN, '6'),
      transfer(BEN, '6'),
      { ...transfer(ANN, '6'), userId: BEN },
      transfer(BEN, '10'),
    ]);
    expect(outcomes.map((outcome) => outcome.type === 'order' && outcome.order.status)).toEqual([
      'completed',
      'rejected',
      'completed',
      'completed',
    ]);
  });
});

describe('pay', () => {
  test('takes quantity × price in three stages, each an event, in order', async () => {
    const world = worldOf(1_000n);
    const result = { merchant: 'acme', asset: 'USD', amount: '7.50', stage: 'finalized' };
    expect(await world.one({ ...pay({ merchant: 'AcMe' }), id: order })).toMatchObject(completed(result));
    expect(world.cash(ANN).balance).toBe(250n);
    expect(world.balanceOf(accountKey(uuidOfName('merchant/acme'), 'merchant', 'USD'))).toBe(750n);
    expect(world.events.map(({ type }) => type)).toEqual([
      'payment_processed',
      'payment_paid',
      'payment_finalized',
      'order_processed',
    ]);
    const paid = { order_id: `ord_${order}`, user_id: `usr_${ANN}`, merchant: 'acme', asset: 'USD', amount: '7.50' };
    expect(world.events[0]!.data).toEqual({ ...paid, item: 'nails', quantity: 3 });
    expect(world.events[2]!.data).toEqual(paid);
  });

  test('pays a user who sells in cash, and tells that user', async () => {
    const world = worldOf(1_000n);
    expect(await world.one(pay({ merchant: `usr_${BEN}` }))).toMatchObject({ order: { status: 'completed' } });
    expect(world.cash(BEN).balance).toBe(750n);
    expect(world.events.filter(({ userId }) => userId === BEN)).toMatchObject([
      { type: 'transfer_received', data: { amount: '7.50' } },
    ]);
  });

  test('multiplies exactly where binary fractions would not', async () => {
    const world = worldOf(100_000_000n);
    expect(await world.one(pay({ quantity: 999_999, price: 0.07 }))).toMatchObject({
      order: { result: { amount: '69999.93' } },
    });
  });

  test('counts in another asset where the order names one', async () => {
    const world = worldOf();
    world.give(ANN, 150_000_000n, { code: 'BTC', scale: 8 });
    const outcome = await world.one(pay({ asset: 'BTC', quantity: 3, price: '0.00000001' }));
    expect(outcome).toMatchObject({ order: { result: { amount: '0.00000003', asset: 'BTC' } } });
  });

  test('says no in the order of precedence', async () => {
    const world = worldOf(749n);
    const limited = paymentsWorld([], { amountMax: { pay: '5' } });
    expect(await limited.one(pay({ asset: 'XXX', price: '0' }))).toMatchObject(rejected('unknown_asset'));
    expect(await limited.one(pay({ price: '0.001' }))).toMatchObject(refused('invalid_amount', '/price'));
    expect(await limited.one(pay({ merchant: `usr_${ANN}` }))).toMatchObject(rejected('amount_limit'));
    expect(await limited.one(pay({ merchant: `usr_${ANN}`, price: '1' }))).toMatchObject(rejected('same_account'));
    expect(await limited.one(pay({ merchant: `usr_${NOBODY}`, price: '1' }))).toMatchObject(rejected('user_not_found'));
    expect(await world.one(pay({}))).toMatchObject(rejected('insufficient_funds'));
    world.give(ANN, 1n);
    world.give(BEN, BALANCE_MINOR_MAX - 749n);
    expect(await world.one(pay({ merchant: `usr_${BEN}` }))).toMatchObject(rejected('balance_limit'));
    expect(world.events.filter(({ type }) => type !== 'order_processed')).toEqual([]);
  });

  test('pays registered merchants only, and no disabled one', async () => {
    const world = worldOf(1_000n);
    register(world, 'closed', null, true);
    expect(await world.one(pay({ merchant: 'acne' }))).toMatchObject(rejected('merchant_unknown'));
    expect(await world.one(pay({ merchant: 'Closed' }))).toMatchObject(rejected('merchant_disabled'));
    expect(world.transfers).toEqual([]);
  });

  test('pays a merchant’s owner in cash, tells the owner, and names the merchant', async () => {
    const world = worldOf(1_000n);
    register(world, 'bens', BEN);
    register(world, 'anns', ANN);
    register(world, 'gone', NOBODY);
    expect(await world.one(pay({ merchant: 'Bens' }))).toMatchObject(completed({ merchant: 'bens' }));
    expect(world.cash(BEN).balance).toBe(750n);
    expect(world.events.map(({ type, data }) => [type, data['merchant']])).toContainEqual(['payment_paid', 'bens']);
    expect(world.events.filter(({ userId }) => userId === BEN)).toMatchObject([{ type: 'transfer_received' }]);
    expect(await world.one(pay({ merchant: 'anns', price: '0.10' }))).toMatchObject(rejected('same_account'));
    expect(await world.one(pay({ merchant: 'gone', price: '0.10' }))).toMatchObject(rejected('receiver_unavailable'));
  });

  test('does not take a mistyped user id for a handle', async () => {
    const world = worldOf(1_000n);
    expect(await world.one(pay({ merchant: `usr_${BEN.slice(0, -1)}` }))).toMatchObject(rejected('user_not_found'));
    expect(await world.one(pay({ merchant: `USR_${BEN.toUpperCase()}` }))).toMatchObject(
      completed({ merchant: `usr_${BEN}` }),
    );
  });

  test('rejects a product beyond what one order can move', async () => {
    const rich = paymentsWorld([ANN], { amountMax: { pay: '999999999999999999' } });
    register(rich, 'acme');
    rich.give(ANN, BALANCE_MINOR_MAX);
    expect(await rich.one(pay({ quantity: 1_000, price: '999999999999999' }))).toMatchObject(rejected('amount_limit'));
  });
});

test('a limit that is no decimal string stops the start', () => {
  expect(() => createPaymentsDesk({ currency: USD, amountMax: { pay: '1e9' } })).toThrow(RangeError);
});

test('an order without a user is a dead letter, and harms no other in its batch', async () => {
  const world = worldOf();
  const outcomes = await world.submit([{ ...deposit('1'), userId: null }, deposit('1')]);
  expect(outcomes).toMatchObject([
    { order: { status: 'failed', reason: 'internal_error' } },
    { order: { status: 'completed' } },
  ]);
  expect(world.cash(ANN)).toEqual({ balance: 100n, held: 0n });
  expect(world.balanceOf(cashOf(ANN, 'USD'))).toBe(100n);
});
