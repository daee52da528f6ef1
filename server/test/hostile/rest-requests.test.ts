import type { FastifyInstance } from 'fastify';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHttpServer, createRestEdge } from '../../src/edges/rest/index.ts';
import { createLog } from '../../src/ops/log.ts';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';

let rest: TestRest;
let user: TestUser;
let port: number;
/** A server that gives up on slow requests soon; the other has time, so that a slow machine is no slow client. */
let impatient: FastifyInstance;
let impatientPort: number;

const portOf = (app: FastifyInstance): number => (app.server.address() as AddressInfo).port;

beforeAll(async () => {
  rest = await startTestRest();
  user = await rest.person('investor', '10.00');
  await rest.app.listen({ port: 0, host: '127.0.0.1' });
  port = portOf(rest.app);
  const limits = { requestTimeoutMs: 400, headersTimeoutMs: 300, timeoutCheckMs: 50 };
  impatient = createHttpServer({ log: createLog('silent'), limits });
  await impatient.register(createRestEdge(rest.services, { asyncApi: {} }));
  await impatient.listen({ port: 0, host: '127.0.0.1' });
  impatientPort = portOf(impatient);
});
afterAll(async () => {
  await impatient?.close();
  await rest?.stop();
});

/** Whatever came: the next one is served, and nothing has moved. */
async function expectUnmoved(): Promise<void> {
  const accounts = await rest.call('GET', '/v1/accounts', { as: user });
  expect(accounts.json().data).toMatchObject([{ purpose: 'cash', balance: '10.00' }]);
}

afterEach(expectUnmoved);

/** Writes the parts to a new connection and reads until the server closes it. */
function exchange(...parts: (string | Buffer)[]): Promise<string> {
  return exchangeWith(port, parts);
}

function exchangeWith(serverPort: number, parts: readonly (string | Buffer)[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(serverPort, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    // A reset while we still write is an end like any other.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
    for (const part of parts) socket.write(part);
  });
}

const head = (length: number | string, more = '') =>
  `POST /v1/orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${user.token}\r\n` +
  `Content-Type: application/json\r\n${length === '' ? '' : `Content-Length: ${length}\r\n`}${more}\r\n`;

const post = (body: string | Buffer) => exchange(head(Buffer.byteLength(body)), body);

function expectProblem(answer: string, status: number, code: string): void {
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
  expect(answer.toLowerCase()).toContain('x-request-id: ');
  expect(answer).toContain(`"code":"${code}"`);
}

