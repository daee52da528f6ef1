import { describe, expect, test } from 'vitest';
import { type Ask, createWorld, type DeskWorld, USD } from '../../../test/support/desk-world.ts';
import { uuidOfName } from '../../core/ids.ts';
import { outside } from '../../ledger/index.ts';
import { createPaymentsDesk, type PaymentsOptions } from './index.ts';

const ANN = uuidOfName('ann');
const BEN = uuidOfName('ben');
const id = uuidOfName('withdrawal');
const about = { order_id: `ord_${id}` };

const withdraw = (amount: string, asset = 'USD'): Ask => ({
  kind: 'withdraw',
  params: { asset, amount },
  userId: ANN,
  id,
});
const cancel: Ask = { kind: 'cancel_withdrawal', params: about, userId: ANN };
const send: Ask = { kind: 'send_withdrawal', params: about };
const settle = (approved: boolean, reason?: string): Ask => ({
  kind: 'settle_withdrawal',
  params: { ...about, approved, ...(reason === undefined ? {} : { reason }) },
});

const rejected = (reason: string) => ({ type: 'order', order: { status: 'rejected', reason } });
const failed = { type: 'order', order: { status: 'failed', reason: 'internal_error' } };
const refused = (code: string) => ({ type: 'problem', problem: { code } });

const paymentsWorld = (users: readonly string[], options: Omit<PaymentsOptions, 'currency'> = {}): DeskWorld =>
  createWorld(createPaymentsDesk({ currency: USD, ...options }), { users });

function worldOf(): DeskWorld {
  const world = paymentsWorld([ANN, BEN]);
  world.give(ANN, 10_000n);
  return world;
}

/** A world in which 40.00 of Ann's 100.00 wait for the bank, after further commands. */
async function pendingWorld(...asks: Ask[]): Promise<DeskWorld> {
  const world = worldOf();
  for (const ask of [withdraw('40'), ...asks]) await world.one(ask);
  return world;
}

const types = (world: DeskWorld): string[] => world.events.map(({ type }) => type);

describe('withdraw', () => {
  test('sets the money aside and is pending', async () => {
    const world = worldOf();
    const result = { stage: 'requested', asset: 'USD', amount: '40.00' };
    expect(await world.one(withdraw('40'))).toMatchObject({ order: { status: 'pending', reason: null, result } });
    expect(world.cash(ANN)).toEqual({ balance: 10_000n, held: 4_000n });
    expect(types(world)).toEqual(['withdrawal_requested', 'order_processed']);
    const data = { order_id: `ord_${id}`, user_id: `usr_${ANN}`, asset: 'USD', amount: '40.00' };
    expect(world.events[0]).toMatchObject({ subject: `ord_${id}`, userId: ANN, data });
  });

  test('says no in the order of precedence', async () => {
    const limited = paymentsWorld([], { amountMax: { withdraw: '5' } });
    expect(await limited.one(withdraw('0', 'XXX'))).toMatchObject(rejected('unknown_asset'));
    expect(await limited.one({ ...withdraw('0'), id: uuidOfName('other') })).toMatchObject(refused('invalid_amount'));
    expect(await limited.one({ ...withdraw('5.01'), id: uuidOfName('third') })).toMatchObject(rejected('amount_limit'));
    expect(await worldOf().one(withdraw('100.01'))).toMatchObject(rejected('insufficient_funds'));
  });

  test('does not set the same money aside twice', async () => {
    const world = await pendingWorld();
    expect(await world.one({ ...withdraw('60.01'), id: uuidOfName('second') })).toMatchObject(
      rejected('insufficient_funds'),
    );
    expect(await world.one({ ...withdraw('60'), id: uuidOfName('third') })).toMatchObject({
      order: { status: 'pending' },
    });
  });
});

