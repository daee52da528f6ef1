import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatId } from '../../src/core/ids.ts';
import type { Caller } from '../../src/intake/intake.ts';
import { orderOf, startTestCore, type TestCore } from '../support/core.ts';
import { expectSound } from '../support/ledger.ts';

let core: TestCore;
let sender: Caller;
beforeAll(async () => {
  core = await startTestCore();
  sender = await core.user();
});
afterAll(async () => {
  await expectSound(core.pool, core.core.desks);
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

async function balanceOf({ userId }: Caller): Promise<bigint> {
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
