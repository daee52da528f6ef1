import fc from 'fast-check';
import { expect, test } from 'vitest';
import { uuidOfName } from '../../src/core/ids.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { createPaymentsDesk } from '../../src/desks/payments/index.ts';
import { merchants } from '../../src/desks/payments/rows.ts';
import { type Ask, createWorld, type DeskWorld, USD } from '../support/desk-world.ts';

const USERS = ['ann', 'ben', 'cat'].map(uuidOfName);
const WITHDRAWALS = 6;
const SHOP = { handle: 'shop', name: 'Shop', ownerId: null, createdAt: 0, disabledAt: null, ownerReceives: false };

/** One thing that a user asks for, in whole cents. `w` names a withdrawal, which may not exist (yet). */
type Step =
  | { do: 'deposit' | 'bonus'; user: number; cents: number }
  | { do: 'withdraw'; user: number; cents: number; w: number }
  | { do: 'transfer'; user: number; to: number; cents: number }
  | { do: 'pay'; user: number; to: number | 'shop'; cents: number; quantity: number }
  | { do: 'cancel'; user: number; w: number }
  | { do: 'send'; w: number }
  | { do: 'settle'; w: number; approved: boolean }
  /** The same command once more, however long ago it was. */
  | { do: 'repeat'; which: number };

/** Something to begin with; without it nearly every order says that there is too little. */
const FUNDS: Step[] = USERS.map((_, index) => ({ do: 'deposit', user: index, cents: 1_500 }));

const user = fc.nat(USERS.length - 1);
const w = fc.nat(WITHDRAWALS - 1);
const cents = fc.integer({ min: 1, max: 900 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('deposit' as const, 'bonus' as const), user, cents }),
  { weight: 3, arbitrary: fc.record({ do: fc.constant('withdraw' as const), user, cents, w }) },
  fc.record({ do: fc.constant('transfer' as const), user, to: user, cents }),
  fc.record({
    do: fc.constant('pay' as const),
    user,
    to: fc.oneof(user, fc.constant('shop' as const)),
    cents,
    quantity: fc.integer({ min: 1, max: 3 }),
  }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), user, w }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('send' as const), w }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('settle' as const), w, approved: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat' as const), which: fc.nat(100) }) },
);

interface Movement {
  from: string;
  to: string;
  cents: number;
}

/**
 * The payments desk by the book, as slow as it gets: there is nothing but the list of all movements and the withdrawals'
 * states, and every question is answered by adding everything up. Shares no code with the desk.
 */
class Model {
  readonly movements: Movement[] = [];
  readonly withdrawals = new Map<number, { user: number; cents: number; state: string }>();
  /** Who asked for the withdrawals that were rejected at once: they are orders too. */
  private readonly refused = new Map<number, number>();
  private readonly answers = new Map<string, string>();
  deadLetters = 0;

  balance(who: string): number {
    return this.movements.reduce((sum, m) => sum + (m.to === who ? m.cents : 0) - (m.from === who ? m.cents : 0), 0);
  }

  held(who: number): number {
    const waiting = [...this.withdrawals.values()].filter((it) => it.user === who && /requested|sent/.test(it.state));
    return waiting.reduce((sum, it) => sum + it.cents, 0);
  }

  /** What the command with this id is answered: an order's status and reason, or an error's code. */
  answer(id: string, it: Step): string {
    const before = this.answers.get(id);
    if (before !== undefined) return before;
    const now = this.decide(it);
    // An error leaves no order behind, so that the same command is decided again.
    if (!now.startsWith('!')) this.answers.set(id, now);
    return now;
  }

