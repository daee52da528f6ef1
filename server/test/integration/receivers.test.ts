import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { formatId } from '../../src/core/ids.ts';
import { ownerOfMerchant } from '../../src/desks/payments/names.ts';
import { orderOf, startTestCore, type TestCore } from '../support/core.ts';
import { expectSound, registerMerchant } from '../support/ledger.ts';

let core: TestCore;
let sender: Caller;
beforeAll(async () => {
  core = await startTestCore();
  sender = await core.user();
});
afterAll(async () => {
  await expectSound(core.pool);
  await core.stop();
});

/** What becomes of a transfer and of a payment to a user. */
async function send({ userId }: Caller): Promise<unknown[]> {
  const user = formatId('user', userId);
  const orders = [
    { kind: 'transfer', params: { to_user: user, asset: 'USD', amount: '5.00' } },
    { kind: 'pay', params: { merchant: user, item: 'Tea', quantity: 1, price: '5.00' } },
  ];
  const answers = await Promise.all(orders.map((order) => core.core.intake.submit(sender, order)));
  return answers.map(orderOf).map(({ status, reason }) => [status, reason]);
}

async function balanceOf({ userId }: Pick<Caller, 'userId'>): Promise<bigint> {
  const { rows } = await core.pool.query<{ sum: string | null }>(
    'select sum(balance)::text as sum from accounts where owner_id = $1',
    [userId],
  );
  return BigInt(rows[0]?.sum ?? '0');
}

const UNAVAILABLE = ['rejected', 'receiver_unavailable'];

describe('money goes to those who can use it', () => {
  test('a user who is enabled receives', async () => {
    const receiver = await core.user({ money: '0' });
    expect(await send(receiver)).toEqual([
      ['completed', null],
      ['completed', null],
    ]);
    expect(await balanceOf(receiver)).toBe(1_000n);
  });

  test('a disabled user receives nothing until enabled again', async () => {
    const receiver = await core.user({ money: '0' });
    await core.pool.query('update users set disabled_at = now() where id = $1', [receiver.userId]);
    expect(await send(receiver)).toEqual([UNAVAILABLE, UNAVAILABLE]);
    expect(await balanceOf(receiver)).toBe(0n);
    await core.pool.query('update users set disabled_at = null where id = $1', [receiver.userId]);
    expect(await send(receiver)).toEqual([
      ['completed', null],
      ['completed', null],
    ]);
  });

  test('a service receives nothing', async () => {
    const service = await core.user({ role: 'service', money: '0' });
    expect(await send(service)).toEqual([UNAVAILABLE, UNAVAILABLE]);
    expect(await balanceOf(service)).toBe(0n);
  });

  test('a preview says the same', async () => {
    const service = await core.user({ role: 'service', money: '0' });
    const params = { to_user: formatId('user', service.userId), asset: 'USD', amount: '5.00' };
    expect(await core.core.intake.preview(sender, { kind: 'transfer', params })).toMatchObject({
      ok: true,
      value: { status: 'rejected', reason: 'receiver_unavailable', postings: [] },
    });
  });
});

describe('merchants', () => {
  const pay = async (merchant: string): Promise<unknown[]> => {
    const params = { merchant, item: 'Tea', quantity: 1, price: '5.00' };
    const { status, reason } = orderOf(await core.core.intake.submit(sender, { kind: 'pay', params }));
    return [status, reason];
  };
  const ownBalance = async (handle: string): Promise<bigint> => balanceOf({ userId: ownerOfMerchant(handle) });

  test('money to a handle that nobody registered stays where it is', async () => {
    expect(await pay('nobody-is-this')).toEqual(['rejected', 'merchant_unknown']);
    expect(await ownBalance('nobody-is-this')).toBe(0n);
  });

  test('a registered merchant is paid under any letter case, a disabled one is not', async () => {
    expect(await registerMerchant(core, { handle: 'tea-house', name: 'Tea house' })).toMatchObject({ ok: true });
    expect(await pay('Tea-House')).toEqual(['completed', null]);
    expect(await ownBalance('tea-house')).toBe(500n);
    await core.core.ask('updateMerchant', sender, { params: { handle: 'tea-house' }, body: { disabled: true } });
    expect(await pay('tea-house')).toEqual(['rejected', 'merchant_disabled']);
    await core.core.ask('updateMerchant', sender, { params: { handle: 'tea-house' }, body: { disabled: false } });
    expect(await pay('tea-house')).toEqual(['completed', null]);
    expect(await ownBalance('tea-house')).toBe(1_000n);
  });

  test('a merchant’s owner receives, and only while the owner can', async () => {
    const owner = await core.user({ money: '0' });
    const registered = { handle: 'owned', name: 'Owned', owner: formatId('user', owner.userId) };
    expect(await registerMerchant(core, registered)).toMatchObject({ ok: true });
    expect(await pay('owned')).toEqual(['completed', null]);
    expect([await balanceOf(owner), await ownBalance('owned')]).toEqual([500n, 0n]);
    await core.pool.query('update users set disabled_at = now() where id = $1', [owner.userId]);
    expect(await pay('owned')).toEqual(UNAVAILABLE);
    expect(await balanceOf(owner)).toBe(500n);
  });

  test('a merchant whose owner cannot receive is not registered, nor one under a handle that is taken', async () => {
    const service = await core.user({ role: 'service', money: '0' });
    const input = { handle: 'dead-end', name: 'Dead end', owner: formatId('user', service.userId) };
    expect(await registerMerchant(core, input)).toMatchObject({
      ok: false,
      problem: { code: 'invalid_request', errors: [{ pointer: '/owner' }] },
    });
    await registerMerchant(core, { handle: 'first', name: 'First' });
    expect(await registerMerchant(core, { handle: 'first', name: 'Second' })).toMatchObject({
      ok: false,
      problem: { code: 'merchant_exists' },
    });
  });
});
