import { MillraceError } from '@millrace/client';
import type { WireBatchResult, WireOrderRequest } from '@millrace/contract';
import { expect, test } from 'vitest';
import { type Entry, faultOf, orderIdOf, runKeyOf } from './entry.ts';
import { BATCH_SIZE_MAX, outcomesOf, type RunOptions } from './run.ts';
import type { LineOutcome } from './summary.ts';

const runKey = runKeyOf({ userId: 'usr_1', runId: 'test' });
type Answer = (orders: readonly WireOrderRequest[], call: number) => WireBatchResult[] | Promise<WireBatchResult[]>;

function completed(order: WireOrderRequest): WireBatchResult {
  return { status: 201, order: { ...order, status: 'completed', reason: null } } as unknown as WireBatchResult;
}

function refused(code: string): WireBatchResult {
  return {
    status: 400,
    problem: { type: '', title: '', status: 400, detail: `detail of ${code}`, code, request_id: '' },
  } as WireBatchResult;
}

async function* entriesOf(count: number, change: (line: number) => Partial<Entry> = () => ({})): AsyncGenerator<Entry> {
  for (let line = 1; line <= count; line += 1)
    yield { line, order: { kind: 'deposit', amount: String(line) }, ...change(line) };
}

async function run(
  entries: AsyncIterable<Entry>,
  answer: Answer,
  more: Partial<RunOptions> = {},
): Promise<{ outcomes: LineOutcome[]; sent: (readonly WireOrderRequest[])[] }> {
  const sent: (readonly WireOrderRequest[])[] = [];
  const orders = {
    async submitBatch(batch: readonly WireOrderRequest[]) {
      sent.push(batch);
      return answer(batch, sent.length);
    },
  };
  const outcomes: LineOutcome[] = [];
  const options = {
    entries,
    afterLine: 0,
    runKey,
    orders,
    parallel: 4,
    signal: new AbortController().signal,
    waiting: () => {},
    delayMs: 1,
    ...more,
  };
  for await (const batch of outcomesOf(options)) outcomes.push(...batch);
  return { outcomes, sent };
}

test('outcomes come in the order of the lines, whichever batch is answered first', async () => {
  const count = 3 * BATCH_SIZE_MAX + 1;
  const { outcomes, sent } = await run(entriesOf(count), async (batch, call) => {
    await new Promise((resolve) => setTimeout(resolve, call === 1 ? 20 : 1));
    return batch.map(completed);
  });
  expect(outcomes.map(({ line }) => line)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  expect(sent.map((batch) => batch.length)).toEqual([500, 500, 500, 1]);
});

test('never more requests are under way than allowed', async () => {
  let underWay = 0;
  let most = 0;
  await run(
    entriesOf(10 * BATCH_SIZE_MAX),
    async (batch) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, 1));
      underWay -= 1;
      return batch.map(completed);
    },
    { parallel: 3 },
  );
  expect(most).toBe(3);
});

test('a line without an id always gets the same one, a line with an id keeps it', async () => {
  const own = 'ord_00000000-0000-4000-8000-000000000007';
  const entries = (): AsyncGenerator<Entry> =>
    entriesOf(3, (line) => (line === 2 ? { order: { kind: 'deposit', id: own } } : {}));
  const first = await run(entries(), (batch) => batch.map(completed));
  const second = await run(entries(), (batch) => batch.map(completed));
  expect(first.sent).toEqual(second.sent);
  expect(first.sent[0]?.map(({ id }) => id)).toEqual([orderIdOf(runKey, 1), own, orderIdOf(runKey, 3)]);
});

test('lines that have their outcome already are not sent again', async () => {
  const { outcomes } = await run(entriesOf(5), (batch) => batch.map(completed), { afterLine: 3 });
  expect(outcomes.map(({ line }) => line)).toEqual([4, 5]);
});