  private decide(it: Step): string {
    switch (it.do) {
      case 'deposit':
        return this.move('outside', `u${it.user}`, it.cents);
      case 'bonus':
        return this.move('promotions', `u${it.user}`, it.cents);
      case 'transfer':
      case 'pay': {
        if (it.to === it.user) return 'rejected same_account';
        const total = it.cents * (it.do === 'pay' ? it.quantity : 1);
        if (this.spendable(it.user) < total) return 'rejected insufficient_funds';
        return this.move(`u${it.user}`, it.to === 'shop' ? 'shop' : `u${it.to}`, total);
      }
      case 'withdraw':
        if (this.spendable(it.user) < it.cents) {
          this.refused.set(it.w, it.user);
          return 'rejected insufficient_funds';
        }
        this.withdrawals.set(it.w, { user: it.user, cents: it.cents, state: 'requested' });
        return 'pending';
      case 'cancel':
      case 'send':
      case 'settle':
        return this.followUp(it);
      default:
        throw new Error(it.do);
    }
  }

  private followUp(it: Extract<Step, { do: 'cancel' | 'send' | 'settle' }>): string {
    const target = this.withdrawals.get(it.w);
    if (it.do === 'cancel') {
      // An order that was rejected exists all the same, so that its owner hears another no than a stranger.
      const owner = target?.user ?? this.refused.get(it.w);
      if (owner !== it.user) return '!not_found';
      if (target?.state !== 'requested') return '!order_not_cancelable';
      return this.finish(it.w, target, 'canceled', 'canceled canceled_by_user');
    }
    if (!target) {
      if (this.refused.get(it.w) !== undefined) return 'rejected order_final';
      // The system should never ask about an order that is not there: an operator is told.
      this.deadLetters += 1;
      return 'failed internal_error';
    }
    if (!/requested|sent/.test(target.state)) return 'rejected order_final';
    if (it.do === 'send') {
      target.state = 'sent';
      return 'completed';
    }
    if (!it.approved) return this.finish(it.w, target, 'declined', 'rejected declined_outside');
    this.move(`u${target.user}`, 'outside', target.cents);
    return this.finish(it.w, target, 'paid', 'completed');
  }

  private finish(of: number, target: { state: string }, state: string, answer: string): string {
    target.state = state;
    this.answers.set(withdrawalId(of), answer);
    return 'completed';
  }

  private spendable(who: number): number {
    return this.balance(`u${who}`) - this.held(who);
  }

  private move(from: string, to: string, amount: number): string {
    this.movements.push({ from, to, cents: amount });
    return 'completed';
  }
}

function withdrawalId(number: number): string {
  return uuidOfName(`withdrawal ${number}`);
}

function askOf(it: Exclude<Step, { do: 'repeat' }>): Omit<Ask, 'id'> {
  const amount = 'cents' in it ? `${Math.floor(it.cents / 100)}.${String(it.cents % 100).padStart(2, '0')}` : '';
  const userId = 'user' in it ? (USERS[it.user] as string) : null;
  const about: JsonObject = 'w' in it ? { order_id: `ord_${withdrawalId(it.w)}` } : {};
  switch (it.do) {
    case 'deposit':
    case 'withdraw':
      return { kind: it.do, params: { asset: 'USD', amount }, userId };
    case 'bonus':
      return { kind: 'grant_bonus', params: { user_id: `usr_${userId}`, asset: 'USD', amount } };
    case 'transfer':
      return { kind: 'transfer', params: { to_user: `usr_${USERS[it.to]}`, asset: 'USD', amount }, userId };
    case 'pay': {
      const merchant = it.to === 'shop' ? 'Shop' : `usr_${USERS[it.to]}`;
      return { kind: 'pay', params: { merchant, item: 'thing', quantity: it.quantity, price: amount }, userId };
    }
    case 'cancel':
      return { kind: 'cancel_withdrawal', params: about, userId };
    case 'send':
      return { kind: 'send_withdrawal', params: about };
    case 'settle':
      return { kind: 'settle_withdrawal', params: { ...about, approved: it.approved } };
    default:
      throw new Error(`no command for ${(it satisfies never as Step).do}`);
  }
}

