import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { settableClock } from '../../src/core/clock.ts';
import { parseId, uuidv7 } from '../../src/core/ids.ts';
import type { Gateway, GatewayAnswer, Instruction } from '../../src/desks/gateway.ts';
import { cashOf } from '../../src/ledger/index.ts';
import { orderOf, startTestCore, type TestCore } from '../support/core.ts';
import { startTestEffects, type TestEffects } from '../support/effects.ts';
import { expectSound } from '../support/ledger.ts';

const DAY_MS = 86_400_000;
/** The breaker has tests of its own. */
const NO_PAUSE = { pauseMs: 0, pauseMsMax: 0 };

/** A bank that a test tells what to answer, and that remembers what it was asked. */
class TestBank implements Gateway {
  readonly asked: Instruction[] = [];
  readonly name = 'test';
  answer: (instruction: Instruction, signal: AbortSignal) => Promise<GatewayAnswer> = async () => ({ approved: true });

  async pay(instruction: Instruction, signal: AbortSignal): Promise<GatewayAnswer> {
    this.asked.push(instruction);
    return this.answer(instruction, signal);
  }

  timesAsked(order: string): number {
    return this.asked.filter(({ orderId }) => orderId === order).length;
  }
}

const clock = settableClock(Date.now());
const bank = new TestBank();
let core: TestCore;
let effects: TestEffects;
beforeAll(async () => {
  core = await startTestCore({ clock });
  effects = await startTestEffects(core, { gateway: bank, limits: NO_PAUSE });
});
afterAll(async () => {
  await expectSound(core.pool);
  await effects.stop();
  await core.stop();
});

const withdraw = (amount: string, id?: string) => ({
  kind: 'withdraw',
  params: { asset: 'USD', amount },
  ...(id === undefined ? {} : { id }),
});

/** An order as it is stored now. */
async function stored(order: string): Promise<{ status: string; reason: string | null; stage: unknown }> {
  const { rows } = await core.pool.query<{ status: string; reason: string | null; result: { stage?: string } }>(
    'select status, reason, result from orders where id = $1',
    [parseId('order', order)],
  );
  const { status, reason, result } = rows[0]!;
  return { status, reason, stage: result.stage };
}

async function cash(user: Caller): Promise<{ balance: number; held: number }> {
  const { rows } = await core.pool.query<{ balance: bigint; held: bigint }>(
    "select balance::bigint, held::bigint from accounts where owner_id = $1 and purpose = 'cash'",
    [user.userId],
  );
  return { balance: Number(rows[0]!.balance), held: Number(rows[0]!.held) };
}

async function jobsOf(order: string): Promise<number> {
  const { rows } = await core.pool.query('select 1 from graphile_worker.jobs where key = $1', [`withdraw/${order}`]);
  return rows.length;
}

/** What a follower of the order is shown. */
async function eventsOf(order: string): Promise<string[]> {
  const { rows } = await core.pool.query<{ type: string }>('select type from events where order_id = $1 order by seq', [
    parseId('order', order),
  ]);
  return rows.map(({ type }) => type);
}

const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 50_000, interval: 30 });

/** Places a withdrawal of 40.00 of 100.00 and waits for its end. */
async function settled(user: Caller, status: string): Promise<string> {
  const { id } = orderOf(await core.core.intake.submit(user, withdraw('40')));
  await eventually(async () => expect((await stored(id)).status).toBe(status));
  return id;
}