test('a faulty line is reported where it stands and does not stop the others', async () => {
  async function* entries(): AsyncGenerator<Entry> {
    yield { line: 1, order: { kind: 'deposit' } };
    yield faultOf(2, 'nonsense', 'x');
    yield { line: 3, order: { kind: 'deposit' } };
  }
  const { outcomes } = await run(entries(), (batch) => batch.map(completed));
  expect(outcomes.map(({ line, status, detail }) => [line, status, detail])).toEqual([
    [1, 'completed', null],
    [2, 'malformed', 'nonsense'],
    [3, 'completed', null],
  ]);
});

test('an order that a rule refuses carries the reason in words, and fields are named without the batch around them', async () => {
  const rejected = { status: 201, order: { status: 'rejected', reason: 'insufficient_funds' } } as WireBatchResult;
  const faulty = refused('invalid_request') as Extract<WireBatchResult, { problem: unknown }>;
  faulty.problem.errors = [{ pointer: '/orders/1/amount', detail: 'must be a string' }];
  const { outcomes } = await run(entriesOf(2), () => [rejected, faulty]);
  expect(outcomes.map(({ detail }) => detail)).toEqual([
    'There is not enough available money.',
    'detail of invalid_request amount: must be a string.',
  ]);
});

test('an order that the server had no room for is sent again alone, under its id', async () => {
  const { outcomes, sent } = await run(entriesOf(3), (batch, call) =>
    batch.map((order, index) => (call === 1 && index === 1 ? refused('overloaded') : completed(order))),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
  expect(sent[1]).toEqual([sent[0]?.[1]]);
});

test('an order that the server refuses is an outcome with its reason', async () => {
  const { outcomes } = await run(entriesOf(2), ([first]) => [
    completed(first as WireOrderRequest),
    refused('invalid_amount'),
  ]);
  expect(outcomes[1]).toMatchObject({
    line: 2,
    status: 'refused',
    reason: 'invalid_amount',
    detail: 'detail of invalid_amount',
  });
});

test('where a whole request is refused for one order, the others go through', async () => {
  const { outcomes } = await run(entriesOf(9), (batch) => {
    if (batch.some((order) => 'amount' in order && order.amount === '4')) {
      throw new MillraceError({ code: 'payload_too_large', detail: 'too large', status: 413 });
    }
    return batch.map(completed);
  });
  expect(outcomes.filter(({ status }) => status !== 'completed')).toMatchObject([
    { line: 4, status: 'refused', reason: 'payload_too_large' },
  ]);
});

test('a token that is not accepted ends the run', async () => {
  const answer = (): never => {
    throw new MillraceError({ code: 'unauthenticated', detail: 'no', status: 401 });
  };
  await expect(run(entriesOf(3), answer)).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('an interruption ends the run', async () => {
  const controller = new AbortController();
  const answer: Answer = (batch) => {
    controller.abort();
    return batch.map(completed);
  };
  await expect(run(entriesOf(2_000), answer, { signal: controller.signal, parallel: 1 })).rejects.toMatchObject({
    name: 'AbortError',
  });
});

test('ids are valid, differ by run, user and line, and grow with the lines', () => {
  const keys = [
    runKeyOf({ userId: 'usr_1', runId: 'a' }),
    runKeyOf({ userId: 'usr_2', runId: 'a' }),
    runKeyOf({ userId: 'usr_1', fileName: 'a', contentHash: 'b' }),
    runKeyOf({ userId: 'usr_1', fileName: 'a', contentHash: 'c' }),
  ];
  const lines = [1, 2, 255, 256, 65_535, 65_536, 2 ** 22 - 1, 2 ** 22, 2 ** 30, 2 ** 34 - 1];
  const ids = keys.flatMap((key) => lines.map((line) => orderIdOf(key, line)));
  expect(new Set(ids).size).toBe(keys.length * lines.length);
  for (const id of ids) expect(id).toMatch(/^ord_[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const ofOne = lines.map((line) => orderIdOf(keys[0] as Buffer, line));
  expect([...ofOne].sort()).toEqual(ofOne);
  expect(() => orderIdOf(runKey, 2 ** 34)).toThrow(RangeError);
});