/** Gives each step its command: repetitions get an earlier one whole, a withdrawal's number is used once. */
function commandsOf(steps: readonly Step[]): { id: string; it: Exclude<Step, { do: 'repeat' }> }[] {
  const commands: { id: string; it: Exclude<Step, { do: 'repeat' }> }[] = [];
  const taken = new Set<number>();
  steps.forEach((it, index) => {
    if (it.do === 'repeat') {
      const earlier = commands[it.which % Math.max(commands.length, 1)];
      if (earlier) commands.push(earlier);
    } else if (it.do !== 'withdraw') {
      commands.push({ id: uuidOfName(`step ${index}`), it });
    } else if (!taken.has(it.w)) {
      taken.add(it.w);
      commands.push({ id: withdrawalId(it.w), it });
    }
  });
  return commands;
}

test('any orders, answers and repetitions in any order and any batches leave what the slow model has', async () => {
  const seen = { pending: 0, captured: 0, released: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60, size: 'max' }),
      fc.integer({ min: 1, max: 25 }),
      async (steps, batchSize) => {
        const world = createWorld(createPaymentsDesk({ currency: USD }), { users: USERS });
        world.put(merchants, SHOP);
        const model = new Model();
        const commands = commandsOf([...FUNDS, ...steps]);
        for (let start = 0; start < commands.length; start += batchSize) {
          const batch = commands.slice(start, start + batchSize);
          const outcomes = await world.submit(batch.map(({ id, it }) => ({ id, ...askOf(it) })));
          const answers = batch.map(({ id, it }) => model.answer(id, it));
          outcomes.forEach((outcome, index) => {
            const { id, it } = batch[index]!;
            const answer = answers[index]!;
            // An order that changes later in the same batch is answered as it is at the batch's end.
            const final = answer.startsWith('!') ? answer : model.answer(id, it);
            const actual =
              outcome.type === 'problem'
                ? `!${outcome.problem.code}`
                : [outcome.order.status, outcome.order.reason].filter(Boolean).join(' ');
            expect(actual).toBe(final);
          });
          compare(world, model);
        }
        for (const { state } of model.withdrawals.values()) {
          if (state === 'paid') seen.captured += 1;
          else if (/requested|sent/.test(state)) seen.pending += 1;
          else seen.released += 1;
        }
      },
    ),
    { numRuns: 300 },
  );
  // The run went everywhere that it was meant to.
  expect(Math.min(seen.pending, seen.captured, seen.released)).toBeGreaterThan(50);
});

function compare(world: DeskWorld, model: Model): void {
  expect(world.deadLetters).toHaveLength(model.deadLetters);
  USERS.forEach((id, index) => {
    expect(world.cash(id)).toEqual({ balance: BigInt(model.balance(`u${index}`)), held: BigInt(model.held(index)) });
  });
  let sum = 0n;
  for (const { key, balance, held } of world.accounts.values()) {
    sum += balance;
    if (key.purpose === 'outside') expect(balance).toBe(BigInt(model.balance('outside')));
    else if (key.purpose === 'promotions') expect(balance).toBe(BigInt(model.balance('promotions')));
    else if (key.purpose === 'merchant') expect(balance).toBe(BigInt(model.balance('shop')));
    else expect(balance >= held && held >= 0n).toBe(true);
  }
  expect(sum).toBe(0n);
  for (const [number, { state, cents }] of model.withdrawals) {
    const order = world.orders.get(withdrawalId(number))!;
    const hold = [...world.holds.values()].find(({ orderId }) => orderId === order.id)!;
    const isFinal = !/requested|sent/.test(state);
    const captured = state === 'paid' ? BigInt(cents) : 0n;
    expect(hold).toMatchObject({ captured, released: isFinal ? BigInt(cents) - captured : 0n });
    const events = world.events.filter(
      ({ type, subject }) => type === 'withdrawal_settled' && subject === `ord_${order.id}`,
    );
    expect(events).toHaveLength(state === 'paid' || state === 'declined' ? 1 : 0);
  }
}
