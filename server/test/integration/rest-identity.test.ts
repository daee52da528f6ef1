import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProxyTrust } from '../../src/edges/proxies.ts';
import { createHttpServer, createRestEdge } from '../../src/edges/rest/index.ts';
import { createLog } from '../../src/ops/log.ts';
import { type Call, startTestRest, type TestRest, type TestUser } from '../support/rest.ts';

const deposit = { kind: 'deposit', asset: 'USD', amount: '5.00' };
let rest: TestRest;
let investor: TestUser;
let other: TestUser;

beforeAll(async () => {
  rest = await startTestRest({ flags: ['--starting-balance', '10000.00'] });
  investor = await rest.person();
  other = await rest.person();
});
afterAll(() => rest?.stop());

it('registers with a session, a cookie and the starting balance; logs in and out', async () => {
  const body = { email: 'Ada@Example.com', password: 'a long enough phrase', name: 'Ada' };
  const registered = await rest.call('POST', '/v1/auth/registration', { body });
  expect(registered.statusCode).toBe(201);
  const { token, user } = registered.json();
  expect(registered.headers['set-cookie']).toMatch(
    new RegExp(`^millrace_session=${token}; Path=/; Expires=.+; HttpOnly; SameSite=Lax$`),
  );
  const accounts = (await rest.call('GET', '/v1/accounts', { as: token })).json().data;
  expect(accounts).toMatchObject([{ purpose: 'cash', available: '10000.00' }]);
  expect((await rest.call('GET', '/v1/me', { as: token })).json()).toEqual(user);

  const again = await rest.call('POST', '/v1/auth/registration', { body });
  expect(again.json()).toMatchObject({ status: 409, code: 'registration_refused' });
  const login = await rest.call('POST', '/v1/auth/login', { body: { email: body.email, password: body.password } });
  expect(login.statusCode).toBe(200);
  const wrong = await rest.call('POST', '/v1/auth/login', {
    body: { email: body.email, password: 'a wrong phrase' },
  });
  expect(wrong.json()).toMatchObject({ status: 401, code: 'invalid_credentials' });

  const out = await rest.call('POST', '/v1/auth/logout', { as: token });
  expect(out.statusCode).toBe(204);
  expect(out.headers['set-cookie']).toContain('millrace_session=; ');
  expect((await rest.call('GET', '/v1/me', { as: token })).statusCode).toBe(401);
  expect((await rest.call('GET', '/v1/me', { as: login.json().token })).statusCode).toBe(200);
});

describe('a page that shows another user than the one whose cookie the browser sends', () => {
  /** The request of a page in a browser where `other` has logged in since. */
  const fromOldPage = (method: 'GET' | 'POST' | 'DELETE', url: string, body?: object) =>
    rest.app.inject({
      method,
      url,
      headers: {
        cookie: `millrace_session=${other.token}`,
        'millrace-user': investor.id,
        origin: 'http://localhost',
        host: 'localhost',
      },
      ...(body && { payload: body }),
    });

  it.each([
    ['GET', '/v1/me', undefined],
    ['GET', '/v1/accounts', undefined],
    ['POST', '/v1/orders', deposit],
    ['POST', '/v1/auth/ticket', undefined],
    ['POST', '/v1/auth/logout', undefined],
    ['POST', '/v1/api-keys', { name: 'k', scopes: ['orders:read'] }],
    [
      'POST',
      '/v1/auth/registration',
      { email: 'x@y.example', password: 'a long enough phrase', name: 'X', role: 'trader' },
    ],
  ] as const)('is refused %s %s', async (method, url, body) => {
    const answer = await fromOldPage(method, url, body);
    expect(answer.json()).toMatchObject({ status: 409, code: 'session_changed' });
  });

  it('has done nothing, for either of them', async () => {
    const { data } = (await rest.call('GET', '/v1/orders', { as: other })).json();
    const before = data.length;
    await fromOldPage('POST', '/v1/orders', deposit);
    for (const user of [other, investor])
      expect((await rest.call('GET', '/v1/orders', { as: user })).json().data).toHaveLength(
        user === other ? before : 0,
      );
    expect((await rest.call('GET', '/v1/me', { as: other })).statusCode).toBe(200);
  });

  it('is told so before roles and scopes are, and a page of the right user is served', async () => {
    expect((await fromOldPage('GET', '/v1/users')).json().code).toBe('session_changed');
    const headers = { 'millrace-user': other.id.toUpperCase().replace('USR_', 'usr_') };
    expect((await rest.call('GET', '/v1/me', { as: other, headers })).statusCode).toBe(200);
    expect((await rest.call('GET', '/v1/me', { as: other, headers: { 'millrace-user': 'usr_x' } })).json().code).toBe(
      'session_changed',
    );
  });
});

