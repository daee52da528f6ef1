import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';

const deposit = (amount = '1.00') => ({ kind: 'deposit', asset: 'USD', amount });

describe('orders a second', () => {
  let rest: TestRest;
  let ann: TestUser;
  let ben: TestUser;

  beforeAll(async () => {
    rest = await startTestRest({ flags: ['--orders-per-second', '1', '--orders-burst', '5'] });
    ann = await rest.person('investor');
    ben = await rest.person('investor');
  });
  afterAll(() => rest?.stop());

  test('of one user are bounded, one by one and in batches, rejected and refused ones too; others are not harmed', async () => {
    const rejected = { kind: 'withdraw', asset: 'USD', amount: '1000000.00' };
    const first = await rest.call('POST', '/v1/orders', { as: ann, body: rejected });
    expect(first.json()).toMatchObject({ status: 'rejected' });
    const refused = await rest.call('POST', '/v1/orders', { as: ann, body: deposit('1.001') });
    expect(refused.statusCode).toBe(422);
    const orders = Array.from({ length: 10 }, () => deposit());
    const batch = await rest.call('POST', '/v1/orders/batch', { as: ann, body: { orders } });
    const results = batch.json().results as { status: number; problem?: { code: string; detail: string } }[];
    const taken = results.filter(({ problem }) => problem === undefined);
    // Three are left of the five; a slow machine may have gained some more meanwhile.
    expect(taken.length).toBeGreaterThanOrEqual(3);
    expect(taken.length).toBeLessThan(10);
    expect(results.at(-1)?.problem).toMatchObject({
      code: 'rate_limited',
      detail: 'A user has 1 orders a second, 5 at once.',
    });
    const more = await Promise.all(
      Array.from({ length: 10 }, () => rest.call('POST', '/v1/orders', { as: ann, body: deposit() })),
    );
    const limited = more.find(({ statusCode }) => statusCode === 429);
    expect(limited?.json()).toMatchObject({ code: 'rate_limited' });
    expect(Number(limited?.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    const others = await rest.call('POST', '/v1/orders', { as: ben, body: deposit() });
    expect(others.statusCode).toBe(201);
  });

  test('do not count previews, which are counted apart', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => rest.call('POST', '/v1/orders/preview', { as: ben, body: deposit() })),
    );
    expect(answers.filter(({ statusCode }) => statusCode === 200).length).toBeGreaterThanOrEqual(5);
    expect(answers.some(({ statusCode }) => statusCode === 429)).toBe(true);
  });
});

test('an installation that is no demonstration mints nothing unless it is told to', async () => {
  const rest = await startTestRest({ flags: ['--gateway', 'auto'] });
  const ann = await rest.person('investor');
  for (const kind of ['deposit', 'withdraw']) {
    const answer = await rest.call('POST', '/v1/orders', { as: ann, body: { ...deposit(), kind } });
    expect(answer.json()).toMatchObject({ status: 'rejected', reason: 'gateway_missing' });
  }
  const installation = await rest.call('GET', '/v1/installation');
  expect(installation.json()).toMatchObject({ gateway: null, starting_balance: null });
  const registered = await rest.call('POST', '/v1/auth/registration', {
    body: { email: 'new@example.com', password: 'a long password of mine', name: 'New' },
  });
  const accounts = await rest.call('GET', '/v1/accounts', { as: registered.json().token });
  expect(accounts.json().data).toEqual([]);
  await rest.stop();
});
