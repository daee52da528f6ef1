import { request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { ANNA, KEY, OPERATOR, opens, SESSION, TICKET, useSockets } from '../support/stream-bench.ts';
import { caller, fakeIntake, refusedUpgrade, StreamClient } from '../support/stream.ts';

const bench = useSockets();

describe('limits', () => {
  test('a user has twenty sockets, others are not affected, and a closed one makes room', async () => {
    const { port, streams } = await bench.start();
    const clients = await Promise.all(
      Array.from({ length: 20 }, () => StreamClient.connect(port, `?token=${SESSION}`)),
    );
    expect(await refusedUpgrade(port, `/v1/stream?token=${SESSION}`)).toMatchObject({
      status: 429,
      problem: { code: 'rate_limited' },
    });
    await opens(port, `?token=${KEY}`);
    await clients[0]?.close();
    while (streams.count > 19) await new Promise((resolve) => setImmediate(resolve));
    await opens(port, `?token=${SESSION}`);
  });

  test('a service has twenty sockets for each user that it acts for', async () => {
    const { port } = await bench.start();
    const actFor = (userId: string) => ({ headers: { 'millrace-act-as': `usr_${userId}` } });
    const url = `?token=${KEY}`;
    await Promise.all(Array.from({ length: 20 }, () => StreamClient.connect(port, url, actFor(ANNA))));
    expect(await refusedUpgrade(port, `/v1/stream${url}`, actFor(ANNA))).toMatchObject({ status: 429 });
    expect(await refusedUpgrade(port, `/v1/stream?token=${SESSION}`)).toMatchObject({ status: 429 });
    await opens(port, url, actFor(OPERATOR));
    await opens(port, url);
  });

  test('a handshake that fails does not use up a place', async () => {
    const { port, streams } = await bench.start();
    for (let i = 0; i < 25; i += 1) {
      const headers = { connection: 'Upgrade', upgrade: 'websocket' };
      const request = httpRequest({ port, path: `/v1/stream?token=${SESSION}`, headers, agent: false });
      request.end();
      await once(request, 'response').then(([response]) => response.resume());
    }
    while (streams.count > 0) await new Promise((resolve) => setImmediate(resolve));
    await opens(port, `?token=${SESSION}`);
  });
});

describe('a socket whose session', () => {
  test('ends is closed with 4401', async () => {
    const { port } = await bench.start({ limits: { recheckMs: 10 } });
    const client = await StreamClient.connect(port, `?token=${SESSION}`);
    await client.settle();
    bench.fakes.sessions.delete(SESSION);
    expect(await client.closed).toEqual({ code: 4401, reason: 'session ended' });
  });

  test('ends is closed at once where it is told, whichever of its sockets', async () => {
    const { port, edge } = await bench.start({ limits: { recheckMs: 60_000 } });
    const [anna, ticket, bert] = [
      await StreamClient.connect(port, `?token=${SESSION}`),
      await StreamClient.connect(port, `?ticket=${TICKET}`),
      await StreamClient.connect(port, `?token=${KEY}`),
    ];
    bench.fakes.sessions.delete(SESSION);
    bench.fakes.sessions.delete(KEY);
    edge.recheck(ANNA);
    expect((await anna.closed).code).toBe(4401);
    expect((await ticket.closed).code).toBe(4401);
    // Nobody has told of this one yet.
    await bert.settle();
  });

  test('may do less than before is closed with 4401', async () => {
    const { port } = await bench.start({ limits: { recheckMs: 10 } });
    const client = await StreamClient.connect(port, `?token=${SESSION}`);
    bench.fakes.sessions.set(SESSION, caller(ANNA, 'investor', ['orders:read']));
    expect((await client.closed).code).toBe(4401);
  });

  test('cannot be looked up for a while stays open', async () => {
    const asked: string[] = [];
    const authenticate: typeof bench.fakes.identity.authenticate = async (text) => {
      asked.push(text);
      if (asked.length > 1) throw new Error('no database');
      return bench.fakes.sessions.get(text);
    };
    const { port } = await bench.start({
      identity: { ...bench.fakes.identity, authenticate },
      limits: { recheckMs: 5 },
    });
    const client = await StreamClient.connect(port, `?token=${SESSION}`);
    while (asked.length < 5) await new Promise((resolve) => setImmediate(resolve));
    await client.settle();
  });

  test('ends is closed with 4401, also where a ticket opened it', async () => {
    const { port } = await bench.start({ limits: { recheckMs: 10 } });
    const client = await StreamClient.connect(port, `?ticket=${TICKET}`);
    await client.settle();
    bench.fakes.sessions.delete(SESSION);
    expect((await client.closed).code).toBe(4401);
  });
});

describe('heartbeat', () => {
  test('a client that does not answer pings is cut off', async () => {
    const { port } = await bench.start({ limits: { heartbeatMs: 20 } });
    const dead = await StreamClient.connect(port, `?token=${SESSION}`, { autoPong: false });
    expect((await dead.closed).code).toBe(1006);
  });

  test('a client that answers is pinged again and again', async () => {
    // As many may be missed as a slow machine can miss.
    const { port } = await bench.start({ limits: { heartbeatMs: 5, missedPingsMax: 1_000 } });
    const living = await StreamClient.connect(port, `?token=${SESSION}`);
    for (let pings = 0; pings < 5; pings += 1) await once(living.ws, 'ping');
    await living.settle();
  });
});

describe('shutdown', () => {
  test('answers the orders under way, refuses new ones, and closes with 1001', async () => {
    const { intake, submissions, release } = fakeIntake();
    intake.hold = true;
    const server = await bench.start({ intake });
    const client = await StreamClient.connect(server.port, `?token=${SESSION}`);
    const order = { kind: 'deposit', asset: 'USD', amount: '1.00' };
    client.send({ op: 'order', ref: 'first', order });
    while (submissions.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const closed = server.edge.close();
    expect(await client.ask({ op: 'order', order })).toMatchObject({ op: 'error', problem: { code: 'shutting_down' } });
    expect(await refusedUpgrade(server.port, `/v1/stream?token=${SESSION}`)).toMatchObject({ status: 503 });
    release();
    expect(await client.next()).toMatchObject({ op: 'result', ref: 'first' });
    expect((await client.closed).code).toBe(1001);
    await closed;
  });
});
