import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { settableClock } from '../../src/core/clock.ts';
import { parseId } from '../../src/core/ids.ts';
import type { Errand, ErrandOrder, InternalCommand } from '../../src/desks/errand.ts';
import type { GatewayAnswer } from '../../src/desks/gateway.ts';
import type { StoredEvent } from '../../src/events/event.ts';
import { orderOf, startTestCore, type TestCore } from '../support/core.ts';
import { startTestEffects, type TestEffects, type TestEffectsOptions } from '../support/effects.ts';
import { expectSound } from '../support/ledger.ts';

const HOUR_MS = 3_600_000;
const clock = settableClock(Date.now());
let core: TestCore;
let running: TestEffects[];
beforeEach(async () => {
  running = [];
  core = await startTestCore({ clock, flags: ['--withdrawals-pending-max', '5000'] });
});
afterEach(async () => {
  await Promise.all(running.map((effects) => effects.stop()));
  await expectSound(core.pool);
  await core.stop();
});

async function start(options: TestEffectsOptions): Promise<TestEffects> {
  const effects = await startTestEffects(core, options);
  running.push(effects);
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

async function jobs(): Promise<{ key: string; attempts: number }[]> {
  const { rows } = await core.pool.query(
    "select key, attempts from graphile_worker.jobs where task_identifier = 'errand' order by priority, run_at, id",
  );
  return rows;
}

interface Payout extends Record<string, string> {
  amount: string;
}

/** Withdrawals, each to a bank by its amount. */
function byAmount(
  perform: (order: ErrandOrder<Payout>, signal: AbortSignal) => Promise<void>,
  limits: Partial<Errand['limits']> = {},
): Errand<Payout> {
  const dataOf = (from: { amount?: unknown }): Payout => ({ amount: from.amount as string });
  const about = ({ orderId }: ErrandOrder<Payout>, step: string, more = {}) => ({
    name: `withdrawal/${orderId}/${step}`,
    params: { order_id: orderId, ...more },
  });
  return {
    name: 'withdraw',
    does: 'hands withdrawals to banks',
    startedBy: ['withdrawal_requested'],
    dataOf: ({ data }) => dataOf(data),
    pending: { kind: 'withdraw', dataOf: ({ result }) => dataOf(result) },
    limits: {
      deadlineMs: HOUR_MS,
      // A call that a test holds up is never given up.
      callMs: HOUR_MS,
      callsAtOnce: 4,
      failuresMax: 3,
      pauseMs: HOUR_MS,
      pauseMsMax: HOUR_MS,
      ...limits,
    },
    destinationOf: ({ amount }) => amount,
    before: (order): InternalCommand => ({ kind: 'send_withdrawal', ...about(order, 'send') }),
    async perform(order, signal) {
      await perform(order, signal);
      return { kind: 'settle_withdrawal', ...about(order, 'settle', { approved: true }) };
    },
  };
}

test('a bank that hangs holds up no other: its breaker opens for it alone, and its orders wait without being tried', async () => {
  const asked: string[] = [];
  const errand = byAmount(
    ({ data: { amount } }, signal) => {
      asked.push(amount);
      // It never answers; the call is given up after its time.
      return amount === '1.00'
        ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('gave up'))))
        : Promise.resolve();
    },
    { callMs: 50 },
  );
  const [slow, quick] = [await core.user({ money: '1000.00' }), await core.user({ money: '1000.00' })];
  for (let i = 0; i < 30; i += 1) await withdraw(slow, '1.00');
  const effects = await start({ errands: [errand] });
  await eventually(() => expect(effects.errands.lanes.full()).toEqual(['withdraw/1.00']));
  const paid: string[] = [];
  for (let i = 0; i < 30; i += 1) paid.push(await withdraw(quick, '2.00'));
  await eventually(async () => {
    for (const order of paid) expect(await statusOf(order)).toBe('completed');
  });
  // Up to four at once, one after the first failure, three failures: no other was tried, also by a run that tries all again, and a
  // look for jobs behind it.
  await effects.scheduler.runDue();
  const last = await withdraw(quick, '3.00');
  await eventually(async () => expect(await statusOf(last)).toBe('completed'));
  const tried = (await jobs()).filter(({ attempts }) => attempts > 0);
  expect(asked.filter((amount) => amount === '1.00').length).toBeLessThanOrEqual(6);
  expect(tried.length).toBeLessThanOrEqual(6);
  await eventually(async () => expect(await jobs()).toHaveLength(30));
  expect(asked.filter((amount) => amount === '2.00')).toHaveLength(30);
});

test('a destination has as many calls at once as it may, and no more, whatever waits', async () => {
  let busy = 0;
  let most = 0;
  let go: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (go = resolve));
  const errand = byAmount(async () => {
    busy += 1;
    most = Math.max(most, busy);
    await held;
    busy -= 1;
  });
  const user = await core.user({ money: '1000.00' });
  const orders: string[] = [];
  for (let i = 0; i < 40; i += 1) orders.push(await withdraw(user, '1.00'));
  await start({ errands: [errand] });
  await eventually(() => expect(busy).toBe(4));
  // Each of twelve workers has looked since: a job without a lane is done at once.
  const other = await withdraw(user, '2.00');
  await eventually(() => expect(busy).toBe(5));
  go();
  await eventually(async () => {
    for (const order of [...orders, other]) expect(await statusOf(order)).toBe('completed');
  });
  expect(most).toBe(5);
});

