import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatId, uuidv7 } from '../../src/core/ids.ts';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';

let rest: TestRest;
beforeAll(async () => {
  rest = await startTestRest();
});
afterAll(() => rest?.stop());

const deposit = (amount: string, more: object = {}) => ({ kind: 'deposit', asset: 'USD', amount, ...more });

async function cashOf(user: TestUser): Promise<string> {
  const answer = await rest.call('GET', '/v1/accounts', { as: user });
  return answer.json().data.find(({ purpose }: { purpose: string }) => purpose === 'cash').available;
}

describe('sent twenty times at once, has one effect and twenty equal answers, nineteen of them marked as repetitions', () => {
  async function expectOnce(send: () => Promise<LightMyRequestResponse>, status: number): Promise<unknown> {
    const answers = await Promise.all(Array.from({ length: 20 }, send));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(status));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(19);
    return answers[0]?.json();
  }

  it.each([
    ['an order with a key', deposit('3.00'), { 'idempotency-key': 'twenty' }],
    ['an order with an id', deposit('3.00', { id: formatId('order', uuidv7()) }), {}],
  ])('%s', async (_, body, headers: Record<string, string>) => {
    const user = await rest.person();
    await expectOnce(() => rest.call('POST', '/v1/orders', { as: user, body, headers }), 201);
    expect(await cashOf(user)).toBe('3.00');
  });

  it('a batch of as many orders as it may have, some of them refused', async () => {
    const user = await rest.person();
    const orders = ['x', deposit('0'), ...Array<object>(998).fill(deposit('1.00'))];
    const headers = { 'idempotency-key': 'batch-of-twenty' };
    await expectOnce(() => {
      const refusedAlike = rest.call('POST', '/v1/orders/batch', { as: user, body: { orders }, headers });
      // Each refusal carries the id of its own request.
      return refusedAlike.then((answer) => ({
        ...answer,
        headers: answer.headers,
        body: answer.body.replaceAll(/req_[\w-]+/g, 'req'),
      }));
    }, 200);
    expect(await cashOf(user)).toBe('998.00');
  });

  it('a loan, and the cancellation of an order', async () => {
    const [operator, other] = [await rest.person('operator'), await rest.person()];
    const body = {
      borrower_id: other.id,
      purpose: 'Once',
      amount: '100.00',
      apr: '0.0725',
      term_months: 12,
      grade: 'B',
      funding_deadline: new Date(Date.now() + 30 * 86_400_000).toISOString(),
    };
    const headers = { 'idempotency-key': 'loan-of-twenty' };
    await expectOnce(() => rest.call('POST', '/v1/loans', { as: operator, body, headers }), 201);
    const user = await rest.person('investor', '10.00');
    const withdrawal = { kind: 'withdraw', asset: 'USD', amount: '10.00' };
    const placed = await rest.call('POST', '/v1/orders', { as: user, body: withdrawal });
    const path = `${placed.headers.location}/cancel`;
    await expectOnce(() => rest.call('POST', path, { as: user, headers }), 200);
    expect(await cashOf(user)).toBe('10.00');
  });
});

it('of two different batches at once under one key does one, and refuses the other as a whole', async () => {
  const user = await rest.person();
  const place = (orders: object[]) =>
    rest.call('POST', '/v1/orders/batch', { as: user, body: { orders }, headers: { 'idempotency-key': 'two' } });
  const answers = await Promise.all([place([deposit('1.00')]), place([deposit('1.00'), deposit('2.00')])]);
  const codes = answers.map((answer) => answer.json().code ?? answer.statusCode);
  expect(codes.toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual([200, 'idempotency_mismatch']);
  expect(await cashOf(user)).toBe(codes[0] === 200 ? '1.00' : '3.00');
});

describe('a refusal that left no order is told to whoever asks again with the same key or id', () => {
  const loanFor = (borrower: string, more: object = {}) => ({
    borrower_id: formatId('user', borrower),
    purpose: 'Asked again',
    amount: '100.00',
    apr: '0.0725',
    term_months: 12,
    grade: 'B',
    funding_deadline: new Date(Date.now() + 30 * 86_400_000).toISOString(),
    ...more,
  });
  const arrive = (userId: string) =>
    rest.pool.query(
      "insert into users (id, email, email_key, name, role, created_at) values ($1::uuid, $1::text, $1::text, 'New', 'investor', now())",
      [userId],
    );

  it('by its key: also when the reason is gone; another key, or another body, is decided', async () => {
    const [operator, borrower] = [await rest.person('operator'), uuidv7()];
    const body = loanFor(borrower);
    const open = (key: string, changed: object = body) =>
      rest.call('POST', '/v1/loans', { as: operator, body: changed, headers: { 'idempotency-key': key } });
    const refused = { code: 'invalid_request', errors: [{ pointer: '/borrower_id' }] };
    expect((await open('one')).json()).toMatchObject(refused);
    await arrive(borrower);
    expect((await open('one')).json()).toMatchObject(refused);
    expect((await open('two')).statusCode).toBe(201);
    expect((await open('one', { ...body, purpose: 'Another' })).statusCode).toBe(201);
    // What was said about the first body is still so, although the key has an order now.
    expect((await open('one', { ...body, purpose: 'A third' })).json()).toMatchObject({ code: 'idempotency_mismatch' });
  });

  it('by the id that was chosen; without either each request is another', async () => {
    const [operator, borrower] = [await rest.person('operator'), uuidv7()];
    const body = { kind: 'create_loan', ...loanFor(borrower) };
    const named = { ...body, id: formatId('order', uuidv7()) };
    const open = (order: object) => rest.call('POST', '/v1/orders', { as: operator, body: order });
    expect((await open(named)).statusCode).toBe(400);
    expect((await open(body)).statusCode).toBe(400);
    await arrive(borrower);
    expect((await open(named)).statusCode).toBe(400);
    // A preview says what would happen now, not what was said.
    expect((await rest.call('POST', '/v1/orders/preview', { as: operator, body: named })).statusCode).toBe(200);
    expect((await open(body)).statusCode).toBe(201);
    expect((await open({ ...named, purpose: 'Another' })).statusCode).toBe(201);
  });

  it('of a cancellation too, that came before its order', async () => {
    const user = await rest.person('investor', '10.00');
    const id = formatId('order', uuidv7());
    const cancel = (key: string) =>
      rest.call('POST', `/v1/orders/${id}/cancel`, { as: user, headers: { 'idempotency-key': key } });
    expect((await cancel('one')).statusCode).toBe(404);
    const order = { kind: 'withdraw', asset: 'USD', amount: '10.00', id };
    expect((await rest.call('POST', '/v1/orders', { as: user, body: order })).statusCode).toBe(202);
    expect((await cancel('one')).statusCode).toBe(404);
    expect((await cancel('two')).statusCode).toBe(200);
  });
});
