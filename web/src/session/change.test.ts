import { expect, test } from 'vitest';
import { createSessionChange, fetchForOwner } from './change.ts';

function serverThat(status: number, code?: string) {
  const users: (string | null)[] = [];
  const send: typeof fetch = async (_input, init) => {
    users.push(new Headers(init?.headers).get('millrace-user'));
    return new Response(JSON.stringify({ code }), { status });
  };
  return { users, send };
}

test('every request of a page says whose it is, but the log-in, and a visitor’s page is nobody’s', async () => {
  const { users, send } = serverThat(200);
  let owner: string | null = null;
  const request = fetchForOwner(() => owner, createSessionChange(), send);
  await request('http://h/v1/loans');
  owner = 'usr_1';
  await request('http://h/v1/orders', { method: 'POST', headers: { 'idempotency-key': 'k' } });
  await request('http://h/v1/auth/logout', { method: 'POST' });
  await request('http://h/v1/auth/login', { method: 'POST' });
  expect(users).toEqual([null, 'usr_1', 'usr_1', null]);
});

test('a refusal because another user is logged in is told to the page; other refusals are not', async () => {
  const change = createSessionChange();
  let told = 0;
  change.subscribe(() => {
    told += 1;
  });
  await fetchForOwner(() => 'usr_1', change, serverThat(409, 'order_not_cancelable').send)('http://h/v1/orders');
  expect({ told, happened: change.happened }).toEqual({ told: 0, happened: false });
  const answer = await fetchForOwner(() => 'usr_1', change, serverThat(409, 'session_changed').send)('http://h/v1/me');
  expect({ told, happened: change.happened }).toEqual({ told: 1, happened: true });
  // The body is still the caller's to read.
  expect(await answer.json()).toEqual({ code: 'session_changed' });
});

test('a page that has logged its user in again is that user’s; a log-in that is refused changes nothing', async () => {
  const change = createSessionChange();
  const owner = () => 'usr_1';
  await fetchForOwner(owner, change, serverThat(409, 'session_changed').send)('http://h/v1/me');
  await fetchForOwner(owner, change, serverThat(401).send)('http://h/v1/auth/login', { method: 'POST' });
  expect(change.happened).toBe(true);
  await fetchForOwner(owner, change, serverThat(200).send)('http://h/v1/auth/login', { method: 'POST' });
  expect(change.happened).toBe(false);
});
