import { ERRORS } from '@millrace/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeEdge, fakeToken, startFakeEdge } from '../../../test/support/rest-fakes.ts';
import { createLog } from '../../ops/log.ts';
import { createHttpServer } from './index.ts';
import { registerOperations } from './routes.ts';

const investor = fakeToken('mrs', 'investor');
const bearer = { authorization: `Bearer ${investor}` };
const order = { kind: 'deposit', asset: 'USD', amount: '1.00' };
let edge: FakeEdge;

beforeAll(async () => {
  edge = await startFakeEdge(
    {
      accounts: { list: async () => ({ ok: true, value: { data: [], has_more: false, next_cursor: null } }) } as never,
    },
    { allowedOrigins: ['https://app.example.com'], authRequestsPerMinute: 2 },
  );
});
afterAll(() => edge.stop());

describe('who is asking', () => {
  it('is asked before the body is read', async () => {
    const answer = await edge.app.inject({
      method: 'POST',
      url: '/v1/orders',
      payload: 'not json',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it.each(['Basic eDp5', 'Bearer', 'Bearer ', 'Bearer a b', `bearer x${investor}`, ''])(
    'refuses the authorization %j',
    async (authorization) => {
      const answer = await edge.app.inject({ url: '/v1/accounts', headers: { authorization } });
      expect(answer.json()).toMatchObject({ code: 'unauthenticated' });
    },
  );

  it('takes the scheme in any letter case', async () => {
    const answer = await edge.app.inject({ url: '/v1/accounts', headers: { authorization: `bearer ${investor}` } });
    expect(answer.statusCode).toBe(200);
  });

  it('does not make a token of the query', async () => {
    const answer = await edge.app.inject({ url: `/v1/accounts?token=${investor}` });
    expect(answer.statusCode).toBe(401);
  });

  it('lets a service act for a user, and nobody else', async () => {
    const userId = '0190b8a0-5f3a-7c1e-9b1a-123456789abc';
    const headers = { authorization: `Bearer ${fakeToken('mrs', 'service')}`, 'millrace-act-as': `usr_${userId}` };
    const answer = await edge.app.inject({ method: 'POST', url: '/v1/orders', headers, payload: order });
    expect(answer.statusCode).toBe(201);
    expect(edge.intake.submissions.at(-1)?.caller.actingFor).toBe(userId);
    for (const [authorization, actAs] of [
      [bearer.authorization, `usr_${userId}`],
      [headers.authorization, userId],
    ]) {
      const refused = await edge.app.inject({
        url: '/v1/accounts',
        headers: { authorization, 'millrace-act-as': actAs },
      });
      expect(refused.json()).toMatchObject({ code: 'forbidden' });
    }
  });
});

describe('a session’s cookie', () => {
  const cookie = `theme=dark; millrace_session=${investor}`;
  const place = (headers: Record<string, string>) =>
    edge.app.inject({
      method: 'POST',
      url: '/v1/orders',
      payload: order,
      headers: { cookie, host: 'millrace.test', ...headers },
    });

  it('is enough to read', async () => {
    expect((await edge.app.inject({ url: '/v1/accounts', headers: { cookie } })).statusCode).toBe(200);
  });

  it.each([
    { origin: 'http://millrace.test' },
    { origin: 'http://millrace.test', 'sec-fetch-site': 'same-origin' },
    { origin: 'https://app.example.com', 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-origin' },
  ])('is enough to change something from %j', async (headers) => {
    expect((await place(headers as never)).statusCode).toBe(201);
  });

  it.each([
    {},
    { origin: 'null' },
    { origin: 'https://evil.example' },
    { origin: 'http://millrace.test.evil.example' },
    { origin: 'http://millrace.test:8080' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { origin: 'http://millrace.test', 'sec-fetch-site': 'cross-site' },
  ])('is not enough to change something from %j', async (headers) => {
    const answer = await place(headers as never);
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ code: 'origin_refused' });
  });

  it('does not matter beside a token', async () => {
    expect((await place({ ...bearer, origin: 'https://evil.example' })).statusCode).toBe(201);
  });
});

describe('errors', () => {
  it('has a page for every code, which `type` leads to, and an index', async () => {
    const index = (await edge.app.inject({ url: '/docs/errors' })).body;
    for (const [code, { title }] of Object.entries(ERRORS)) {
      const page = await edge.app.inject({ url: `/docs/errors/${code}` });
      expect(page.statusCode).toBe(200);
      expect(page.headers['content-type']).toContain('text/html');
      expect(page.body).toContain(title);
      expect(index).toContain(`/docs/errors/${code}"`);
    }
    expect((await edge.app.inject({ url: '/docs/errors/constructor' })).statusCode).toBe(404);
  });

  it.each([
    ['GET', '/nothing', 404, 'not_found', undefined],
    ['GET', '/v1/orders/123', 404, 'not_found', undefined],
    ['DELETE', '/v1/orders', 405, 'method_not_allowed', 'GET, HEAD, POST'],
    ['PUT', '/v1/orders/ord_0190b8a0-5f3a-7c1e-9b1a-123456789abc/cancel', 405, 'method_not_allowed', 'POST'],
    ['TRACE', '/v1/me', 405, 'method_not_allowed', 'GET, HEAD'],
  ] as const)('%s %s is %i %s', async (method, url, status, code, allow) => {
    const answer = await edge.app.inject({ method: method as 'GET', url, headers: bearer });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ code, status, request_id: answer.headers['x-request-id'] });
    expect(answer.headers.allow).toBe(allow);
  });

  it.each([
    [{ 'content-type': 'text/plain' }, '{}', 415, 'unsupported_media_type'],
    [{ 'content-type': 'application/xml' }, '<a/>', 415, 'unsupported_media_type'],
    [{}, '{}', 415, 'unsupported_media_type'],
    [{ 'content-type': 'application/json' }, '{', 400, 'invalid_json'],
    [{ 'content-type': 'application/json' }, '', 400, 'invalid_request'],
    [{ 'content-type': 'application/json' }, JSON.stringify({ kind: 'x'.repeat(70_000) }), 413, 'payload_too_large'],
  ])('a body with %j is told apart (%#)', async (headers, payload, status, code) => {
    const answer = await edge.app.inject({
      method: 'POST',
      url: '/v1/orders',
      headers: { ...bearer, ...headers } as never,
      payload,
    });
    expect(answer.json()).toMatchObject({ status, code });
    expect(answer.statusCode).toBe(status);
  });

  it.each([
    ['/v1/accounts?x=1', '/x'],
    ['/v1/orders?limit=0', '/limit'],
    ['/v1/orders?limit=201', '/limit'],
    ['/v1/orders?limit=1e1', '/limit'],
    ['/v1/orders?limit=5&limit=6', '/limit'],
    ['/v1/orders?status=done', '/status'],
    ['/v1/orders?kind=create_loan', '/kind'],
    ['/v1/events?cursor=1', '/cursor'],
  ])('the query of %s is refused at %s', async (url, pointer) => {
    const answer = await edge.app.inject({ url, headers: bearer });
    expect(answer.json()).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
  });

  it('takes an empty body or an empty object where no body is asked for, and nothing else', async () => {
    const url = '/v1/auth/ticket';
    const post = (payload?: object) =>
      edge.app.inject({ method: 'POST', url, headers: bearer, ...(payload && { payload }) });
    // The fake of identity makes no tickets: the request has come through to it.
    expect((await post()).statusCode).toBe(500);
    expect((await post({})).statusCode).toBe(500);
    expect((await post({ a: 1 })).json()).toMatchObject({ code: 'invalid_request', errors: [{ pointer: '/a' }] });
  });

  it('does not show what broke', async () => {
    const answer = await edge.app.inject({ url: '/v1/loans', headers: bearer });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('faked');
  });
});

it('answers 503 where the database cannot be reached', async () => {
  const cut = await startFakeEdge({}, {}, { isUnavailable: () => true });
  const answer = await cut.app.inject({ url: '/v1/loans', headers: bearer });
  expect(answer.json()).toMatchObject({ status: 503, code: 'not_ready' });
  expect(answer.headers['retry-after']).toBe('1');
  await cut.stop();
});

describe('X-Request-Id', () => {
  it('is the caller’s where it is plain, else a new one, and always answered', async () => {
    const of = async (id: string) =>
      (await edge.app.inject({ url: '/healthz', headers: { 'x-request-id': id } })).headers['x-request-id'];
    expect(await of('trace-1.2:3')).toBe('trace-1.2:3');
    expect(await of('a b')).toMatch(/^req_/);
    expect(await of('x'.repeat(129))).toMatch(/^req_/);
    expect(await of('<script>')).toMatch(/^req_/);
  });
});

describe('/metrics', () => {
  const read = (app: FakeEdge['app'], remoteAddress: string, headers = {}) =>
    app.inject({ url: '/metrics', remoteAddress, headers });

  it('is for this machine only where there is no token', async () => {
    expect((await read(edge.app, '127.0.0.1')).body).toBe('up 1\n');
    expect((await read(edge.app, '::1')).statusCode).toBe(200);
    expect((await read(edge.app, '10.0.0.1')).statusCode).toBe(401);
    expect((await read(edge.app, '127.0.0.1', { 'x-forwarded-for': '10.0.0.1' })).statusCode).toBe(401);
  });

  it('is for who has the token where there is one', async () => {
    const guarded = await startFakeEdge({}, { metricsToken: 'scrape-me' });
    expect((await read(guarded.app, '10.0.0.1', { authorization: 'Bearer scrape-me' })).statusCode).toBe(200);
    expect((await read(guarded.app, '127.0.0.1')).statusCode).toBe(401);
    expect((await read(guarded.app, '10.0.0.1', { authorization: 'Bearer scrape-mx' })).statusCode).toBe(401);
    await guarded.stop();
  });
});

describe('other sites', () => {
  it('may call where they are allowed', async () => {
    const preflight = await edge.app.inject({
      method: 'OPTIONS',
      url: '/v1/orders',
      headers: { origin: 'https://app.example.com', 'access-control-request-method': 'POST' },
    });
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers['access-control-allow-origin']).toBe('https://app.example.com');
    const other = await edge.app.inject({ url: '/healthz', headers: { origin: 'https://evil.example' } });
    expect(other.headers['access-control-allow-origin']).not.toBe('https://evil.example');
  });
});

it('bounds registration and login by address, together', async () => {
  const login = (remoteAddress: string, url = '/v1/auth/login') =>
    edge.app.inject({ method: 'POST', url, remoteAddress, payload: { email: 'x' } });
  const answers = [await login('10.1.1.1'), await login('10.1.1.1', '/v1/auth/registration'), await login('10.1.1.1')];
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([400, 400, 429]);
  expect(answers[2]?.json()).toMatchObject({ code: 'rate_limited' });
  expect(Number(answers[2]?.headers['retry-after'])).toBeGreaterThan(0);
  expect((await login('10.1.1.2')).statusCode).toBe(400);
});

it('serves Swagger UI without a script in the page', async () => {
  const page = await edge.app.inject({ url: '/swagger/' });
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-security-policy']).toContain("script-src 'self'");
  expect(page.body).not.toMatch(/<script>/);
  expect((await edge.app.inject({ url: '/swagger/json' })).json().openapi).toBe('3.1.0');
});

describe('the start', () => {
  const access = { guardsOf: () => ({}), optionalCaller: async () => undefined };
  const health = {
    operationId: 'getHealth',
    method: 'GET',
    path: '/healthz',
    tag: 'system',
    summary: '',
    access: 'public',
    responses: {},
  } as const;
  const handler = async () => undefined as never;

  it('fails where an operation has no handler', () => {
    const app = createHttpServer({ log: createLog('silent') });
    expect(() => registerOperations(app, { operations: [health], handlers: {}, access }, [])).toThrow('getHealth');
  });

  it('fails where a handler belongs to no operation', () => {
    const app = createHttpServer({ log: createLog('silent') });
    const handlers = { getHealth: handler, getWealth: handler } as never;
    expect(() => registerOperations(app, { operations: [health], handlers, access }, [])).toThrow('getWealth');
  });

  it('fails where a route is not listed', () => {
    const app = createHttpServer({ log: createLog('silent') });
    registerOperations(app, { operations: [health], handlers: { getHealth: handler }, access }, ['/docs']);
    app.get('/docs/page', handler);
    expect(() => app.get('/v1/backdoor', handler)).toThrow('/v1/backdoor');
  });
});
