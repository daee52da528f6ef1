import type { Scope } from '@millrace/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatId, uuidv7 } from '../../src/core/ids.ts';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';

let rest: TestRest;
let investor: TestUser;
let other: TestUser;
let operator: TestUser;

beforeAll(async () => {
  rest = await startTestRest();
  investor = await rest.person('investor', '1000.00');
  other = await rest.person('investor', '1000.00');
  operator = await rest.person('operator');
});
afterAll(() => rest?.stop());

const deposit = (amount: string, more: object = {}) => ({ kind: 'deposit', asset: 'USD', amount, ...more });

async function cashOf(user: TestUser): Promise<string> {
  const answer = await rest.call('GET', '/v1/accounts', { as: user });
  return answer.json().data.find(({ purpose }: { purpose: string }) => purpose === 'cash').available;
}

async function newLoan(amount = '100.00'): Promise<string> {
  const body = {
    borrower_id: other.id,
    purpose: 'A boat',
    amount,
    apr: '0.0725',
    term_months: 12,
    grade: 'B',
    funding_deadline: new Date(Date.now() + 86_400_000).toISOString(),
  };
  const answer = await rest.call('POST', '/v1/loans', { as: operator, body });
  expect(answer.statusCode).toBe(201);
  expect(answer.headers.location).toBe(`/v1/loans/${answer.json().id}`);
  return answer.json().id;
}

