import { request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { createProxyTrust } from '../../src/edges/proxies.ts';
import { ANNA, BERT, KEY, OPERATOR, opens, SESSION, TICKET, useSockets } from '../support/stream-bench.ts';
import { fakeIntake, refusedUpgrade, StreamClient, token } from '../support/stream.ts';

const bench = useSockets();

describe('who may open a socket', () => {
  test('a ticket opens one socket, once', async () => {
    const { port } = await bench.start();
    await opens(port, `?ticket=${TICKET}`);
    const again = await refusedUpgrade(port, `/v1/stream?ticket=${TICKET}`);
    expect(again.status).toBe(401);
  });

  test('of ten clients with the same ticket one gets in', async () => {
    const { port } = await bench.start();
    const tries = Array.from({ length: 10 }, async () =>
      StreamClient.connect(port, `?ticket=${TICKET}`).then(
        () => 'open',
        () => 'refused',
      ),
    );
    const outcomes = await Promise.all(tries);
    expect(outcomes.filter((outcome) => outcome === 'open')).toHaveLength(1);
  });

  test('a session or key does in the subprotocol, which then is millrace.v1', async () => {
    const { port } = await bench.start();
    expect(await opens(port, '', { protocols: ['millrace.v1', `bearer.${SESSION}`] })).toBe('millrace.v1');
    expect(await opens(port, '', { protocols: [`bearer.${KEY}`, 'millrace.v1'] })).toBe('millrace.v1');
  });

  test('a session does as ?token= and as a bearer token, and a ticket as ?token= too', async () => {
    const { port } = await bench.start();
    await opens(port, `?token=${SESSION}`);
    await opens(port, '', { headers: { authorization: `Bearer ${SESSION}` } });
    await opens(port, `?token=${TICKET}`);
  });

  test('the session’s cookie does on a page of the same host or an allowed origin, and nowhere else', async () => {
    const { port } = await bench.start({ allowedOrigins: ['https://app.example.com'] });
    const headers = { cookie: `other=1; millrace_session=${SESSION}` };
    await opens(port, '', { headers, origin: `http://127.0.0.1:${port}` });
    await opens(port, '', { headers, origin: 'https://app.example.com' });
    for (const origin of ['https://evil.example.com', 'null', `http://127.0.0.1:${port}.evil.example.com`, undefined]) {
      const refused = await refusedUpgrade(port, '/v1/stream', {
        headers,
        ...(origin === undefined ? {} : { origin }),
      });
      expect([origin, refused.status, refused.problem.code]).toEqual([origin, 403, 'origin_refused']);
    }
  });

  test('the host is what a trusted proxy says, as for requests', async () => {
    const headers = { cookie: `millrace_session=${SESSION}`, 'x-forwarded-host': 'app.example.com' };
    const origin = 'https://app.example.com';
    const behind = await bench.start({ trustProxy: createProxyTrust(['127.0.0.1']) });
    await opens(behind.port, '', { headers, origin });
    const { port } = await bench.start();
    expect(await refusedUpgrade(port, '/v1/stream', { headers, origin })).toMatchObject({ status: 403 });
  });

  test('the origin does not matter to a token, which no browser sends by itself', async () => {
    const { port } = await bench.start();
    await opens(port, `?token=${SESSION}`, { origin: 'https://elsewhere.example.com' });
  });

  test('nobody gets a problem before the upgrade, and nothing else', async () => {
    const { port } = await bench.start();
    const queries = ['', '?token=', '?ticket=x', `?token=${token('mrs', 'nobody')}`, `?ticket=${SESSION}x`];
    for (const query of queries) {
      const refused = await refusedUpgrade(port, `/v1/stream${query}`);
      expect(refused).toMatchObject({ status: 401, problem: { code: 'unauthenticated', status: 401 } });
      expect(refused.type).toMatch(/^application\/problem\+json/);
      expect(refused.headers['www-authenticate']).toBe('Bearer');
    }
    expect(await refusedUpgrade(port, `/v1/stream?token=${SESSION}&token=${SESSION}`)).toMatchObject({ status: 400 });
    expect(await refusedUpgrade(port, `/v1/stream?tokn=${SESSION}`)).toMatchObject({ status: 400 });
  });

  test('a token that is worth nothing is not made good by a cookie', async () => {
    const { port } = await bench.start();
    const headers = { cookie: `millrace_session=${SESSION}`, authorization: 'Bearer nonsense' };
    expect(await refusedUpgrade(port, '/v1/stream', { headers, origin: `http://127.0.0.1:${port}` })).toMatchObject({
      status: 401,
    });
  });

  test('a service acts for its user, and nobody else does', async () => {
    const { intake, submissions } = fakeIntake();
    const { port } = await bench.start({ intake });
    const headers = { 'millrace-act-as': `usr_${ANNA}` };
    const client = await StreamClient.connect(port, `?token=${KEY}`, { headers });
    await client.ask({ op: 'order', order: { kind: 'deposit', asset: 'USD', amount: '1.00' } });
    expect(submissions[0]?.caller).toMatchObject({ userId: BERT, actingFor: ANNA });
    const other = { 'millrace-act-as': `usr_${BERT}` };
    expect(await refusedUpgrade(port, `/v1/stream?token=${SESSION}`, { headers: other })).toMatchObject({
      status: 403,
    });
  });

  test('a ticket opens the socket of the user that it was issued for, and of nobody else', async () => {
    const { port } = await bench.start();
    const service = bench.fakes.sessions.get(KEY) as Caller;
    const issuedFor = (actingFor: string, name: string): string => {
      const [key, ticket] = [token('mrk', name), token('mrt', name)];
      bench.fakes.sessions.set(key, { ...service, actingFor });
      bench.fakes.tickets.set(ticket, key);
      return ticket;
    };
    const act = (userId: string) => ({ headers: { 'millrace-act-as': `usr_${userId}` } });
    for (const [owner, other] of [
      [ANNA, OPERATOR],
      [ANNA, BERT],
      [BERT, ANNA],
    ] as const) {
      const refused = await refusedUpgrade(port, `/v1/stream?ticket=${issuedFor(owner, 'refused')}`, act(other));
      expect(refused).toMatchObject({ status: 403, problem: { code: 'forbidden' } });
    }
    await opens(port, `?ticket=${issuedFor(ANNA, 'fits')}`, act(ANNA));
  });

  test('a failing identity refuses, and the server goes on', async () => {
    let broken = true;
    const authenticate: typeof bench.fakes.identity.authenticate = async (text) => {
      if (broken) throw new Error('no database');
      return bench.fakes.sessions.get(text);
    };
    const { port } = await bench.start({ identity: { ...bench.fakes.identity, authenticate } });
    expect(await refusedUpgrade(port, `/v1/stream?token=${SESSION}`)).toMatchObject({
      status: 503,
      problem: { code: 'not_ready' },
    });
    broken = false;
    await opens(port, `?token=${SESSION}`);
  });
});

describe('what is no WebSocket', () => {
  test('another path is not found', async () => {
    const { port } = await bench.start();
    expect(await refusedUpgrade(port, `/v1/streams?token=${SESSION}`)).toMatchObject({
      status: 404,
      problem: { code: 'not_found' },
    });
  });

  test('a broken handshake is a bad request', async () => {
    const { port } = await bench.start();
    const request = httpRequest({
      port,
      path: `/v1/stream?token=${SESSION}`,
      headers: { connection: 'Upgrade', upgrade: 'websocket' },
    });
    request.end();
    const [response] = await once(request, 'response');
    expect(response.statusCode).toBe(400);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  test('a request to upgrade to HTTP/2 is answered as a plain request, with its body, and so is the next', async () => {
    const { port, server } = await bench.start();
    // As Node.js before 24.9 does, and any where nobody declines.
    Object.assign(server, { shouldUpgradeCallback: () => true });
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    const head = 'Host: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n';
    for (let i = 0; i < 12; i += 1) {
      socket.write(`POST /${i} HTTP/1.1\r\n${head}Content-Length: 4\r\n\r\nbo`);
      socket.write('dy');
      const [answer] = await once(socket, 'data');
      expect(String(answer)).toContain(`plain POST /${i} "body"`);
    }
    socket.write('GET /last HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(String((await once(socket, 'data'))[0])).toContain('plain GET /last ""');
  });
});
