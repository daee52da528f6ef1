import { type Client, MillraceError, newOrderId } from '@millrace/client';
import type { WireEventEnvelope } from '@millrace/contract';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(async () => platform.stop());

let registered = 0;

async function newUser(): Promise<{ client: Client; id: string }> {
  registered += 1;
  const body = { email: `user-${registered}@example.com`, password: 'a long password', name: 'User' };
  const { user, token } = await platform.client().auth.register(body);
  return { client: platform.client(token), id: user.id };
}

const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 30_000, interval: 10 });
const deposit = { kind: 'deposit', asset: 'USD', amount: '10.00' } as const;

async function newLoan(borrower: string): Promise<string> {
  const loan = await platform.operator().loans.create({
    borrower_id: borrower,
    purpose: 'Test',
    amount: '1000.00',
    apr: '0.0725',
    term_months: 12,
    grade: 'B',
    funding_deadline: new Date(Date.now() + 86_400_000).toISOString(),
  });
  return loan.id;
}

test('from the registration to a funded loan', async () => {
  const { client, id } = await newUser();
  expect(await client.me()).toMatchObject({ id, role: 'investor' });
  expect((await client.accounts.list()).data).toMatchObject([{ asset: 'USD', available: '10000.00' }]);
  const loan = await newLoan((await newUser()).id);
  const order = { kind: 'fund_loan', loan_id: loan, amount: '1000.00' } as const;
  expect(await client.orders.preview(order)).toMatchObject({ status: 'completed' });
  const placed = await client.orders.submit(order);
  expect(placed).toMatchObject({ status: 'completed', replayed: false });
  expect(await client.loans.get(loan)).toMatchObject({ status: 'repaying', own_share: { invested: '1000.00' } });
  expect(await client.orders.get(placed.id)).toMatchObject({ id: placed.id, status: 'completed' });
  expect((await client.orders.events(placed.id)).map(({ type }) => type)).toContain('order_processed');
});

test('the same order twice is one order, also where the second has another client', async () => {
  const { client } = await newUser();
  const order = { ...deposit, id: newOrderId() };
  expect((await client.orders.submit(order)).replayed).toBe(false);
  expect((await client.orders.submit(order)).replayed).toBe(true);
  await expect(client.orders.submit({ ...order, amount: '11.00' })).rejects.toMatchObject({
    code: 'idempotency_mismatch',
    status: 422,
  });
  expect((await client.accounts.list()).data).toMatchObject([{ balance: '10010.00' }]);
});

test('a batch answers each order for itself', async () => {
  const { client } = await newUser();
  const results = await client.orders.submitBatch([
    deposit,
    { ...deposit, amount: '0' },
    { kind: 'repay_loan', loan_id: 'loan_nonsense' },
    deposit,
  ]);
  expect(results.map(({ status }) => status)).toEqual([201, 422, 400, 201]);
});

test('lists are read to their end, page by page', async () => {
  const { client } = await newUser();
  await client.orders.submitBatch(Array.from({ length: 25 }, () => deposit));
  const ids = new Set<string>();
  await vi.waitFor(
    async () => {
      ids.clear();
      for await (const order of client.orders.all({ kind: 'deposit', limit: 10 })) ids.add(order.id);
      expect(ids.size).toBe(25);
    },
    { timeout: 30_000, interval: 50 },
  );
  const account = (await client.accounts.list()).data[0] as { id: string };
  const lines: string[] = [];
  for await (const line of client.accounts.allTransfers(account.id, { limit: 10 })) lines.push(line.amount);
  expect(lines).toHaveLength(26);
});

test('a withdrawal is pending until the bank has answered, or is canceled', async () => {
  const { client } = await newUser();
  const order = await client.orders.submit({ kind: 'withdraw', asset: 'USD', amount: '50.00' }, { respondAsync: true });
  await vi.waitFor(async () => expect((await client.orders.get(order.id)).status).toBe('completed'), {
    timeout: 30_000,
  });
  await expect(client.orders.cancel(order.id)).rejects.toMatchObject({ code: 'order_not_cancelable', status: 409 });
});

test('API keys are made, listed and deleted, and stop working', async () => {
  const { client } = await newUser();
  const { id, key } = await client.apiKeys.create({ name: 'test', scopes: ['orders:read'] });
  const withKey = platform.client(key);
  await withKey.accounts.list();
  await expect(withKey.orders.submit(deposit)).rejects.toMatchObject({ code: 'forbidden' });
  const second = await client.apiKeys.create({ name: 'second', scopes: ['orders:read'] });
  expect((await client.apiKeys.list({ limit: 1 })).data).toHaveLength(1);
  const listed: string[] = [];
  for await (const known of client.apiKeys.all({ limit: 1 })) listed.push(known.id);
  expect(listed).toEqual([second.id, id]);
  await client.apiKeys.delete(id);
  await expect(withKey.accounts.list()).rejects.toMatchObject({ code: 'unauthenticated', status: 401 });
  await client.auth.logOut();
  await expect(client.me()).rejects.toBeInstanceOf(MillraceError);
});

test('what is not one’s own is not found, and a wrong field is named', async () => {
  const [a, b] = [await newUser(), await newUser()];
  const order = await a.client.orders.submit(deposit);
  await expect(b.client.orders.get(order.id)).rejects.toMatchObject({
    code: 'not_found',
    requestId: expect.stringMatching(/./),
  });
  await expect(b.client.orders.submit({ ...deposit, amount: '1.001' })).rejects.toMatchObject({
    code: 'invalid_amount',
    errors: [{ pointer: '/amount' }],
  });
});

test('the stream tells one’s own events, takes orders, and ends with the session', async () => {
  const { client } = await newUser();
  const stream = client.stream({ reconnectDelayMs: 10 });
  const seen: WireEventEnvelope[] = [];
  stream.subscribe('me', { event: (event) => void seen.push(event) });
  const order = await stream.order(deposit);
  expect(order).toMatchObject({ status: 'completed', replayed: false });
  await until(() => expect(seen.some(({ subject }) => subject === order.id)).toBe(true));
  const refused = new Promise((resolve) => stream.subscribe('operators', { event: () => {}, error: resolve }));
  expect(await refused).toMatchObject({ code: 'forbidden' });
  stream.close();
  expect(await stream.ended).toBeUndefined();
});

test('a stream that outlives its server gets every event once, in order', async () => {
  const { client, id } = await newUser();
  const stream = platform.operator().stream({ reconnectDelayMs: 10 });
  const seen: string[] = [];
  const subscription = stream.subscribe('operators', {
    event: ({ id: eventId, data }) => {
      if (data['user_id'] === id && 'kind' in data) seen.push(eventId);
    },
  });
  await until(() => expect(subscription.cursor).toBeDefined());
  const placed: Promise<unknown>[] = [];
  for (let round = 0; round < 3; round += 1) {
    for (let count = 0; count < 20; count += 1)
      placed.push(client.orders.submit(deposit, { retry: { attemptsMax: 100, delayMaxMs: 200 } }));
    await platform.stopServer();
    await platform.startServer();
  }
  await Promise.all(placed);
  await until(() => expect(seen).toHaveLength(60));
  const sequence = seen.map((eventId) => Number(eventId.slice(2)));
  expect(sequence).toEqual([...sequence].sort((a, b) => a - b));
  expect((await client.accounts.list()).data).toMatchObject([{ balance: '10600.00' }]);
  stream.close();
});