describe('orders', () => {
  it('acts once for one id, gives the first answer again, and refuses the id for another body', async () => {
    const id = formatId('order', uuidv7());
    const before = await cashOf(investor);
    const first = await rest.call('POST', '/v1/orders', { as: investor, body: deposit('1.00', { id }) });
    const second = await rest.call('POST', '/v1/orders', { as: investor, body: deposit('1.00', { id }) });
    const third = await rest.call('POST', '/v1/orders', { as: investor, body: deposit('2.00', { id }) });
    expect([first, second, third].map(({ statusCode }) => statusCode)).toEqual([201, 201, 422]);
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(second.json()).toEqual(first.json());
    expect(third.json()).toMatchObject({ code: 'idempotency_mismatch' });
    expect(Number(await cashOf(investor))).toBe(Number(before) + 1);
    const stranger = await rest.call('POST', '/v1/orders', { as: other, body: deposit('1.00', { id }) });
    expect(stranger.json()).toMatchObject({ status: 422 });
  });

  it('acts once for one key of one user and operation', async () => {
    const headers = { 'idempotency-key': 'one-key' };
    const place = (as: TestUser, amount: string) =>
      rest.call('POST', '/v1/orders', { as, headers, body: deposit(amount) });
    const answers = await Promise.all([place(investor, '3.00'), place(investor, '3.00'), place(other, '3.00')]);
    const ids = answers.filter(({ statusCode }) => statusCode === 201).map((answer) => answer.json().id);
    // Two at once: the second waits for the first, or is told that it is under way.
    for (const answer of answers.slice(0, 2)) expect([201, 409]).toContain(answer.statusCode);
    const later = await place(investor, '3.00');
    expect(later.headers['idempotent-replayed']).toBe('true');
    expect(ids).toContain(later.json().id);
    expect((await place(other, '3.00')).json().id).not.toBe(later.json().id);
    expect((await place(investor, '4.00')).json()).toMatchObject({ status: 422, code: 'idempotency_mismatch' });
  });

  it('answers 201 with a reason where a rule says no', async () => {
    const answer = await rest.call('POST', '/v1/orders', {
      as: investor,
      body: { kind: 'transfer', to_user: other.id, asset: 'USD', amount: '999999.00' },
    });
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toMatchObject({ status: 'rejected', reason: 'insufficient_funds' });
  });

  it('answers 202 with Location for an order that waits for the bank, and cancels it once', async () => {
    const before = await cashOf(investor);
    const placed = await rest.call('POST', '/v1/orders', {
      as: investor,
      body: { kind: 'withdraw', asset: 'USD', amount: '10.00' },
    });
    expect(placed.statusCode).toBe(202);
    const location = placed.headers.location as string;
    expect((await rest.call('GET', location, { as: investor })).json()).toMatchObject({ status: 'pending' });
    const canceled = await rest.call('POST', `${location}/cancel`, { as: investor });
    expect(canceled.statusCode).toBe(200);
    expect(canceled.json()).toMatchObject({ id: placed.json().id, status: 'canceled' });
    expect(await cashOf(investor)).toBe(before);
    const again = await rest.call('POST', `${location}/cancel`, { as: investor });
    expect(again.json()).toMatchObject({ status: 409, code: 'order_not_cancelable' });
    expect((await rest.call('POST', `${location}/cancel`, { as: other })).statusCode).toBe(404);
  });

  it('previews without changing anything', async () => {
    const before = await cashOf(investor);
    const answer = await rest.call('POST', '/v1/orders/preview', { as: investor, body: deposit('7.00') });
    expect(answer.json()).toMatchObject({ status: 'completed', postings: [{ amount: '7.00' }] });
    expect(await cashOf(investor)).toBe(before);
  });

  it('shows in a preview no balance to a key that may not read balances', async () => {
    const caller = await rest.core.identity.authenticate(investor.token);
    const keyOf = async (scopes: Scope[]): Promise<string> => {
      const key = await rest.core.identity.createKey(caller!, { name: 'preview', scopes });
      if (!key.ok) throw new Error(key.problem.detail);
      return key.value.key;
    };
    const preview = async (as: string) =>
      (await rest.call('POST', '/v1/orders/preview', { as, body: deposit('7.00') })).json();
    expect(await preview(await keyOf(['orders:write']))).toMatchObject({ status: 'completed', balances: [] });
    const { balances } = await preview(await keyOf(['orders:write', 'orders:read']));
    expect(balances).toMatchObject([{ purpose: 'cash', asset: 'USD' }]);
  });

  it('shows in a preview the sides of the caller’s own accounts only, an operator all', async () => {
    const loan_id = await newLoan();
    const third = await rest.person('investor', '100.00');
    const part = { kind: 'fund_loan', loan_id, amount: '60.00' };
    expect((await rest.call('POST', '/v1/orders', { as: third, body: part })).statusCode).toBe(201);
    const body = { kind: 'fund_loan', loan_id, amount: '40.00' };
    const own = (await rest.call('POST', '/v1/orders/preview', { as: investor, body })).json();
    expect(own.status).toBe('completed');
    const mine = { id: expect.stringMatching(/^acc_/), owner: investor.id, purpose: 'cash' };
    expect(own.postings).toContainEqual(
      expect.objectContaining({
        debit: expect.objectContaining(mine),
        credit: expect.objectContaining({ id: null, owner: null, purpose: 'escrow' }),
      }),
    );
    for (const { debit, credit } of own.postings) expect([debit.owner, credit.owner]).toContain(investor.id);
    expect(JSON.stringify(own.postings)).not.toContain(third.userId);

    const seen = (await rest.call('POST', '/v1/orders/preview', { as: operator, body: deposit('1.00') })).json();
    expect(seen.postings).toMatchObject([
      { debit: { owner: 'installation', purpose: 'outside' }, credit: { owner: operator.id, purpose: 'cash' } },
    ]);
  });

  it('decides a batch order by order, and once for each key', async () => {
    const orders = [deposit('1.00'), deposit('0'), { kind: 'nothing' }, 'x', deposit('2.00')];
    const place = (body: object) =>
      rest.call('POST', '/v1/orders/batch', { as: investor, body, headers: { 'idempotency-key': 'batch-1' } });
    const before = Number(await cashOf(investor));
    const first = await place({ orders });
    expect(first.statusCode).toBe(200);
    const { results } = first.json();
    expect(results.map(({ status }: { status: number }) => status)).toEqual([201, 422, 400, 400, 201]);
    expect(results[1].problem.errors[0].pointer).toBe('/orders/1/amount');
    const again = await place({ orders });
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(again.json().results[4]).toEqual(results[4]);
    expect((await place({ orders: [deposit('9.00')] })).json()).toMatchObject({
      status: 422,
      code: 'idempotency_mismatch',
    });
    expect(Number(await cashOf(investor))).toBe(before + 3);
  });

  it('refuses a batch under the key of another, also where orders of both were refused', async () => {
    const place = (orders: unknown[]) =>
      rest.call('POST', '/v1/orders/batch', {
        as: investor,
        body: { orders },
        headers: { 'idempotency-key': 'batch-2' },
      });
    const before = Number(await cashOf(investor));
    const first = await place(['x', deposit('0'), deposit('1.00')]);
    expect(first.json().results.map(({ status }: { status: number }) => status)).toEqual([400, 422, 201]);
    for (const orders of [[deposit('1.00')], ['x', deposit('1.00')], Array(4).fill(deposit('1.00'))])
      expect((await place(orders)).json()).toMatchObject({ status: 422, code: 'idempotency_mismatch' });
    expect(Number(await cashOf(investor))).toBe(before + 1);
  });

  it('lists newest first, in pages, by kind and status; shows the events of one', async () => {
    const user = await rest.person();
    const ids: string[] = [];
    for (const amount of ['1', '2', '3']) {
      ids.unshift((await rest.call('POST', '/v1/orders', { as: user, body: deposit(amount) })).json().id);
    }
    const idsOf = (page: { data: { id: string }[] }) => page.data.map(({ id }) => id);
    const first = (await rest.call('GET', '/v1/orders?limit=2', { as: user })).json();
    expect(idsOf(first)).toEqual(ids.slice(0, 2));
    const second = (await rest.call('GET', `/v1/orders?limit=2&cursor=${first.next_cursor}`, { as: user })).json();
    expect(idsOf(second)).toEqual(ids.slice(2));
    expect(second).toMatchObject({ has_more: false, next_cursor: null });
    expect(idsOf((await rest.call('GET', '/v1/orders?kind=withdraw', { as: user })).json())).toEqual([]);
    expect(idsOf((await rest.call('GET', '/v1/orders?status=completed', { as: user })).json())).toEqual(ids);
    expect((await rest.call('GET', '/v1/orders?cursor=abc', { as: user })).json()).toMatchObject({
      code: 'invalid_cursor',
    });
    const events = await rest.call('GET', `/v1/orders/${ids[0]}/events`, { as: user });
    expect(events.json().data.map(({ type }: { type: string }) => type)).toContain('order_processed');
    expect((await rest.call('GET', `/v1/orders/${ids[0]}/events`, { as: other })).statusCode).toBe(404);
    expect((await rest.call('GET', `/v1/orders/${ids[0]}`, { as: other })).statusCode).toBe(404);
  });

  it('shows an account’s statement to its owner', async () => {
    const user = await rest.person('trader', '12.50');
    const account = (await rest.call('GET', '/v1/accounts', { as: user })).json().data[0];
    const url = `/v1/accounts/${account.id}/transfers`;
    const lines = (await rest.call('GET', url, { as: user })).json().data;
    expect(lines).toMatchObject([{ direction: 'credit', amount: '12.50' }]);
    expect((await rest.call('GET', `${url}?to=${lines[0].at}`, { as: user })).json().data).toEqual([]);
    expect((await rest.call('GET', `${url}?from=yesterday`, { as: user })).json()).toMatchObject({
      code: 'invalid_request',
    });
    expect((await rest.call('GET', url, { as: other })).statusCode).toBe(404);
  });
});

