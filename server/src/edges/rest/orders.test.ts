import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeEdge, fakeOrder, fakeToken, startFakeEdge } from '../../../test/support/rest-fakes.ts';
import { problem } from '../../core/result.ts';

const ID = 'ord_0190b8a0-5f3a-7c1e-9b1a-123456789abc';
const bearer = { authorization: `Bearer ${fakeToken('mrs', 'investor')}` };
let edge: FakeEdge;
let stored: Map<string, ReturnType<typeof fakeOrder>>;

beforeAll(async () => {
  stored = new Map();
  edge = await startFakeEdge({
    orders: { get: async (_caller: unknown, id: string) => stored.get(id) } as never,
  });
});
afterAll(() => edge.stop());
beforeEach(() => {
  edge.intake.submissions.length = 0;
  edge.intake.batchKeyProblem = undefined;
  edge.intake.answer = async ({ id, kind }) => ({
    ok: true,
    order: fakeOrder({ kind, ...(id && { id }) }),
    replayed: false,
  });
});

function post(url: string, body: object, headers: Record<string, string> = {}) {
  return edge.app.inject({ method: 'POST', url, headers: { ...bearer, ...headers }, payload: body });
}

const deposit = { kind: 'deposit', asset: 'USD', amount: '25.00' };

describe('POST /v1/orders', () => {
  it('hands the kind, the id and the flat parameters to intake, and answers 201 with the order and its Location', async () => {
    const answer = await post('/v1/orders', { ...deposit, id: ID });
    expect(answer.statusCode).toBe(201);
    expect(answer.headers.location).toBe(`/v1/orders/${ID}`);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.json()).toMatchObject({ id: ID, kind: 'deposit', status: 'completed' });
    expect(edge.intake.submissions[0]?.submission).toEqual({
      kind: 'deposit',
      id: ID,
      params: { asset: 'USD', amount: '25.00' },
      idempotency: undefined,
    });
  });

  it('answers 202 with Location where the order is pending', async () => {
    edge.intake.answer = async () => ({ ok: true, order: fakeOrder({ id: ID, status: 'pending' }), replayed: false });
    const answer = await post('/v1/orders', deposit);
    expect(answer.statusCode).toBe(202);
    expect(answer.headers.location).toBe(`/v1/orders/${ID}`);
  });

  it('answers 202 where the caller prefers not to wait', async () => {
    const answer = await post('/v1/orders', deposit, { prefer: 'handling=lenient, respond-async' });
    expect(answer.statusCode).toBe(202);
    expect(answer.headers['preference-applied']).toBe('respond-async');
  });

  it('answers 201 for an order that a rule refused', async () => {
    const order = fakeOrder({ status: 'rejected', reason: 'insufficient_funds' });
    edge.intake.answer = async () => ({ ok: true, order, replayed: false });
    const answer = await post('/v1/orders', deposit);
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toMatchObject({ status: 'rejected', reason: 'insufficient_funds' });
  });

  it('passes the idempotency key with a fingerprint that changes with the body only', async () => {
    const key = { 'idempotency-key': 'k-1' };
    await post('/v1/orders', deposit, key);
    await post('/v1/orders', deposit, key);
    await post('/v1/orders', { ...deposit, amount: '26.00' }, key);
    const [first, second, third] = edge.intake.submissions.map(({ submission }) => submission.idempotency);
    expect(first).toEqual({
      operation: 'submitOrder',
      key: 'k-1',
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(second).toEqual(first);
    expect(third?.fingerprint).not.toBe(first?.fingerprint);
  });

  it('marks a repeated answer', async () => {
    edge.intake.answer = async () => ({ ok: true, order: fakeOrder(), replayed: true });
    const answer = await post('/v1/orders', deposit, { 'idempotency-key': 'k-2' });
    expect(answer.headers['idempotent-replayed']).toBe('true');
  });

  it.each(['', 'ключ', 'a b', 'x'.repeat(256)])('refuses the idempotency key %j', async (key) => {
    const answer = await post('/v1/orders', deposit, { 'idempotency-key': Buffer.from(key).toString('latin1') });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'invalid_request' });
    expect(edge.intake.submissions).toHaveLength(0);
  });

  it.each([
    [{}, '/kind'],
    [{ kind: 5 }, '/kind'],
    [{ kind: 'deposit', id: 'ord_1' }, '/id'],
    [[], ''],
  ])('refuses the shape %j and points to %j', async (body, pointer) => {
    const answer = await post('/v1/orders', body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
  });

  it('answers a problem of intake with its status, and says when to come back', async () => {
    edge.intake.answer = async () => problem('overloaded', 'The queue is full.', { retryAfterSeconds: 3 });
    const answer = await post('/v1/orders', deposit);
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('3');
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toEqual({
      type: '/docs/errors/overloaded',
      title: expect.any(String),
      status: 503,
      detail: 'The queue is full.',
      code: 'overloaded',
      request_id: answer.headers['x-request-id'],
    });
  });
});

