import type { WireCreateLoan } from '@millrace/contract';
import { expect, onTestFinished, test, vi } from 'vitest';
import { problemAnswer, startScriptServer } from '../test/script-server.ts';
import { createClient, MillraceError } from './index.ts';

const quick = { delayMs: 1, delayMaxMs: 2 };
const deposit = { kind: 'deposit', asset: 'USD', amount: '5.00' } as const;
const order = { id: 'ord_1', kind: 'deposit', status: 'completed' };

async function failureOf(promise: Promise<unknown>): Promise<MillraceError> {
  const error = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(MillraceError);
  return error as MillraceError;
}

const LOAN: WireCreateLoan = {
  borrower_id: 'usr_1',
  purpose: 'x',
  amount: '1',
  apr: '0.1',
  term_months: 1,
  grade: 'A',
  funding_deadline: '',
};

test('an order without an id gets one, and keeps it when it is sent again after a lost connection', async () => {
  const { url, seen } = await startScriptServer([
    'drop',
    { status: 201, body: order, headers: { 'idempotent-replayed': 'true' } },
  ]);
  const answer = await createClient({ url, retry: quick }).orders.submit(deposit);
  expect(answer).toMatchObject({ status: 'completed', replayed: true });
  const ids = seen.map(({ body }) => (body as { id: string }).id);
  expect(ids[0]).toMatch(/^ord_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(ids).toEqual([ids[0], ids[0]]);
});

test('an id that the caller chose is kept', async () => {
  const { url, seen } = await startScriptServer([{ status: 201, body: order }]);
  const id = 'ord_00000000-0000-4000-8000-000000000001';
  await createClient({ url }).orders.submit({ ...deposit, id });
  expect(seen[0]?.body).toMatchObject({ id });
});

test('every order of a batch gets an id of its own', async () => {
  const { url, seen } = await startScriptServer([{ status: 200, body: { results: [] } }]);
  await createClient({ url }).orders.submitBatch([deposit, deposit]);
  const ids = (seen[0]?.body as { orders: { id: string }[] } | undefined)?.orders.map(({ id }) => id);
  expect(new Set(ids).size).toBe(2);
});

test('a problem is thrown with its code, status, request id and fields', async () => {
  const { url } = await startScriptServer([
    {
      status: 422,
      body: {
        code: 'invalid_amount',
        detail: 'too precise',
        request_id: 'r-9',
        errors: [{ pointer: '/amount', detail: 'x' }],
      },
    },
  ]);
  const error = await failureOf(createClient({ url, retry: quick }).orders.submit(deposit));
  expect(error).toMatchObject({
    code: 'invalid_amount',
    status: 422,
    requestId: 'r-9',
    message: 'too precise',
    errors: [{ pointer: '/amount', detail: 'x' }],
  });
  expect(error.retryable).toBe(false);
});

test('a refusal that had no effect is repeated for any request, as often as allowed and no more', async () => {
  const { url, seen } = await startScriptServer([problemAnswer(503, 'overloaded')]);
  const client = createClient({ url, retry: { ...quick, attemptsMax: 3 } });
  const error = await failureOf(client.auth.logIn({ email: 'a@b', password: 'secret-secret' }));
  expect(error.code).toBe('overloaded');
  expect(seen).toHaveLength(3);
});

test('a request that may have had an effect is not repeated unless the server recognises a repetition', async () => {
  const { url, seen } = await startScriptServer([problemAnswer(500, 'internal_error')]);
  const client = createClient({ url, retry: { ...quick, attemptsMax: 3 } });
  await failureOf(client.auth.register({ email: 'a@b', password: 'secret-secret', name: 'A' }));
  expect(seen).toHaveLength(1);
  await failureOf(client.loans.create(LOAN));
  expect(seen).toHaveLength(4);
  expect(new Set(seen.slice(1).map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
});

test('a loan that is sent again later with the same key is told to be no new one', async () => {
  const { url, seen } = await startScriptServer([
    { status: 201, body: '{"id":"loan_1"}', headers: { 'idempotent-replayed': 'true' } },
  ]);
  const loan = await createClient({ url, retry: quick }).loans.create(LOAN, { idempotencyKey: 'mine-1' });
  expect(loan).toMatchObject({ id: 'loan_1', replayed: true });
  expect(seen[0]?.headers['idempotency-key']).toBe('mine-1');
});

test('a pause that the server asks for is kept, and one that is too long is not waited for', async () => {
  const { url, seen } = await startScriptServer([problemAnswer(429, 'rate_limited', { 'retry-after': '3600' })]);
  const error = await failureOf(createClient({ url, retry: quick }).me());
  expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: 3_600_000 });
  expect(seen).toHaveLength(1);
});

test('an answer that is not from Millrace is named as such', async () => {
  const { url } = await startScriptServer([{ status: 200, body: '<html>', headers: { 'content-type': 'text/html' } }]);
  expect((await failureOf(createClient({ url }).me())).code).toBe('unexpected_answer');
});

test('a server that is not there is connection_failed', async () => {
  const error = await failureOf(createClient({ url: 'http://127.0.0.1:1', retry: { attemptsMax: 1 } }).me());
  expect(error).toMatchObject({ code: 'connection_failed', status: 0, retryable: true });
});

test('an attempt that takes too long is timed_out', async () => {
  const never: typeof fetch = (_input, init) =>
    new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
  const error = await failureOf(
    createClient({ url: 'http://millrace.test', fetch: never, timeoutMs: 5, retry: { attemptsMax: 1 } }).me(),
  );
  expect(error.code).toBe('timed_out');
});

test('an order whose outcome is waited for a bounded time is not sent again when that is over', async () => {
  const { url, seen } = await startScriptServer([problemAnswer(503, 'outcome_unknown')]);
  const client = createClient({ url, retry: { ...quick, attemptsMax: 3 } });
  expect((await failureOf(client.orders.submit(deposit, { waitSeconds: 1 }))).code).toBe('outcome_unknown');
  expect(seen).toHaveLength(1);
  await failureOf(client.orders.submit(deposit));
  expect(seen).toHaveLength(4);
});

test('an attempt has the time for the wait that the server is asked for', async () => {
  const { url } = await startScriptServer([{ status: 201, body: order }]);
  const timeouts = vi.spyOn(AbortSignal, 'timeout');
  onTestFinished(() => timeouts.mockRestore());
  const client = createClient({ url, timeoutMs: 8_000 });
  await client.orders.submit(deposit);
  await client.orders.submit(deposit, { waitSeconds: 2 });
  await client.orders.submit(deposit, { waitSeconds: 30 });
  await client.orders.submit(deposit, { waitSeconds: 1e9 });
  expect(timeouts.mock.calls.flat()).toEqual([8_000, 8_000, 35_000, 65_000]);
});

test('a call that its caller gives up is neither repeated nor reported as a failure of the server', async () => {
  const controller = new AbortController();
  const { url } = await startScriptServer([problemAnswer(503, 'not_ready')]);
  const waiting = createClient({ url, retry: { delayMs: 60_000, delayMaxMs: 60_000 } }).me({
    signal: controller.signal,
  });
  setTimeout(() => controller.abort(), 20);
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});

test('readiness is an answer whether the server is ready or not', async () => {
  const body = { ready: false, checks: [{ name: 'database', ok: false }] };
  const { url } = await startScriptServer([{ status: 503, body }]);
  expect(await createClient({ url }).readiness()).toEqual(body);
});

test('a list is read page by page, with the query kept', async () => {
  const { url, seen } = await startScriptServer([
    { status: 200, body: { data: [{ id: 'loan_1' }, { id: 'loan_2' }], has_more: true, next_cursor: 'c 1' } },
    { status: 200, body: { data: [{ id: 'loan_3' }], has_more: false, next_cursor: null } },
  ]);
  const ids: string[] = [];
  for await (const loan of createClient({ url: `${url}/` }).loans.all({ status: 'open' })) ids.push(loan.id);
  expect(ids).toEqual(['loan_1', 'loan_2', 'loan_3']);
  expect(seen.map(({ path }) => path)).toEqual(['/v1/loans?status=open', '/v1/loans?status=open&cursor=c+1']);
});

test('the token is asked for with every request, and a service names the user that it acts for', async () => {
  const { url, seen } = await startScriptServer([{ status: 200, body: { data: [] } }]);
  let token = 'mrs_1';
  const client = createClient({ url, token: () => token, actingFor: 'usr_7' });
  await client.accounts.list();
  token = 'mrs_2';
  await client.accounts.list();
  expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer mrs_1', 'Bearer mrs_2']);
  expect(seen[0]?.headers['millrace-act-as']).toBe('usr_7');
});

test.each([['null'], ['[]'], ['"text"'], ['7'], ['{}'], ['{"results":[{"status":201},null]}']])(
  'an answer %s is none: what reads it is told so, and does not stumble over it',
  async (body) => {
    const { url } = await startScriptServer([{ status: 200, body }]);
    const client = createClient({ url, retry: quick });
    const read = async () => {
      for await (const each of client.loans.all()) expect(each).toBeUndefined();
    };
    for (const work of [() => client.orders.submitBatch([deposit]), read])
      expect(await failureOf(work())).toMatchObject({
        code: 'unexpected_answer',
        message: expect.stringMatching(/Millrace server\?$/),
      });
  },
);
