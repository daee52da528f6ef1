import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOwnNames } from '../../src/edges/own-names.ts';
import { createHttpServer } from '../../src/edges/rest/index.ts';
import { createWebEdge } from '../../src/edges/web.ts';
import { createLog } from '../../src/ops/log.ts';
import { type FakeEdge, fakeToken, startFakeEdge } from '../support/rest-fakes.ts';

const BEARER = `Bearer ${fakeToken('mrs', 'investor')}`;
const ORDER = JSON.stringify({ kind: 'deposit', asset: 'USD', amount: '1.00' });
let edge: FakeEdge;
let port: number;

beforeAll(async () => {
  const isOwnName = createOwnNames({ host: '0.0.0.0', allowedHosts: ['shop.example', '*.mill.example'] });
  edge = await startFakeEdge({}, {}, { isOwnName });
  await edge.app.listen({ port: 0, host: '127.0.0.1' });
  ({ port } = edge.app.server.address() as AddressInfo);
});
afterAll(() => edge?.stop());

/** Sends these bytes and reads until the server ends the connection. */
async function exchange(text: string, to = port): Promise<string> {
  const socket = connect(to, '127.0.0.1');
  socket.on('error', () => undefined);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
  });
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

function placing(lines: readonly string[], body = ORDER): string {
  const head = ['POST /v1/orders HTTP/1.1', ...lines, `Content-Length: ${body.length}`, 'Connection: close'];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

const HOST = 'Host: localhost';
const TYPE = 'Content-Type: application/json';
const AUTH = `Authorization: ${BEARER}`;

async function answerOf(
  text: string,
): Promise<{ status: number; code: string | undefined; allow: string | undefined }> {
  const answer = await exchange(text);
  const { code } = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as { code?: string };
  if (Number(answer.slice(9, 12)) >= 400) expect(answer).toMatch(/content-type: application\/problem\+json/i);
  return { status: Number(answer.slice(9, 12)), code, allow: /^allow: (.*)\r$/im.exec(answer)?.[1] };
}

describe('the name that was asked for', () => {
  it.each([
    'localhost',
    'localhost:3000',
    'LOCALHOST.:3000',
    'app.localhost:3000',
    '127.0.0.1:3000',
    '[::1]:3000',
    '192.0.2.7',
    'shop.example',
    'Shop.Example:8080',
    'eu.mill.example',
  ])('is one of the installation’s: %s', async (host) => {
    expect(await answerOf(placing([`Host: ${host}`, TYPE, AUTH]))).toMatchObject({ status: 201 });
  });

  it.each([
    'evil.example',
    'evil.example:3000',
    'localhost.evil.example',
    'shop.example.evil.example',
    'notmill.example',
    '127.0.0.1.evil.example',
    'a b',
    'localhost@evil.example',
    '[::1',
  ])('is refused where it is another’s, and nothing is done: %s', async (host) => {
    const before = edge.intake.submissions.length;
    expect(await answerOf(placing([`Host: ${host}`, TYPE, AUTH]))).toMatchObject({ status: 421, code: 'host_refused' });
    expect(edge.intake.submissions).toHaveLength(before);
  });

  it('in the target of a proxy’s client counts like the one in the header', async () => {
    const to = (target: string) => placing([HOST, TYPE, AUTH]).replace('/v1/orders', target);
    expect(await answerOf(to('http://evil.example/v1/orders'))).toMatchObject({ status: 421, code: 'host_refused' });
    expect(await answerOf(to('http://localhost@evil.example/v1/orders'))).toMatchObject({ status: 421 });
    expect(await answerOf(to('http://shop.example/v1/orders'))).toMatchObject({ status: 201 });
  });

  it('may be any where the operator says so', () => {
    expect(createOwnNames({ host: '::', allowedHosts: ['*'] })('anything.example')).toBe(true);
  });
});

describe('a header that means one thing', () => {
  it.each([
    [HOST, HOST, TYPE, AUTH],
    [HOST, TYPE, AUTH, AUTH],
    [HOST, TYPE, AUTH, 'authorization: Bearer other'],
    [HOST, TYPE, TYPE, AUTH],
    [HOST, TYPE, AUTH, 'Origin: http://localhost', 'Origin: http://evil.example'],
    [HOST, TYPE, AUTH, 'Idempotency-Key: a', 'Idempotency-Key: b'],
    [HOST, TYPE, AUTH, 'Millrace-Act-As: usr_1', 'Millrace-Act-As: usr_2'],
    [HOST, TYPE, 'Cookie: millrace_session=a', 'Cookie: millrace_session=b'],
    [HOST, TYPE, AUTH, 'Sec-Fetch-Site: same-origin', 'Sec-Fetch-Site: cross-site'],
  ])('is refused where it comes twice: %s, %s, %s, %s', async (...lines) => {
    const before = edge.intake.submissions.length;
    expect(await answerOf(placing(lines))).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(edge.intake.submissions).toHaveLength(before);
  });

  it('of lists, several lines are one list', async () => {
    const lines = [HOST, TYPE, AUTH, 'Prefer: wait=1', 'Prefer: respond-async', 'Accept: a/b', 'Accept: c/d'];
    expect((await answerOf(placing(lines))).status).toBeLessThan(300);
  });
});

describe('a body', () => {
  it.each(['application/json; charset=utf-8', 'application/json;charset="UTF-8"', 'application/json'])(
    'is read as %s',
    async (type) => {
      expect(await answerOf(placing([HOST, AUTH, `Content-Type: ${type}`]))).toMatchObject({ status: 201 });
    },
  );

  it.each([
    'Content-Type: application/json; charset=iso-8859-1',
    'Content-Type: application/json; charset=utf-16',
    'Content-Type: text/plain',
    'Content-Encoding: gzip',
    'Content-Encoding: br, gzip',
  ])('is refused with 415: %s', async (line) => {
    const lines = [HOST, AUTH, ...(line.startsWith('Content-Type') ? [] : [TYPE]), line];
    expect(await answerOf(placing(lines))).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });

  it('may say that it is not encoded', async () => {
    expect(await answerOf(placing([HOST, AUTH, TYPE, 'Content-Encoding: identity']))).toMatchObject({ status: 201 });
  });
});

describe('a method that a path does not have', () => {
  it.each([
    ['PATCH', '/v1/orders', 405, 'GET, HEAD, POST'],
    ['PROPFIND', '/v1/orders', 405, 'GET, HEAD, POST'],
    ['BREW', '/v1/orders?limit=1', 405, 'GET, HEAD, POST'],
    ['order', '/v1/orders', 405, 'GET, HEAD, POST'],
    ['DELETE', '/swagger/', 405, 'GET, HEAD'],
    ['POST', '/docs/errors', 405, 'GET, HEAD'],
    ['BREW', '/nowhere', 404, undefined],
    ['PATCH', '/nowhere', 404, undefined],
    ['CONNECT', '/v1/orders', 405, 'GET, HEAD'],
  ])('%s %s', async (method, path, status, allow) => {
    const answer = await answerOf(`${method} ${path} HTTP/1.1\r\n${HOST}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatchObject({ status, allow });
    expect(answer.code).toBe(status === 405 ? 'method_not_allowed' : 'not_found');
  });

  it('is named behind another request of the same connection', async () => {
    const get = `GET /healthz HTTP/1.1\r\n${HOST}\r\n\r\n`;
    const answer = await exchange(`${get}BREW /v1/orders HTTP/1.1\r\n${HOST}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 200/);
  });

  it('a page of the web application is read only', async () => {
    const app = createHttpServer({ log: createLog('silent') });
    await app.register(createWebEdge({ folder: '/nowhere' }));
    const answer = await app.inject({ method: 'DELETE', url: '/' });
    expect([answer.statusCode, answer.headers['allow']]).toEqual([405, 'GET, HEAD']);
    await app.close();
  });
});

describe('connections of one address', () => {
  const open: Socket[] = [];

  it('beyond the limit are told so, and far beyond it cut; others are served when one has ended', async () => {
    // Loopback may have twenty times as many.
    const app = createHttpServer({ log: createLog('silent'), limits: { connectionsPerAddress: 0.1 } });
    app.get('/healthz', async () => ({}));
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port: there } = app.server.address() as AddressInfo;
    const get = `GET /healthz HTTP/1.1\r\n${HOST}\r\nConnection: close\r\n\r\n`;
    for (let i = 0; i < 2; i += 1) {
      const socket = connect(there, '127.0.0.1');
      await once(socket, 'connect');
      open.push(socket);
    }
    expect(await exchange(get, there)).toMatch(/^HTTP\/1.1 429 .*"code":"rate_limited"/s);
    for (let i = 0; i < 2; i += 1) {
      const socket = connect(there, '127.0.0.1');
      await once(socket, 'connect');
      open.push(socket);
    }
    expect(await exchange(get, there)).toBe('');
    for (const socket of open) {
      socket.end();
      await once(socket, 'close');
    }
    expect(await exchange(get, there)).toMatch(/^HTTP\/1.1 200/);
    await app.close();
  });
});
