import type pg from 'pg';
import pino from 'pino';
import { expect, test } from 'vitest';
import { settableClock } from '../core/clock.ts';
import type { JsonObject } from '../core/json.ts';
import { problem } from '../core/result.ts';
import type { Answer, Intake } from '../intake/intake.ts';
import type { Gateway } from './gateway.ts';
import { createWithdrawals, type WithdrawalsOptions } from './withdrawals.ts';

const HOUR_MS = 3_600_000;
const REQUESTED = Date.parse('2026-11-21T10:00:00Z');
const job = {
  order_id: 'ord_1',
  user_id: 'usr_1',
  asset: 'USD',
  amount: '5.00',
  requested_at: '2026-11-21T10:00:00Z',
};

const done = (result: JsonObject = {}, status = 'completed'): Answer =>
  ({ ok: true, replayed: false, order: { id: 'ord_2', kind: 'any', status, result } }) as unknown as Answer;

interface Decided {
  send?: Answer;
  settle?: (approved: unknown) => Answer;
}

function setUp(pay: Gateway['pay'], decided: Decided = {}, options: Partial<WithdrawalsOptions> = {}) {
  const commands: { kind: string; params: JsonObject }[] = [];
  const logged: string[] = [];
  const { send = done(), settle = (approved) => done({ status: approved === true ? 'completed' : 'rejected' }) } =
    decided;
  const intake: Pick<Intake, 'submitInternal'> = {
    async submitInternal(kind, _name, params) {
      commands.push({ kind, params });
      return kind === 'send_withdrawal' ? send : settle(params['approved']);
    },
  };
  const clock = settableClock(REQUESTED);
  const log = pino(
    { level: 'error' },
    { write: (line) => void logged.push((JSON.parse(line) as { msg: string }).msg) },
  );
  const pool = {} as pg.Pool;
  const { job: made } = createWithdrawals({
    intake,
    gateway: { name: 'test', pay },
    clock,
    log,
    pool,
    shards: [],
    ...options,
  });
  const run = (signal = new AbortController().signal) => made.task(job, { signal });
  return { run, commands, clock, logged };
}

const kinds = (commands: readonly { kind: string }[]): string[] => commands.map(({ kind }) => kind);

test('tells the order that it goes before the bank hears of it, and the answer after', async () => {
  const order: string[] = [];
  const { run, commands } = setUp(async ({ orderId }) => {
    order.push(orderId, ...kinds(commands));
    return { approved: true };
  });
  await run();
  expect(order).toEqual(['ord_1', 'send_withdrawal']);
  expect(commands[1]).toEqual({ kind: 'settle_withdrawal', params: { order_id: 'ord_1', approved: true } });
});

test('does not ask the bank for an order that was called back', async () => {
  const { run, commands } = setUp(() => Promise.reject(new Error('asked')), { send: done({}, 'rejected') });
  await run();
  expect(kinds(commands)).toEqual(['send_withdrawal']);
});

test.each([
  ['was not taken', problem('overloaded', 'The queue is full.'), /overloaded/],
  ['became a dead letter', done({}, 'failed'), /dead letter/],
])('does not ask the bank where the first command %s: the job fails and comes again', async (_, send, message) => {
  const { run, commands } = setUp(() => Promise.reject(new Error('asked')), { send });
  await expect(run()).rejects.toThrow(message);
  expect(kinds(commands)).toEqual(['send_withdrawal']);
});

test('gives up on a bank that does not answer in time, and tells it so', async () => {
  let told = false;
  const { run, commands } = setUp(
    (_, signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          told = true;
        });
      }),
    {},
    { callTimeoutMs: 10 },
  );
  await expect(run()).rejects.toThrow(/timed out/i);
  expect(told).toBe(true);
  expect(kinds(commands)).toEqual(['send_withdrawal']);
});

test('stops asking a bank that keeps failing, for a while', async () => {
  let asked = 0;
  const { run } = setUp(async () => {
    asked += 1;
    throw new Error('the line is dead');
  });
  for (let i = 0; i < 5; i += 1) await expect(run()).rejects.toThrow('the line is dead');
  await expect(run()).rejects.toThrow(/breaker/i);
  expect(asked).toBe(5);
});

test('money that the bank may have paid stays set aside, however long the bank says nothing', async () => {
  let paid = 0;
  const { run, commands, clock, logged } = setUp(async () => {
    paid += 1;
    throw new Error('the line died behind the payment');
  });
  await expect(run()).rejects.toThrow('the line died');
  clock.set(REQUESTED + 25 * HOUR_MS);
  await expect(run()).rejects.toThrow('the line died');
  expect(paid).toBe(2);
  expect(kinds(commands)).toEqual(['send_withdrawal', 'send_withdrawal']);
  expect(logged).toEqual(['the gateway has not answered within the deadline: only it knows whether it has paid']);
});

test('a pause in asking is no answer, even after the deadline', async () => {
  const { run, commands, clock } = setUp(() => Promise.reject(new Error('the line is dead')));
  for (let i = 0; i < 5; i += 1) await expect(run()).rejects.toThrow('the line is dead');
  clock.set(REQUESTED + 25 * HOUR_MS);
  await expect(run()).rejects.toThrow(/breaker/i);
  expect(kinds(commands)).not.toContain('settle_withdrawal');
});

test.each([
  ['has expired unpaid', { approved: false, expired: true }, { approved: false, reason: 'deadline_passed' }],
  ['was declined', { approved: false, reason: 'no_such_account' }, { approved: false }],
  ['was paid', { approved: true }, { approved: true }],
] as const)('after the deadline the bank’s word counts: it %s', async (_, answer, settled) => {
  const { run, commands, clock } = setUp(async () => answer);
  clock.set(REQUESTED + 25 * HOUR_MS);
  await run();
  expect(commands[1]).toEqual({ kind: 'settle_withdrawal', params: { order_id: 'ord_1', ...settled } });
});

test('does not take the end of this process for the bank’s silence, even after the deadline', async () => {
  const stop = new AbortController();
  const { run, commands, clock } = setUp(async () => {
    stop.abort();
    throw new Error('aborted');
  });
  clock.set(REQUESTED + 25 * 3_600_000);
  await expect(run(stop.signal)).rejects.toThrow('aborted');
  expect(kinds(commands)).toEqual(['send_withdrawal']);
});

test('says loudly where the bank has paid and the books say otherwise', async () => {
  const { run, logged } = setUp(async () => ({ approved: true }), { settle: () => done({ status: 'failed' }) });
  await run();
  expect(logged).toEqual(['the gateway and the books disagree']);
});
