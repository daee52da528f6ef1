import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createPool } from '../../src/db/pool.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { createShards } from '../support/events.ts';
import {
  caller,
  fakeIdentity,
  fakeIntake,
  StreamClient,
  startStreamServer,
  type StreamServer,
  token,
} from '../support/stream.ts';

const ANNA = '00000000-0000-7000-8000-00000000000a';
const SESSION = token('mrs', 'anna');
const ORDER = { kind: 'deposit', asset: 'USD', amount: '25.00' };
const fakes = fakeIdentity();
fakes.sessions.set(SESSION, caller(ANNA));

let database: TestDatabase;
let pool: pg.Pool;
let server: StreamServer;
let intake: ReturnType<typeof fakeIntake>;

beforeAll(async () => {
  database = await createDatabase();
  pool = createPool(database.connection);
  await createShards(pool, [0]);
});

beforeEach(async () => {
  intake = fakeIntake();
  server = await startStreamServer({ pool, shards: [0], identity: fakes.identity, intake: intake.intake });
});

afterEach(async () => {
  intake.intake.hold = false;
  intake.release();
  await server.stop();
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

const connect = (): Promise<StreamClient> => StreamClient.connect(server.port, `?token=${SESSION}`);

/** The bare connection behind an upgrade, to write to it what no client would. */
async function upgradedSocket(port: number): Promise<Socket> {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': randomBytes(16).toString('base64'),
  };
  const asked = request({ port, path: `/v1/stream?token=${SESSION}`, headers });
  asked.end();
  const [, socket] = (await once(asked, 'upgrade')) as [unknown, Socket];
  return socket;
}

describe('an order over the socket', () => {
  test('is given to intake for its caller, and answered by its ref', async () => {
    const client = await connect();
    const id = 'ord_00000000-0000-7000-8000-000000000001';
    client.send({ op: 'order', ref: 'a', order: { ...ORDER, id } });
    const result = await client.next();
    expect(result).toMatchObject({ op: 'result', ref: 'a', order: { id, kind: 'deposit', status: 'completed' } });
    expect(result).not.toHaveProperty('replayed');
    expect(intake.submissions).toEqual([
      {
        caller: fakes.sessions.get(SESSION),
        submission: { kind: 'deposit', id, params: { asset: 'USD', amount: '25.00' }, idempotency: undefined },
      },
    ]);
  });

  test('with an idempotency key means the same request as over HTTP', async () => {
    const client = await connect();
    await client.ask({ op: 'order', order: ORDER, idempotency_key: 'k-1' });
    await client.ask({ op: 'order', order: { ...ORDER, amount: '26.00' }, idempotency_key: 'k-1' });
    const [first, second] = intake.submissions.map(({ submission }) => submission.idempotency);
    expect(first).toMatchObject({ operation: 'submitOrder', key: 'k-1' });
    expect(second?.fingerprint).not.toBe(first?.fingerprint);
  });

  test('that is refused gets an error with its ref, and one that intake drops too', async () => {
    const answers = [
      () => Promise.resolve({ ok: false, problem: { code: 'forbidden', detail: 'no' } } as const),
      () => Promise.reject(new Error('broken')),
    ];
    intake.intake.submit = () => (answers.shift() as () => Promise<never>)();
    const client = await connect();
    expect(await client.ask({ op: 'order', order: ORDER })).toMatchObject({
      op: 'error',
      problem: { code: 'forbidden', status: 403 },
    });
    expect(await client.ask({ op: 'order', order: ORDER })).toMatchObject({
      op: 'error',
      problem: { code: 'internal_error' },
    });
  });

  test('that is a replay says so', async () => {
    const { submit } = intake.intake;
    intake.intake.submit = async (...parameters) => ({ ...(await submit(...parameters)), replayed: true }) as never;
    const client = await connect();
    expect(await client.ask({ op: 'order', order: ORDER })).toMatchObject({ op: 'result', replayed: true });
  });

  test('may be answered out of order, and 256 may be under way', async () => {
    intake.intake.hold = true;
    const client = await connect();
    for (let n = 0; n < 257; n += 1) client.send({ op: 'order', ref: `o${n}`, order: ORDER });
    expect(await client.next()).toMatchObject({ op: 'error', ref: 'o256', problem: { code: 'overloaded' } });
    intake.intake.hold = false;
    intake.release();
    const answered = new Set<string>();
    while (answered.size < 256) answered.add((await client.next((frame) => frame.op === 'result')).ref);
    expect((await client.ask({ op: 'order', order: ORDER })).op).toBe('result');
  });

  test('keeps its amount as it was written, or is refused: nothing is rounded on the way', async () => {
    const client = await connect();
    for (const amount of ['25.00', '0.1', '1e3', '25.000000000000000001', '']) {
      await client.ask({ op: 'order', order: { ...ORDER, amount } });
    }
    client.send('{"op":"order","ref":"x","order":{"kind":"deposit","asset":"USD","amount":0.1}}');
    client.send('{"op":"order","ref":"x","order":{"kind":"deposit","asset":"USD","amount":1e3}}');
    expect([await client.next(), await client.next()].map((frame) => frame.op)).toEqual(['result', 'result']);
    const given = intake.submissions.map(({ submission }) => (submission.params as { amount: unknown }).amount);
    expect(given).toEqual(['25.00', '0.1', '1e3', '25.000000000000000001', '', 0.1, 1000]);
    for (const amount of ['9007199254740993', '25.000000000000000001', '1e400', 'NaN', '-Infinity', '0x10']) {
      client.send(`{"op":"order","ref":"x","order":{"kind":"deposit","asset":"USD","amount":${amount}}}`);
      expect(await client.next()).toMatchObject({ op: 'error', problem: { code: 'invalid_json' } });
    }
    expect(intake.submissions).toHaveLength(7);
  });
});

describe('frames that are none', () => {
  test('are answered with an error, and the tenth closes the socket with 1008', async () => {
    const client = await connect();
    const frames = [
      '',
      'x',
      '[]',
      'null',
      '{"op":"jump","ref":"r1"}',
      '{"op":"subscribe","ref":"r2"}',
      '{"op":"ping","extra":1}',
      '{"op":"order","order":{"kind":"deposit"}}',
      '{"op":"ping","op":"ping"}',
      `{"op":"ping","ref":"${'x'.repeat(65)}"}`,
    ];
    for (const frame of frames) client.send(frame);
    expect(await client.closed).toEqual({ code: 1008, reason: 'too many malformed frames' });
    expect(client.frames.map((frame) => frame.op)).toEqual(frames.map(() => 'error'));
    const codes = client.frames.map((frame) => frame.problem.code);
    expect(codes.filter((code) => code === 'invalid_json')).toHaveLength(3);
    expect(client.frames.map((frame) => frame.ref).filter(Boolean)).toEqual(['r1', 'r2']);
    expect(client.frames[5].problem).toMatchObject({
      errors: [{ pointer: '/channel', detail: 'is required' }],
      status: 400,
    });
  });

  test('are refused when they are binary, deep, or would change prototypes', async () => {
    const client = await connect();
    client.send(Buffer.from('{"op":"ping"}'));
    expect(await client.next()).toMatchObject({ op: 'error', problem: { code: 'invalid_request' } });
    client.send(`{"op":"ping","ref":${'['.repeat(30_000)}`);
    client.send(`{"op":"order","ref":"r","order":{"kind":"deposit","x":${'['.repeat(40)}${']'.repeat(40)}}}`);
    client.send('{"op":"order","ref":"r","order":{"kind":"deposit","__proto__":{"amount":1}}}');
    for (let n = 0; n < 3; n += 1) expect(await client.next()).toMatchObject({ problem: { code: 'invalid_json' } });
    await client.settle();
    expect(intake.submissions).toEqual([]);
  });

  test('larger than 64 KiB close the socket with 1009, in one piece or in many', async () => {
    const client = await connect();
    client.send(Buffer.alloc(10 * 1024 * 1024, 0x20).toString());
    expect((await client.closed).code).toBe(1009);
    const other = await connect();
    for (let n = 0; n < 20; n += 1) other.ws.send('x'.repeat(8 * 1024), { fin: n === 19 });
    expect((await other.closed).code).toBe(1009);
    const third = await connect();
    third.send({ op: 'ping', ref: 'x' });
    expect(await third.next()).toMatchObject({ op: 'pong', ref: 'x' });
  });

  test('that are not UTF-8 close the socket with 1007', async () => {
    const client = await connect();
    client.ws.send(Buffer.from([0xc3, 0x28]), { binary: false });
    expect((await client.closed).code).toBe(1007);
  });

  test('that are not WebSocket frames at all end one connection and nothing else', async () => {
    const healthy = await connect();
    for (let n = 0; n < 20; n += 1) {
      const raw = await upgradedSocket(server.port);
      raw.write(randomBytes(2_000));
      raw.resume();
      await once(raw, 'close');
    }
    await healthy.settle();
  });

  test('of one byte a fragment end at a bounded number', async () => {
    const client = await connect();
    for (let n = 0; n < 200 && client.ws.readyState === client.ws.OPEN; n += 1) client.ws.send('x', { fin: false });
    expect((await client.closed).code).toBe(1008);
  });
});

test('a client that asks and does not read the answers is closed with 4008', async () => {
  await server.stop();
  const state = { ended: false };
  server = await startStreamServer({
    pool,
    shards: [0],
    identity: fakes.identity,
    // As fast as it can ask.
    limits: { bufferBytesMax: 128 * 1024, closeTimeoutMs: 600_000, frames: { perSecond: 1e9, burst: 1e9 } },
    onUnsubscribed: () => (state.ended = true),
  });
  const client = await connect();
  await client.ask({ op: 'subscribe', channel: 'me' });
  client.ws.pause();
  const ref = 'r'.repeat(64);
  while (!state.ended) {
    for (let n = 0; n < 1_000; n += 1) client.send({ op: 'ping', ref });
    await new Promise((resolve) => setImmediate(resolve));
  }
  client.ws.resume();
  expect((await client.closed).code).toBe(4008);
});