describe('Prefer: wait', () => {
  it('answers as always where the order is decided in time', async () => {
    const answer = await post('/v1/orders', deposit, { prefer: 'wait=5' });
    expect(answer.statusCode).toBe(201);
  });

  it('answers a durable order as it is known when the wait is over', async () => {
    edge.intake.answer = () => new Promise(() => {});
    stored.set(ID.slice(4), fakeOrder({ id: ID, status: 'pending' }));
    const answer = await post('/v1/orders', { ...deposit, id: ID }, { prefer: 'wait=0' });
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toMatchObject({ id: ID, status: 'pending' });
    stored.clear();
  });

  it('does not acknowledge what is not durable, and names where it will be found', async () => {
    edge.intake.answer = () => new Promise(() => {});
    const answer = await post('/v1/orders', deposit, { prefer: 'wait=0' });
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ code: 'outcome_unknown' });
    expect(answer.headers.location).toBe(`/v1/orders/${edge.intake.submissions[0]?.submission.id}`);
  });
});

describe('POST /v1/orders/batch', () => {
  it('answers one result for each order, in their order; a bad one harms no other', async () => {
    edge.intake.answer = async ({ kind, params }) =>
      kind === 'deposit'
        ? { ok: true, order: fakeOrder({ params: params as never }), replayed: false }
        : problem('invalid_request', 'No.', { errors: [{ pointer: '/amount', detail: 'is required' }] });
    const orders = [deposit, 7, { kind: 'pay' }, { ...deposit, amount: '2' }];
    const answer = await post('/v1/orders/batch', { orders });
    expect(answer.statusCode).toBe(200);
    expect(answer.json().results).toMatchObject([
      { status: 201, order: { params: { amount: '25.00' } } },
      { status: 400, problem: { code: 'invalid_request', errors: [{ pointer: '/orders/1' }] } },
      { status: 400, problem: { code: 'invalid_request', errors: [{ pointer: '/orders/2/amount' }] } },
      { status: 201, order: { params: { amount: '2' } } },
    ]);
  });

  it('gives each order a key of its own and all the fingerprint of the whole', async () => {
    await post('/v1/orders/batch', { orders: [deposit, deposit] }, { 'idempotency-key': 'b' });
    const keys = edge.intake.submissions.map(({ submission }) => submission.idempotency);
    expect(keys.map((key) => key?.key)).toEqual(['b#0', 'b#1']);
    expect(keys[0]?.fingerprint).toBe(keys[1]?.fingerprint);
  });

  it.each([
    ['idempotency_mismatch', 422],
    ['idempotency_in_flight', 409],
  ] as const)('submits nothing where the key says %s', async (code, status) => {
    edge.intake.batchKeyProblem = { code, detail: 'No.' };
    const answer = await post('/v1/orders/batch', { orders: [deposit, deposit] }, { 'idempotency-key': 'b' });
    expect(answer.statusCode).toBe(status);
    expect(edge.intake.submissions).toHaveLength(0);
  });

  it.each([[[]], [Array.from({ length: 1001 }, () => deposit)], ['none']])(
    'refuses a batch that is empty, too long or none',
    async (orders) => {
      const answer = await post('/v1/orders/batch', { orders });
      expect(answer.statusCode).toBe(400);
      expect(edge.intake.submissions).toHaveLength(0);
    },
  );

  it('takes 1,000 orders', async () => {
    const answer = await post('/v1/orders/batch', { orders: Array.from({ length: 1000 }, () => deposit) });
    expect(answer.json().results).toHaveLength(1000);
  });
});