describe('a withdrawal', () => {
  test('goes to the bank and, approved, out of the books', async () => {
    bank.answer = async () => ({ approved: true });
    const user = await core.user({ money: '100.00' });
    const order = await settled(user, 'completed');
    expect(await cash(user)).toEqual({ balance: 6_000, held: 0 });
    expect(await eventsOf(order)).toEqual([
      'withdrawal_requested',
      'order_processed',
      'withdrawal_sent',
      'withdrawal_settled',
      'order_processed',
    ]);
    expect(bank.asked.find(({ orderId }) => orderId === order)).toMatchObject({
      userId: `usr_${user.userId}`,
      asset: 'USD',
      amount: '40.00',
      expiresAt: clock.now() + DAY_MS,
    });
    await eventually(async () => expect(await jobsOf(order)).toBe(0));
    const id = core.core.accountIds(cashOf(user.userId, 'USD'));
    const page = await core.core.reporting.accounts.statement(user, id, { limit: 1 });
    expect(page).toMatchObject({ value: { data: [{ reason: 'withdrawal', direction: 'debit', order_id: order }] } });
  });

  test('declined, gives the money back', async () => {
    bank.answer = async () => ({ approved: false, reason: 'no_such_account' });
    const user = await core.user({ money: '100.00' });
    const order = await settled(user, 'rejected');
    expect(await stored(order)).toEqual({ status: 'rejected', reason: 'declined_outside', stage: 'settled' });
    expect(await cash(user)).toEqual({ balance: 10_000, held: 0 });
  });

  test('is settled once although the bank is asked again after a failure', async () => {
    let failures = 2;
    bank.answer = async () => {
      failures -= 1;
      if (failures >= 0) throw new Error('the line is dead');
      return { approved: true };
    };
    const user = await core.user({ money: '100.00' });
    const { id } = orderOf(await core.core.intake.submit(user, withdraw('40')));
    await eventually(async () => {
      await effects.scheduler.runDue();
      expect((await stored(id)).status).toBe('completed');
    });
    expect(bank.timesAsked(id)).toBe(3);
    expect((await eventsOf(id)).filter((type) => type === 'withdrawal_settled')).toHaveLength(1);
  });

  test('waits for the bank’s word also after the deadline, and fails when it says expired: the money is back', async () => {
    bank.answer = () => Promise.reject(new Error('the line is dead'));
    const user = await core.user({ money: '100.00' });
    const { id } = orderOf(await core.core.intake.submit(user, withdraw('40')));
    await eventually(async () => expect(bank.timesAsked(id)).toBeGreaterThan(0));
    expect(await stored(id)).toEqual({ status: 'pending', reason: null, stage: 'sent' });
    clock.advance(DAY_MS);
    const asked = bank.timesAsked(id);
    await eventually(async () => {
      await effects.scheduler.runDue();
      const { rows } = await core.pool.query<{ attempts: number }>(
        'select attempts from graphile_worker.jobs where key = $1',
        [`withdraw/${id}`],
      );
      expect(rows[0]!.attempts).toBeGreaterThan(asked + 1);
    });
    expect((await stored(id)).status).toBe('pending');
    expect(await cash(user)).toEqual({ balance: 10_000, held: 4_000 });
    bank.answer = async () => ({ approved: false, expired: true });
    await eventually(async () => {
      await effects.scheduler.runDue();
      expect(await stored(id)).toEqual({ status: 'failed', reason: 'deadline_passed', stage: 'settled' });
    });
    expect(await cash(user)).toEqual({ balance: 10_000, held: 0 });
  });

  test('whose job gave up becomes final all the same', async () => {
    bank.answer = () => Promise.reject(new Error('the line is dead'));
    const user = await core.user({ money: '100.00' });
    const { id } = orderOf(await core.core.intake.submit(user, withdraw('40')));
    await eventually(async () => {
      const { rowCount } = await core.pool.query(
        `update graphile_worker._private_jobs set attempts = max_attempts where key = $1 and attempts > 0 and locked_at is null`,
        [`withdraw/${id}`],
      );
      expect(rowCount).toBe(1);
    });
    bank.answer = async () => ({ approved: true });
    const asked = bank.timesAsked(id);
    await effects.scheduler.runDue();
    const { signal } = new AbortController();
    const requeue = (): Promise<void> => effects.errands.requeue({}, { signal });
    // A young one is on its way by itself.
    await requeue();
    expect(bank.timesAsked(id)).toBe(asked);
    clock.advance(600_001);
    await requeue();
    await eventually(async () => expect((await stored(id)).status).toBe('completed'));
    await requeue();
    await eventually(async () => expect(await jobsOf(id)).toBe(0));
    expect(await cash(user)).toEqual({ balance: 6_000, held: 0 });
  });
});

