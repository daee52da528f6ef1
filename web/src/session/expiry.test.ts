import { expect, test } from 'vitest';
import { createExpiry, fetchWithRenewal } from './expiry.ts';

function serverThat(...statuses: number[]) {
  const seen: string[] = [];
  const send: typeof fetch = async (input) => {
    seen.push(input instanceof Request ? input.url : input.toString());
    return new Response(null, { status: statuses.shift() ?? 200 });
  };
  return { seen, send };
}

test('a request that an expired session refused goes out again after the log-in', async () => {
  const expiry = createExpiry();
  const { seen, send } = serverThat(401);
  const answer = fetchWithRenewal(expiry, () => true, send)('http://h/v1/orders', { method: 'POST' });
  await expect.poll(() => expiry.waiting).toBe(true);
  expiry.settle(true);
  expect((await answer).status).toBe(200);
  expect(seen).toHaveLength(2);
  expect(expiry.waiting).toBe(false);
});

test('all requests wait for one log-in, and get their refusal where nobody logs in', async () => {
  const expiry = createExpiry();
  const { seen, send } = serverThat(401, 401);
  const request = fetchWithRenewal(expiry, () => true, send);
  const answers = [request('http://h/v1/orders'), request('http://h/v1/accounts')];
  await expect.poll(() => seen.length).toBe(2);
  await expect.poll(() => expiry.waiting).toBe(true);
  expiry.settle(false);
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([401, 401]);
  expect(seen).toHaveLength(2);
});

test('an operator whose session expired while registering a user is asked for a log-in', async () => {
  const expiry = createExpiry();
  const { send } = serverThat(401);
  const answer = fetchWithRenewal(expiry, () => true, send)('http://h/v1/auth/registration', { method: 'POST' });
  await expect.poll(() => expiry.waiting).toBe(true);
  expiry.settle(true);
  expect((await answer).status).toBe(200);
});

test('nobody is asked for a log-in by the log-in itself, nor as a visitor', async () => {
  const expiry = createExpiry();
  const { send } = serverThat(401, 401, 401);
  expect((await fetchWithRenewal(expiry, () => true, send)('http://h/v1/auth/login')).status).toBe(401);
  expect((await fetchWithRenewal(expiry, () => true, send)('http://h/v1/me')).status).toBe(401);
  expect((await fetchWithRenewal(expiry, () => false, send)('http://h/v1/orders')).status).toBe(401);
  expect(expiry.waiting).toBe(false);
});
