import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { settableClock } from '../../src/core/clock.ts';
import { parseId } from '../../src/core/ids.ts';
import { type GatewayAnswer, REPORTED_GATEWAY } from '../../src/desks/gateway.ts';
import { orderOf, startTestCore, type TestCore } from '../support/core.ts';
import { startTestEffects, type TestEffects, type TestEffectsOptions } from '../support/effects.ts';
import { expectSound } from '../support/ledger.ts';

const HOUR_MS = 3_600_000;
const clock = settableClock(Date.now());
let core: TestCore;
let effects: TestEffects | undefined;
beforeEach(async () => {
  core = await startTestCore({ clock });
});
afterEach(async () => {
  await effects?.stop();
  effects = undefined;
  await expectSound(core.pool);
  await core.stop();
});

/** One process after the other. */
async function start(options: TestEffectsOptions): Promise<TestEffects> {
  await effects?.stop();
  effects = await startTestEffects(core, options);
  return effects;
}

const eventually = (check: () => Promise<void> | void) => vi.waitFor(check, { timeout: 50_000, interval: 30 });

async function withdraw(user: Caller, amount: string): Promise<string> {
  return orderOf(await core.core.intake.submit(user, { kind: 'withdraw', params: { asset: 'USD', amount } })).id;
}

async function statusOf(order: string): Promise<string> {
  const { rows } = await core.pool.query('select status from orders where id = $1', [parseId('order', order)]);
  return rows[0].status;
}

async function jobs(): Promise<unknown[]> {
  const { rows } = await core.pool.query("select 1 from graphile_worker.jobs where task_identifier = 'errand'");
  return rows;
}

test('what the gateway may have is never paid by another one: a dead letter waits for the report, or for that gateway', async () => {
  const user = await core.user({ money: '100.00' });
  await start({ gateway: REPORTED_GATEWAY });
  const sent = await withdraw(user, '40.00');
  const isSent = async (order: string) => {
    const { rows } = await core.pool.query("select result ->> 'stage' as stage from orders where id = $1", [
      parseId('order', order),
    ]);
    expect(rows).toEqual([{ stage: 'sent' }]);
    expect(await jobs()).toEqual([]);
  };
  await eventually(() => isSent(sent));
  const playMoney = await start({});
  // What nobody was given yet is the new gateway's.
  const later = await withdraw(user, '10.00');
  await eventually(async () => expect(await statusOf(later)).toBe('completed'));
  clock.advance(HOUR_MS);
  await playMoney.errands.requeue({}, { signal: new AbortController().signal });
  const letters = async () =>
    (await core.pool.query("select id, error, retried_at is null as open from dead_letters where kind = 'withdraw'"))
      .rows;
  const error = 'the gateway reported may have paid it, so that simulated must not: only a report can end it now';
  await eventually(async () => expect(await letters()).toMatchObject([{ error, open: true }]));
  expect(await statusOf(sent)).toBe('pending');
  await eventually(async () => expect(await jobs()).toEqual([]));

  // With the gateway of before it waits as it did.
  await start({ gateway: REPORTED_GATEWAY });
  const operator = await core.user({ role: 'operator', money: '0' });
  await core.core.intake.retryDeadLetter(operator, (await letters())[0].id);
  await eventually(() => isSent(sent));
  expect(await letters()).toMatchObject([{ open: false }]);
  const params = { order_id: sent, approved: false };
  await core.core.intake.submitInternal('settle_withdrawal', `withdrawal/${sent}/settle`, params);
  expect(await statusOf(sent)).toBe('rejected');
});

test('a bank’s answer that contradicts the books can only be closed: nothing is asked again, and the letter says so', async () => {
  let asked = 0;
  let order = '';
  const gateway = {
    name: 'late',
    async pay(): Promise<GatewayAnswer> {
      asked += 1;
      const params = { order_id: order, approved: false };
      await core.core.intake.submitInternal('settle_withdrawal', `withdrawal/${order}/settle`, params);
      return { approved: true };
    },
  };
  order = await withdraw(await core.user({ money: '100.00' }), '40.00');
  await start({ gateway });
  const operator = await core.user({ role: 'operator', money: '0' });
  const letter = async () => {
    const page = await core.core.reporting.deadLetters.list(operator, { limit: 10 });
    if (!page.ok) throw new Error(page.problem.detail);
    return page.value.data;
  };
  const error = 'the gateway says that it has paid, and the order is rejected';
  await eventually(async () => expect(await letter()).toMatchObject([{ error, contradiction: true, outcome: null }]));
  await eventually(async () => expect(await jobs()).toEqual([]));
  const id = parseId('deadLetter', (await letter())[0]!.id) as string;
  expect(await core.core.intake.retryDeadLetter(operator, id)).toMatchObject({ ok: true, order: { id: order } });
  expect(await jobs()).toEqual([]);
  expect(await letter()).toMatchObject([{ retried_at: expect.any(String), outcome: { status: 'unchanged' } }]);
  expect(asked).toBe(1);
});