test('one user’s 3,000 errands do not delay another’s: theirs is among the next calls', {
  timeout: 240_000,
}, async () => {
  const asked: (string | null)[] = [];
  let go: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (go = resolve));
  const errand = byAmount(async ({ userId }) => {
    asked.push(userId);
    await held;
  });
  const [flooding, other] = [await core.user({ money: '10000.00' }), await core.user({ money: '10.00' })];
  for (let i = 0; i < 6; i += 1) await Promise.all(Array.from({ length: 500 }, () => withdraw(flooding, '1.00')));
  await withdraw(other, '1.00');
  await start({ errands: [errand] });
  await eventually(async () => expect((await jobs()).length).toBe(3_001));
  expect(asked).toEqual(Array.from({ length: 4 }, () => `usr_${flooding.userId}`));
  go();
  await eventually(() => expect(asked).toContain(`usr_${other.userId}`));
  // Those under way, and those that were taken in the same moment.
  expect(asked.indexOf(`usr_${other.userId}`)).toBeLessThan(8);
});

test('an answer that is none is a dead letter: not asked again until an operator retries it, also by what finds forgotten orders', async () => {
  let answer: unknown = { approved: 'perhaps' };
  let asked = 0;
  const gateway = {
    name: 'odd',
    async pay() {
      asked += 1;
      return answer as GatewayAnswer;
    },
  };
  const effects = await start({ gateway });
  const user = await core.user({ money: '100.00' });
  const order = await withdraw(user, '40.00');
  const operator = await core.user({ role: 'operator', money: '0' });
  const letters = async () => {
    const page = await core.core.reporting.deadLetters.list(operator, { limit: 10 });
    return page.ok ? page.value.data : [];
  };
  const told: StoredEvent[] = [];
  core.core.relay.subscribe((_, events) => told.push(...events.filter(({ type }) => type === 'dead_letter_added')));
  await eventually(async () => expect(await letters()).toHaveLength(1));
  const error = 'the gateway has answered what is neither yes nor no: {"approved":"perhaps"}';
  const open = {
    order_id: order,
    kind: 'withdraw',
    error,
    user_id: `usr_${user.userId}`,
    params: { asset: 'USD', amount: '40.00' },
    retried_at: null,
  };
  expect(await letters()).toMatchObject([open]);
  // Operators who watch are told once: it is among the order's events, and nobody else's.
  const news = {
    subject: order,
    userId: null,
    orderId: parseId('order', order),
    data: { order_id: order, kind: 'withdraw' },
  };
  await eventually(() => expect(told).toMatchObject([news]));
  expect(told[0]?.data['dead_letter_id']).toBe((await letters())[0]?.id);
  await eventually(async () => expect(await jobs()).toEqual([]));
  clock.advance(HOUR_MS);
  await effects.errands.requeue({}, { signal: new AbortController().signal });
  expect(await jobs()).toEqual([]);

  const retry = async () =>
    core.core.intake.retryDeadLetter(operator, parseId('deadLetter', (await letters())[0]!.id) as string);
  // Still no answer: the same letter, open again.
  expect(await retry()).toMatchObject({ ok: true, order: { id: order, status: 'pending' } });
  await eventually(() => expect(asked).toBe(2));
  await eventually(async () => expect(await letters()).toMatchObject([open]));
  await eventually(() => expect(told).toMatchObject([news, news]));
  await eventually(async () => expect(await jobs()).toEqual([]));
  answer = { approved: true };
  await retry();
  await eventually(async () => expect(await statusOf(order)).toBe('completed'));
  expect(await letters()).toMatchObject([{ error, outcome: { status: 'completed' } }]);
  expect(await retry()).toMatchObject({ problem: { code: 'dead_letter_closed' } });
  expect(await core.core.intake.retryDeadLetter(user, order)).toMatchObject({ problem: { code: 'forbidden' } });
});

test('an order that a report has ended is not asked about any more, by a bank that never answers', async () => {
  let asked = 0;
  const gateway = {
    name: 'silent',
    async pay(): Promise<GatewayAnswer> {
      asked += 1;
      throw new Error('the line is dead');
    },
  };
  const effects = await start({ gateway, limits: { pauseMs: 0, pauseMsMax: 0 } });
  const order = await withdraw(await core.user({ money: '100.00' }), '40.00');
  await eventually(() => expect(asked).toBeGreaterThan(0));
  const params = { order_id: order, approved: true };
  await core.core.intake.submitInternal('settle_withdrawal', `withdrawal/${order}/settle`, params);
  const before = asked;
  await eventually(async () => {
    await effects.scheduler.runDue();
    expect(await jobs()).toEqual([]);
  });
  // One call may have been under way.
  expect(asked).toBeLessThanOrEqual(before + 1);
  expect(await statusOf(order)).toBe('completed');
});
