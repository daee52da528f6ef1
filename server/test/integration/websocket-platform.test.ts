import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWebSocketEdge, type WebSocketEdge } from '../../src/edges/websocket/edge.ts';
import { heads } from '../../src/events/event-log.ts';
import { formatCursor } from '../../src/events/event.ts';
import { createPush, createStreamLimits, type Push } from '../../src/push/index.ts';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';
import { log, refusedUpgrade, StreamClient } from '../support/stream.ts';

let rest: TestRest;
let push: Push;
let edge: WebSocketEdge;
let port: number;
let anna: TestUser;
let bert: TestUser;

beforeAll(async () => {
  rest = await startTestRest({ flags: ['--shards', '2'] });
  const { relay, intake, identity } = rest.core;
  push = createPush({ relay, pool: rest.pool, log });
  edge = createWebSocketEdge({ push, intake, identity, streams: createStreamLimits(), log, limits: { recheckMs: 20 } });
  edge.attach(rest.app.server);
  await rest.app.listen({ port: 0, host: '127.0.0.1' });
  port = (rest.app.server.address() as AddressInfo).port;
  [anna, bert] = [await rest.person('investor', '1000.00'), await rest.person('investor', '1000.00')];
});

afterAll(async () => {
  push.stop();
  await edge.close();
  await rest.stop();
});

async function connect(user: TestUser): Promise<StreamClient> {
  const { ticket } = (await rest.call('POST', '/v1/auth/ticket', { as: user })).json();
  return StreamClient.connect(port, `?ticket=${ticket}`);
}

describe('on the real way of an order', () => {
  test('an order over the socket is decided, and its events come to those concerned', async () => {
    const [a, b] = [await connect(anna), await connect(bert)];
    for (const client of [a, b]) await client.ask({ op: 'subscribe', channel: 'me' });
    const order = { kind: 'transfer', to_user: bert.id, asset: 'USD', amount: '12.34' };
    const result = await a.ask({ op: 'order', order });
    expect(result).toMatchObject({ op: 'result', order: { status: 'completed', user_id: anna.id } });
    expect(await a.next()).toMatchObject({ op: 'event', event: { type: 'order_processed', subject: result.order.id } });
    expect(await b.next()).toMatchObject({
      op: 'event',
      event: { type: 'transfer_received', data: { amount: '12.34' } },
    });
    await Promise.all([a.settle(), b.settle()]);
    expect([a.frames, b.frames]).toEqual([[], []]);
    // Names are read for those who ask, not for each push.
    const read = (await rest.call('GET', `/v1/orders/${result.order.id}`, { as: anna })).json();
    expect(read).toEqual({ ...result.order, names: { [bert.id]: expect.any(String) as unknown } });
    await Promise.all([a.close(), b.close()]);
  });

  test('amounts are taken and refused as over HTTP', async () => {
    const client = await connect(anna);
    const amounts = [
      '"0.01"',
      '1',
      '0.1',
      '1e1',
      '"0"',
      '0',
      '-1',
      '"-1"',
      '"0.001"',
      '0.001',
      '"1e3"',
      '""',
      '" 1"',
      'null',
      'true',
    ];
    amounts.push('9007199254740993', '1.00000000000000000001', `"${'9'.repeat(30)}"`, '"NaN"', '{}', '[1]');
    for (const amount of amounts) {
      const order = `{"kind":"deposit","asset":"USD","amount":${amount}}`;
      client.send(`{"op":"order","ref":"r","order":${order}}`);
      const frame = await client.next();
      const answer = await rest.app.inject({
        method: 'POST',
        url: '/v1/orders',
        headers: { authorization: `Bearer ${anna.token}`, 'content-type': 'application/json' },
        payload: order,
      });
      const overHttp = answer.statusCode < 300 ? answer.json().status : answer.json().code;
      expect([amount, frame.op === 'result' ? frame.order.status : frame.problem.code]).toEqual([amount, overHttp]);
    }
    await client.close();
  });

  test('an idempotency key means the same order over HTTP and over the socket', async () => {
    const client = await connect(anna);
    const order = { kind: 'deposit', asset: 'USD', amount: '5.00' };
    const headers = { 'idempotency-key': 'both-edges' };
    const first = (await rest.call('POST', '/v1/orders', { as: anna, body: order, headers })).json();
    expect(await client.ask({ op: 'order', order, idempotency_key: 'both-edges' })).toMatchObject({
      op: 'result',
      replayed: true,
      order: { id: first.id },
    });
    const other = { ...order, amount: '6.00' };
    expect(await client.ask({ op: 'order', order: other, idempotency_key: 'both-edges' })).toMatchObject({
      problem: { code: 'idempotency_mismatch' },
    });
    await client.close();
  });

  test('the same order id over many sockets at once acts once', async () => {
    const clients = await Promise.all(Array.from({ length: 5 }, () => connect(anna)));
    const id = 'ord_00000000-0000-7000-8000-00000000abcd';
    const before = (await rest.call('GET', '/v1/accounts', { as: anna })).json().data[0].balance;
    const order = { id, kind: 'deposit', asset: 'USD', amount: '1.00' };
    const results = await Promise.all(clients.map((client) => client.ask({ op: 'order', order })));
    expect(results.map((result) => result.order.id)).toEqual(clients.map(() => id));
    expect(results.filter((result) => result.replayed !== true)).toHaveLength(1);
    const after = (await rest.call('GET', '/v1/accounts', { as: anna })).json().data[0].balance;
    expect(Number(after) - Number(before)).toBeCloseTo(1);
    await Promise.all(clients.map((client) => client.close()));
  });

  test('a logout ends the sockets of its session, and its tickets', async () => {
    const carl = await rest.person();
    const client = await connect(carl);
    const { ticket } = (await rest.call('POST', '/v1/auth/ticket', { as: carl })).json();
    await client.settle();
    await rest.call('POST', '/v1/auth/logout', { as: carl });
    expect((await client.closed).code).toBe(4401);
    expect(await refusedUpgrade(port, `/v1/stream?ticket=${ticket}`)).toMatchObject({ status: 401 });
  });

  test('an operator follows everything, in both shards, and resumes without a gap', async () => {
    const operator = await rest.person('operator');
    const watcher = await connect(operator);
    const { cursor } = await watcher.ask({ op: 'subscribe', channel: 'operators' });
    const users = await Promise.all(Array.from({ length: 6 }, () => rest.person()));
    await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        rest.call('POST', '/v1/orders', { as: users[n % 6], body: { kind: 'deposit', asset: 'USD', amount: '1.00' } }),
      ),
    );
    const end = formatCursor(await heads(rest.pool));
    const seen: string[] = [];
    for (let reached = ''; reached !== end; ) {
      const frame = await watcher.next((each) => each.op === 'event');
      seen.push(frame.event.id);
      reached = frame.cursor;
    }
    expect(new Set(seen.map((id) => id.split('-')[0])).size).toBe(2);
    const again = await connect(operator);
    again.send({ op: 'subscribe', channel: 'operators', after: cursor });
    const repeated: string[] = [];
    while (repeated.length < seen.length) repeated.push((await again.next((each) => each.op === 'event')).event.id);
    expect(repeated.toSorted()).toEqual(seen.toSorted());
    await Promise.all([watcher.close(), again.close()]);
  });
});