describe('loans', () => {
  it('are opened by operators, once for a key, and funded by investors', async () => {
    const id = await newLoan('100.00');
    const fund = { kind: 'fund_loan', loan_id: id, amount: '40.00' };
    expect((await rest.call('POST', '/v1/orders', { as: investor, body: fund })).json()).toMatchObject({
      status: 'completed',
    });
    const loan = (await rest.call('GET', `/v1/loans/${id}`, { as: investor })).json();
    expect(loan).toMatchObject({
      funded: '40.00',
      remaining: '60.00',
      own_share: { invested: '40.00' },
      borrower_id: null,
    });
    const listed = (await rest.call('GET', '/v1/loans?status=open&sort=rate&limit=200', { as: investor })).json().data;
    expect(listed.map((one: { id: string }) => one.id)).toContain(id);
    const refused = await rest.call('POST', '/v1/loans', { as: operator, body: { ...fund } });
    expect(refused.json()).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it('refuses a loan that cannot be, and points to what is wrong', async () => {
    const body = {
      borrower_id: formatId('user', uuidv7()),
      purpose: 'x',
      amount: '0',
      apr: '0.1',
      term_months: 12,
      grade: 'A',
      funding_deadline: '2020-01-01T00:00:00Z',
    };
    const zero = await rest.call('POST', '/v1/loans', { as: operator, body });
    expect(zero.json()).toMatchObject({ status: 422, code: 'invalid_amount', errors: [{ pointer: '/amount' }] });
    const late = await rest.call('POST', '/v1/loans', { as: operator, body: { ...body, amount: '5' } });
    expect(late.json()).toMatchObject({ status: 400, errors: [{ pointer: '/funding_deadline' }] });
  });
});

describe('events', () => {
  it('go on behind a cursor; operators see all', async () => {
    const user = await rest.person();
    const start = (await rest.call('GET', '/v1/events', { as: user })).json();
    expect(start.data).toEqual([]);
    const { id } = (await rest.call('POST', '/v1/orders', { as: user, body: deposit('1') })).json();
    const own = (await rest.call('GET', `/v1/events?after=${start.next_cursor}`, { as: user })).json();
    const subjects = own.data.map(({ subject }: { subject: string }) => subject);
    expect(subjects).toContain(id);
    const stranger = (await rest.call('GET', `/v1/events?after=${start.next_cursor}`, { as: other })).json();
    expect(JSON.stringify(stranger)).not.toContain(id);
    const all = (
      await rest.call('GET', `/v1/events?after=${start.next_cursor}&type=order_processed`, { as: operator })
    ).json();
    expect(all.data).toMatchObject([{ subject: id }]);
    expect((await rest.call('GET', '/v1/events?after=xyz', { as: user })).json()).toMatchObject({
      code: 'invalid_cursor',
    });
  });
});

describe('the system', () => {
  it.each(['/healthz', '/readyz', '/metrics', '/openapi.json', '/asyncapi.json'])('answers %s', async (url) => {
    expect((await rest.call('GET', url)).statusCode).toBe(200);
  });
});