describe('canceling a withdrawal', () => {
  const slowly = (): (() => void) => {
    let go: () => void;
    const held = new Promise<void>((resolve) => (go = resolve));
    bank.answer = async () => {
      await held;
      return { approved: true };
    };
    return () => go();
  };

  test('is too late once the bank may have it', async () => {
    const go = slowly();
    const user = await core.user({ money: '100.00' });
    const { id } = orderOf(await core.core.intake.submit(user, withdraw('40')));
    await eventually(async () => expect(bank.timesAsked(id)).toBe(1));
    const answer = await core.core.intake.cancel(user, parseId('order', id)!);
    expect(answer).toMatchObject({ ok: false, problem: { code: 'order_not_cancelable' } });
    go();
    await eventually(async () => expect((await stored(id)).status).toBe('completed'));
  });

  test('against the bank, many times at once: either it is canceled and never sent, or it goes', async () => {
    bank.answer = async () => ({ approved: true });
    const outcomes = new Set<string>();
    for (let round = 0; round < 10; round += 1) {
      const user = await core.user({ money: '100.00' });
      const id = `ord_${uuidv7()}`;
      orderOf(await core.core.intake.submit(user, withdraw('40', id)));
      // Later in each round, so that both sides win now and then.
      await new Promise((resolve) => setTimeout(resolve, round * 3));
      const answers = await Promise.all([1, 2, 3].map(() => core.core.intake.cancel(user, parseId('order', id)!)));
      const isBack = answers.filter((answer) => answer.ok).length;
      await eventually(async () => expect((await stored(id)).status).not.toBe('pending'));
      const { status } = await stored(id);
      outcomes.add(status);
      expect(isBack).toBe(status === 'canceled' ? 1 : 0);
      expect(await cash(user)).toEqual({ balance: status === 'canceled' ? 10_000 : 6_000, held: 0 });
      await eventually(async () => expect(await jobsOf(id)).toBe(0));
      expect(bank.timesAsked(id)).toBe(status === 'canceled' ? 0 : 1);
    }
    expect([...outcomes].every((status) => status === 'canceled' || status === 'completed')).toBe(true);
  });

  test('of another user is as if it did not exist', async () => {
    bank.answer = () => Promise.reject(new Error('the line is dead'));
    const [user, other] = [await core.user({ money: '100.00' }), await core.user({ money: '0' })];
    const { id } = orderOf(await core.core.intake.submit(user, withdraw('40')));
    expect(await core.core.intake.cancel(other, parseId('order', id)!)).toMatchObject({
      problem: { code: 'not_found' },
    });
    expect(await core.core.intake.cancel(other, uuidv7())).toMatchObject({ problem: { code: 'not_found' } });
    bank.answer = async () => ({ approved: true });
    await eventually(async () => {
      await effects.scheduler.runDue();
      expect((await stored(id)).status).toBe('completed');
    });
  });
});

describe('a crash', () => {
  test('after the bank’s answer and before it is booked: the bank is asked again and everything acts once', async () => {
    const user = await core.user({ money: '100.00' });
    const { intake } = core.core;
    let crashes = 1;
    // The process that asks dies with the answer: what it would have submitted never arrives.
    bank.answer = async () => {
      if (crashes > 0) {
        crashes -= 1;
        throw new Error('killed');
      }
      return { approved: true };
    };
    const { id } = orderOf(await intake.submit(user, withdraw('40')));
    await eventually(async () => {
      await effects.scheduler.runDue();
      expect((await stored(id)).status).toBe('completed');
    });
    // Each step once more, as a job that was done but not marked as done would.
    const about = { order_id: id };
    const again = [
      await intake.submitInternal('send_withdrawal', `withdrawal/${id}/send`, about),
      await intake.submitInternal('settle_withdrawal', `withdrawal/${id}/settle`, { ...about, approved: false }),
    ];
    expect(again).toMatchObject([
      { ok: true, replayed: true },
      { ok: true, replayed: true, order: { result: { status: 'completed' } } },
    ]);
    expect(await cash(user)).toEqual({ balance: 6_000, held: 0 });
    expect(await eventsOf(id)).toHaveLength(5);
  });
});