it('marks the cookie as secure behind a proxy that ends HTTPS', async () => {
  const app = createHttpServer({ log: createLog('silent'), trustProxy: createProxyTrust(['127.0.0.1']) });
  await app.register(createRestEdge(rest.services, { asyncApi: {} }));
  const login = await app.inject({
    method: 'POST',
    url: '/v1/auth/login',
    payload: { email: investor.email, password: investor.password },
    headers: { 'x-forwarded-proto': 'https' },
  });
  expect(login.headers['set-cookie']).toContain('; Secure');
  await app.close();
});

it('makes keys that are shown once, work with their scopes only, and stop when they are deleted', async () => {
  const made = await rest.call('POST', '/v1/api-keys', {
    as: investor,
    body: { name: 'reader', scopes: ['orders:read'] },
  });
  expect(made.statusCode).toBe(201);
  const { id, key } = made.json();
  const listed = await rest.call('GET', '/v1/api-keys', { as: investor });
  expect(listed.json().data).toMatchObject([{ id, name: 'reader', scopes: ['orders:read'] }]);
  expect(listed.body).not.toContain(key);
  expect((await rest.call('GET', '/v1/accounts', { as: key })).statusCode).toBe(200);
  expect((await rest.call('POST', '/v1/orders', { as: key, body: deposit })).statusCode).toBe(403);
  expect((await rest.call('GET', '/v1/api-keys', { as: key })).statusCode).toBe(403);
  expect((await rest.call('DELETE', `/v1/api-keys/${id}`, { as: other })).statusCode).toBe(404);
  expect((await rest.call('DELETE', `/v1/api-keys/${id}`, { as: investor })).statusCode).toBe(204);
  expect((await rest.call('GET', '/v1/accounts', { as: key })).statusCode).toBe(401);
});

it('lets a service register a user and act for it, and for no other', async () => {
  const service = await rest.person('service');
  const body = { email: 'client@example.com', password: 'a long enough phrase', name: 'Client' };
  const { user } = (await rest.call('POST', '/v1/auth/registration', { as: service, body })).json();
  const actAs = (id: string) => ({ 'millrace-act-as': id });
  const placed = await rest.call('POST', '/v1/orders', {
    as: service,
    headers: actAs(user.id),
    body: deposit,
  });
  expect(placed.json()).toMatchObject({ status: 'completed', user_id: user.id });
  expect((await rest.call('GET', '/v1/me', { as: service, headers: actAs(user.id) })).json()).toEqual(user);
  const refused = await rest.call('POST', '/v1/orders', {
    as: service,
    headers: actAs(other.id),
    body: deposit,
  });
  expect(refused.json()).toMatchObject({ status: 403, code: 'forbidden' });
});

it('lets an operator’s session register others with a role, stays that session, and takes no key for it', async () => {
  const operator = await rest.person('operator');
  const made = await rest.call('POST', '/v1/api-keys', { as: operator, body: { name: 'all', scopes: ['operate'] } });
  const { key } = made.json();
  let count = 0;
  const register = (role: string | undefined, call: Call) => {
    count += 1;
    const body = { email: `made-${count}@example.com`, password: 'a long enough phrase', name: 'Made', role };
    return rest.call('POST', '/v1/auth/registration', { ...call, body });
  };
  for (const role of ['operator', 'investor'])
    expect((await register(role, { as: key })).json()).toMatchObject({ status: 403, code: 'forbidden' });
  expect((await register(undefined, { as: key })).json()).toMatchObject({ user: { role: 'investor' } });

  const cookie = `millrace_session=${operator.token}`;
  const browser = { headers: { cookie, 'sec-fetch-site': 'same-origin' } };
  for (const call of [browser, { as: operator }]) {
    const answer = await register('operator', call);
    expect(answer.json()).toMatchObject({ user: { role: 'operator' } });
    expect(answer.headers['set-cookie']).toBeUndefined();
  }
  const elsewhere = await register('operator', { headers: { cookie, origin: 'http://evil.example' } });
  expect(elsewhere.json()).toMatchObject({ status: 403, code: 'origin_refused' });
  const theirs = { headers: { cookie: `millrace_session=${investor.token}`, 'sec-fetch-site': 'same-origin' } };
  expect((await register('trader', theirs)).json()).toMatchObject({ status: 403, code: 'forbidden' });
  // A user who registers without a role is a new one, also where a session is left in the browser.
  const stale = await register(undefined, {
    headers: { cookie: 'millrace_session=mrs_gone', 'sec-fetch-site': 'same-origin' },
  });
  expect(stale.headers['set-cookie']).toContain(`millrace_session=${stale.json().token}`);
});