describe('send', () => {
  test('moves the order on without another status', async () => {
    const world = await pendingWorld();
    expect(await world.one(send)).toMatchObject({
      order: { status: 'completed', result: { order_id: `ord_${id}`, status: 'pending' } },
    });
    expect(world.orders.get(id)).toMatchObject({
      status: 'pending',
      result: { stage: 'sent', asset: 'USD', amount: '40.00' },
    });
    expect(types(world).slice(2)).toEqual(['withdrawal_sent']);
    expect(world.cash(ANN).held).toBe(4_000n);
  });

  test('is rejected once the order is final', async () => {
    expect(await (await pendingWorld(cancel)).one(send)).toMatchObject(rejected('order_final'));
    expect(await (await pendingWorld(settle(true))).one(send)).toMatchObject(rejected('order_final'));
  });

  test('is a dead letter where there is no such withdrawal', async () => {
    const world = worldOf();
    expect(await world.one(send)).toMatchObject(failed);
    expect(world.deadLetters).toEqual([expect.stringMatching(/^Refused: not_found: /)]);
  });
});

describe('settle', () => {
  test('approved: the held money goes outside and the order is completed', async () => {
    const world = await pendingWorld(send);
    expect(await world.one(settle(true))).toMatchObject({
      order: { status: 'completed', result: { status: 'completed' } },
    });
    expect(world.orders.get(id)).toMatchObject({
      status: 'completed',
      reason: null,
      result: { stage: 'settled', amount: '40.00' },
    });
    expect(world.cash(ANN)).toEqual({ balance: 6_000n, held: 0n });
    expect(world.balanceOf(outside('USD'))).toBe(-6_000n);
    expect(types(world).slice(3)).toEqual(['withdrawal_settled', 'order_processed']);
    expect(world.events[3]!.data).toMatchObject({ approved: true });
  });

  test.each([
    ['the bank’s no', undefined, 'rejected', 'declined_outside'],
    ['a bank’s own reason', 'account_closed', 'rejected', 'declined_outside'],
    ['no answer in time', 'deadline_passed', 'failed', 'deadline_passed'],
  ])('%s: the money is available again', async (_, reason, status, orderReason) => {
    const world = await pendingWorld(send, settle(false, reason));
    expect(world.orders.get(id)).toMatchObject({ status, reason: orderReason, result: { stage: 'settled' } });
    expect(world.cash(ANN)).toEqual({ balance: 10_000n, held: 0n });
    expect(world.events[3]!.data).toMatchObject({ approved: false });
  });

  test('a second, different answer changes nothing and says what the order is', async () => {
    const world = await pendingWorld(send, settle(true));
    expect(await world.one(settle(false))).toMatchObject({
      order: { status: 'rejected', reason: 'order_final', result: { status: 'completed' } },
    });
    expect(world.cash(ANN)).toEqual({ balance: 6_000n, held: 0n });
  });

  test('is a dead letter for what is no withdrawal', async () => {
    const world = worldOf();
    expect(await world.one(settle(true))).toMatchObject(failed);
    await world.one({ kind: 'deposit', params: { asset: 'USD', amount: '1' }, userId: ANN, id });
    expect(await world.one(settle(true))).toMatchObject(failed);
    expect(await world.one(send)).toMatchObject(failed);
    expect(world.deadLetters).toHaveLength(3);
    expect(world.cash(ANN)).toEqual({ balance: 10_100n, held: 0n });
    expect(await world.one(cancel)).toMatchObject(refused('order_not_cancelable'));
  });
});

describe('cancel', () => {
  test('gives the money back and cancels the order', async () => {
    const world = await pendingWorld();
    expect(await world.one(cancel)).toMatchObject({
      order: { status: 'completed', result: { order_id: `ord_${id}` } },
    });
    expect(world.orders.get(id)).toMatchObject({
      status: 'canceled',
      reason: 'canceled_by_user',
      result: { stage: 'requested' },
    });
    expect(world.cash(ANN)).toEqual({ balance: 10_000n, held: 0n });
    expect(types(world).slice(2)).toEqual(['order_processed']);
  });

  test('works for an order of the same batch', async () => {
    const world = worldOf();
    const outcomes = await world.submit([withdraw('40'), cancel]);
    expect(outcomes).toMatchObject([{ order: { status: 'canceled' } }, { order: { status: 'completed' } }]);
    expect(world.cash(ANN)).toEqual({ balance: 10_000n, held: 0n });
  });

  test('is refused for another user’s and for an unknown order alike', async () => {
    const stranger = await (await pendingWorld()).one({ ...cancel, userId: BEN });
    const unknown = await worldOf().one(cancel);
    expect(stranger).toMatchObject(refused('not_found'));
    expect(unknown).toEqual(stranger);
  });

  test.each([
    ['sent', [send]],
    ['completed', [send, settle(true)]],
    ['declined', [send, settle(false)]],
    ['canceled', [cancel]],
  ])('is refused for an order that is %s', async (_, before) => {
    const world = await pendingWorld(...before);
    const cash = world.cash(ANN);
    expect(await world.one(cancel)).toMatchObject(refused('order_not_cancelable'));
    expect(world.cash(ANN)).toEqual(cash);
  });
});