describe('bodies', () => {
  it('too large by its own words is refused unread', async () => {
    expectProblem(await exchange(head(10_000_000)), 413, 'payload_too_large');
  });

  it('too large without saying so is refused when it gets too large', async () => {
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
    const answer = await exchange(head('', 'Transfer-Encoding: chunked\r\n'), chunk, chunk, chunk);
    expectProblem(answer, 413, 'payload_too_large');
  });

  it('too large for a batch is refused, at another limit', async () => {
    const headers = { authorization: `Bearer ${user.token}`, 'content-type': 'application/json' };
    const send = (length: number) =>
      rest.app.inject({
        method: 'POST',
        url: '/v1/orders/batch',
        headers,
        payload: `{"orders":[${' '.repeat(length)}]}`,
      });
    expect((await send(2 * 1024 * 1024)).statusCode).toBe(413);
    expect((await send(1024 * 1024)).json()).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it.each([30, 1_000, 30_000])('%i levels deep are refused', async (levels) => {
    const orders = `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    const answer = await post(orders);
    expectProblem(answer, 400, levels > 32 ? 'invalid_json' : 'invalid_request');
  });

  it.each([
    '{',
    '[',
    '"',
    'nul',
    '{"kind":"deposit",}',
    '{"kind":"deposit"}{',
    '\u0000',
    '{"kind":"\\x"}',
    '{"kind":"a\nb"}',
    '\uFEFF{}',
  ])('%j is refused as no JSON', async (body) => {
    expectProblem(await post(body), 400, 'invalid_json');
  });

  it.each(['null', '1', '"deposit"', '[]', 'true', '{}', '[{"kind":"deposit"}]'])(
    '%s is refused as no order',
    async (body) => {
      expectProblem(await post(body), 400, 'invalid_request');
    },
  );

  it('with a name twice is refused', async () => {
    const answer = await post('{"kind":"deposit","asset":"USD","amount":"1","amount":"2"}');
    expectProblem(answer, 400, 'invalid_json');
  });

  it.each([
    '{"__proto__":{"kind":"deposit"}}',
    '{"kind":"deposit","constructor":{"prototype":{}},"asset":"USD","amount":"1"}',
  ])('%s is refused', async (body) => {
    expectProblem(await post(body), 400, 'invalid_json');
    expect(({} as { kind?: string }).kind).toBeUndefined();
  });

  it('that are not UTF-8 are refused', async () => {
    for (const bytes of [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80]]) {
      const body = Buffer.concat([Buffer.from('{"kind":"'), Buffer.from(bytes), Buffer.from('"}')]);
      expectProblem(await post(body), 400, 'invalid_json');
    }
  });

  it('with text that cannot be stored is refused', async () => {
    for (const item of ['a\\u0000b', '\\ud800']) {
      const answer = await post(`{"kind":"pay","merchant":"shop","item":"${item}","quantity":1,"price":"1"}`);
      expectProblem(answer, 400, 'invalid_request');
    }
  });

  it.each([
    'constructor',
    'toString',
    'hasOwnProperty',
    'grant_bonus',
    'settle_withdrawal',
    'expire_loan',
    'DEPOSIT',
    '',
  ])('of the kind %j are refused', async (kind) => {
    expectProblem(
      await post(JSON.stringify({ kind, asset: 'USD', amount: '1', user_id: user.id })),
      400,
      'invalid_request',
    );
  });

  it('with fields that the kind does not have are refused', async () => {
    const answer = await post('{"kind":"deposit","asset":"USD","amount":"1","status":"completed","user_id":"usr_x"}');
    expectProblem(answer, 400, 'invalid_request');
    expect(answer).toContain('"pointer":"/status"');
  });

  it('that do not end are given up', async () => {
    expectProblem(await exchangeWith(impatientPort, [head(100), '{"kind":']), 408, 'request_timeout');
  });
});

describe('heads', () => {
  it('that do not end are given up', async () => {
    expectProblem(
      await exchangeWith(impatientPort, ['GET /v1/me HTTP/1.1\r\nHost: x\r\nX-Slow: ']),
      408,
      'request_timeout',
    );
  });

  it('that are too large are refused', async () => {
    const answer = await exchange(`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Large: ${'a'.repeat(20_000)}\r\n\r\n`);
    expectProblem(answer, 431, 'headers_too_large');
    const long = await exchange(`GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expectProblem(long, 431, 'headers_too_large');
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['a TLS handshake', Buffer.from('16030100f1010000ed0303', 'hex')],
    ['no host', 'GET /healthz HTTP/1.1\r\n\r\n'],
    ['a header without a name', 'GET /healthz HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n'],
    ['a bare line feed in a header', 'GET /healthz HTTP/1.1\r\nHost: x\r\nA: b\nC\r\n\r\n'],
    ['two lengths', 'POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    [
      'a length and chunks',
      'POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a negative length', 'POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'],
    ['another version', 'GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n'],
  ])('with %s are refused', async (_name, bytes) => {
    const answer = await exchange(bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).not.toContain('"status":"ok"');
  });

  it('with an expectation that nobody meets are refused', async () => {
    expectProblem(await exchange(head(0, 'Expect: miracles\r\n')), 400, 'invalid_request');
  });

  it.each(['PROPFIND', 'QUERY', 'TRACE', 'LOCK', 'PATCH', 'OPTIONS', 'M-SEARCH'])(
    'with the method %s are refused',
    async (method) => {
      const answer = await exchange(`${method} /v1/orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 (400|404|405) /);
      expect(answer).toContain('application/problem+json');
    },
  );

  it('that ask for a tunnel get none', async () => {
    expect(await exchange('CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n')).not.toContain(' 200 ');
  });

  it('may come many at a time on one connection', async () => {
    const answer = await exchange(
      'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(500),
      'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    expect(answer.split('{"status":"ok"}')).toHaveLength(502);
  });
});

describe('paths', () => {
  it.each([
    '/docs/../../../../etc/passwd',
    '/docs/%2e%2e/%2e%2e/etc/passwd',
    '/docs/errors/..%2f..%2f..%2fetc%2fpasswd',
    '/docs/errors/%00',
    '/swagger/static/../../../../../../etc/passwd',
    '/swagger/static/..%2f..%2f..%2fpackage.json',
    '/swagger/static/%2e%2e/%2e%2e/package.json',
    '/swagger/static/..\\..\\package.json',
    '/swagger/static//etc/passwd',
    '/%zz',
    '/v1/orders/%c0%ae%c0%ae',
    `/v1/orders/${'a'.repeat(5000)}`,
    '/v1/orders/ord_0190b8a0-5f3a-7c1e-9b1a-123456789abc%00',
    '//v1/me',
    '/V1/ME',
    '/v1/me/',
    '/v1//me',
    '/v1/me;a=b',
  ])('%s leads nowhere', async (path) => {
    const answer = await exchange(
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${user.token}\r\n\r\n`,
    );
    expect(answer.toLowerCase()).toContain('\r\nx-request-id: ');
    expect(answer).toMatch(/^HTTP\/1\.1 (400|403|404) /);
    expect(answer).toContain('application/problem+json');
    expect(answer).not.toContain('root:');
    expect(answer).not.toContain('"dependencies"');
  });

  it.each([
    '?limit=1&limit=2',
    '?limit[]=1',
    '?__proto__=1',
    '?limit=%00',
    '?cursor=%27%20or%201=1',
    '?limit=99999999999999999999',
  ])('the query %s is refused', async (query) => {
    const answer = await rest.call('GET', `/v1/orders${query}`, { as: user });
    expect(answer.statusCode).toBe(400);
  });
});
