import type pg from 'pg';
import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { settableClock } from '../core/clock.ts';
import type { JsonObject } from '../core/json.ts';
import { problem } from '../core/result.ts';
import type { Answer, Intake } from '../intake/intake.ts';
import type { ErrandLimits } from '../desks/errand.ts';
import type { Gateway } from '../desks/gateway.ts';
import { createWithdrawErrand } from '../desks/payments/index.ts';
import { createErrands, type ErrandsOptions } from './errands.ts';

const HOUR_MS = 3_600_000;
const REQUESTED = Date.parse('2026-11-21T10:00:00Z');
const ORDER = 'ord_00000000-0000-7000-8000-000000000001';
const LETTER = '00000000-0000-8000-8000-000000000002';
const job = {
  errand: 'withdraw',
  order_id: ORDER,
  user_id: 'usr_00000000-0000-7000-8000-000000000003',
  shard: 0,
  started_at: '2026-11-21T10:00:00Z',
  data: { asset: 'USD', amount: '5.00' },
};

const done = (result: JsonObject = {}, status = 'completed'): Answer =>
  ({ ok: true, replayed: false, order: { id: 'ord_2', kind: 'any', status, result } }) as unknown as Answer;

interface Decided {
  send?: Answer;
  settle?: (approved: unknown) => Answer;
}

function setUp(pay: Gateway['pay'], decided: Decided = {}, limits: Partial<ErrandLimits> = {}) {
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
  const letters: unknown[] = [];
  // Asked by a name whether the order waits; all else that is written is a letter.
  const query = async (text: unknown, values: unknown[]) =>
    typeof text === 'string' ? letters.push(values) : { rowCount: 1 };
  const pool = { query } as unknown as pg.Pool;
  const { job: made } = createErrands({
    errands: [createWithdrawErrand({ name: 'test', pay }, limits)],
    intake,
    clock,
    log,
    pool,
    shards: [],
    deriveId: (name) => (name === `dead-letter/withdraw/${ORDER}` ? LETTER : name),
  });
  const run = (signal = new AbortController().signal) => made.task(job, { signal });
  return { made, run, commands, clock, logged, letters };
}

const kinds = (commands: readonly { kind: string }[]): string[] => commands.map(({ kind }) => kind);

test('tells the order that it goes before the bank hears of it, and the answer after', async () => {
  const order: string[] = [];
  const { run, commands } = setUp(async ({ orderId }) => {
    order.push(orderId, ...kinds(commands));
    return { approved: true };
  });
  await run();
  expect(order).toEqual([ORDER, 'send_withdrawal']);
  expect(commands[1]).toEqual({ kind: 'settle_withdrawal', params: { order_id: ORDER, approved: true } });
});

test('does not ask the bank for an order that was canceled', async () => {
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
    { callMs: 10 },
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

test('money that the bank may have paid stays held, however long the bank says nothing', async () => {
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
  expect(logged).toEqual(['the outside has not answered within the deadline: only it knows whether it has done it']);
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
  expect(commands[1]).toEqual({ kind: 'settle_withdrawal', params: { order_id: ORDER, ...settled } });
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

describe('a dead letter', () => {
  test.each([
    [true, 'failed', 'the gateway says that it has paid, and the order is failed'],
    [false, 'completed', 'the gateway says that it has not paid, and the order is completed'],
  ])(
    'is what remains where the bank and the books disagree: approved %s, order %s',
    async (approved, status, words) => {
      const { run, logged, letters } = setUp(async () => (approved ? { approved } : { approved, reason: 'no' }), {
        settle: () => done({ status }),
      });
      await run();
      expect(logged).toEqual(['an errand came to a dead end']);
      const job = expect.stringContaining(`"job":{"jobKey":"withdraw/${ORDER}"`) as unknown;
      const order = ORDER.slice(4);
      const told = { dead_letter_id: `dl_${LETTER}`, order_id: ORDER, kind: 'withdraw' };
      expect(letters).toEqual([
        [LETTER, order, 'withdraw', job, words, '2026-11-21T10:00:00.000Z', 0, ORDER, order, JSON.stringify(told)],
      ]);
    },
  );

  test('is what remains of an answer that is none; it does not count against the bank', async () => {
    const { run, commands, letters } = setUp(async () => ({ approved: 'yes' }) as unknown as { approved: true });
    for (let i = 0; i < 6; i += 1) await run();
    expect(kinds(commands)).toEqual(Array.from({ length: 6 }, () => 'send_withdrawal'));
    expect(letters).toHaveLength(6);
  });
});

test('an errand that no desk knows stays in the queue', async () => {
  const { job: made } = createErrands({ errands: [], shards: [] } as unknown as ErrandsOptions);
  const task = made.task(job, { signal: new AbortController().signal });
  await expect(task).rejects.toThrow('no desk knows the errand withdraw');
});

test('two errands of one name are refused', () => {
  const errand = createWithdrawErrand({ name: 'test', pay: async () => ({ approved: true }) });
  const options = { errands: [errand, errand], shards: [] } as unknown as ErrandsOptions;
  expect(() => createErrands(options)).toThrow('two errands have the same name');
});

test('what is decided about an order belongs to the process that owns the order’s shard; of before, that of its user’s', () => {
  const { made } = setUp(async () => ({ approved: true }));
  expect(made.shardOf({ ...job, shard: 2 }, 4)).toBe(2);
  const { shard: _shard, ...before } = job;
  expect(made.shardOf(before, 4)).toBe(3);
});