describe('what may wait at a time', () => {
  const nth = (n: number, amount = '1', asset = 'USD'): Ask => ({
    ...withdraw(amount, asset),
    id: uuidOfName(`withdrawal ${n}`),
  });
  const aboutNth = (n: number) => ({ order_id: `ord_${uuidOfName(`withdrawal ${n}`)}` });

  function limited(options: Omit<PaymentsOptions, 'currency'>): DeskWorld {
    const world = paymentsWorld([ANN, BEN], options);
    world.give(ANN, 10_000n);
    world.give(BEN, 10_000n);
    return world;
  }

  test('is bounded by number, also within a batch, and frees a place with each that ends', async () => {
    const world = limited({ withdrawalsPendingMax: 3 });
    const outcomes = await world.submit([nth(1), nth(2), nth(3), nth(4)]);
    expect(outcomes.slice(0, 3).every((outcome) => outcome.type === 'order')).toBe(true);
    expect(outcomes[3]).toMatchObject(rejected('withdrawals_pending'));
    // Another user's are counted apart.
    expect(await world.one({ ...nth(5), userId: BEN })).toMatchObject({ order: { status: 'pending' } });
    await world.one({ kind: 'cancel_withdrawal', params: aboutNth(1), userId: ANN });
    expect(await world.one(nth(6))).toMatchObject({ order: { status: 'pending' } });
    expect(await world.one(nth(7))).toMatchObject(rejected('withdrawals_pending'));
    await world.one({ kind: 'send_withdrawal', params: aboutNth(2) });
    await world.one({ kind: 'settle_withdrawal', params: { ...aboutNth(2), approved: false } });
    expect(await world.one(nth(8))).toMatchObject({ order: { status: 'pending' } });
  });

  test('is bounded by amount, of each asset', async () => {
    const world = limited({ withdrawalsPendingAmountMax: '10' });
    world.give(ANN, 10_000n, { code: 'JPY', scale: 0 });
    expect(await world.one(nth(1, '6'))).toMatchObject({ order: { status: 'pending' } });
    expect(await world.one(nth(2, '4.01'))).toMatchObject(rejected('withdrawals_pending'));
    expect(await world.one(nth(3, '4'))).toMatchObject({ order: { status: 'pending' } });
    expect(await world.one(nth(4, '10', 'JPY'))).toMatchObject({ order: { status: 'pending' } });
    expect(world.cash(ANN).held).toBe(1_000n);
  });

  test('is at least the smallest withdrawal', async () => {
    const world = limited({ withdrawalMin: '5' });
    expect(await world.one(nth(1, '4.99'))).toMatchObject(rejected('withdrawal_too_small'));
    expect(await world.one(nth(2, '5'))).toMatchObject({ order: { status: 'pending' } });
  });
});

test('without a gateway no money comes in or goes out, and nothing is set aside', async () => {
  const world = paymentsWorld([ANN], { gateway: false });
  world.give(ANN, 10_000n);
  const deposit: Ask = { kind: 'deposit', params: { asset: 'USD', amount: '1' }, userId: ANN };
  expect(await world.one(deposit)).toMatchObject(rejected('gateway_missing'));
  expect(await world.one(withdraw('1'))).toMatchObject(rejected('gateway_missing'));
  expect(world.cash(ANN)).toEqual({ balance: 10_000n, held: 0n });
});
