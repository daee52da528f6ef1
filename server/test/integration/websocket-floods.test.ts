import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createStreamLimits } from '../../src/push/index.ts';
import { KEY, SESSION, useSockets } from '../support/stream-bench.ts';
import { refusedUpgrade, StreamClient } from '../support/stream.ts';

const bench = useSockets();
const query = `?token=${SESSION}`;

test('a client that sends faster than a socket may waits, and the others do not', async () => {
  const { port } = await bench.start({ limits: { frames: { perSecond: 0.01, burst: 3 } } });
  const fast = await StreamClient.connect(port, query);
  // One beyond the burst is still read; it is what makes the socket wait.
  for (let i = 0; i < 4; i += 1) {
    fast.send({ op: 'ping', ref: String(i) });
    expect(await fast.next()).toMatchObject({ op: 'pong', ref: String(i) });
  }
  fast.send({ op: 'ping', ref: 'too fast' });
  const other = await StreamClient.connect(port, query);
  for (let i = 0; i < 3; i += 1) {
    other.send({ op: 'ping' });
    expect(await other.next()).toMatchObject({ op: 'pong' });
  }
  expect(fast.frames).toEqual([]);
  for (const client of [fast, other]) client.ws.terminate();
});

test('what waited is read in the end, in order', async () => {
  const { port } = await bench.start({ limits: { frames: { perSecond: 500, burst: 1 } } });
  const client = await StreamClient.connect(port, query);
  const refs = Array.from({ length: 20 }, (_, i) => String(i));
  for (const ref of refs) client.send({ op: 'ping', ref });
  for (const ref of refs) expect(await client.next()).toMatchObject({ op: 'pong', ref });
  client.ws.terminate();
});

/** A socket that has been upgraded, for bytes that no client library would send. */
async function rawSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  const head = [
    `GET /v1/stream${query} HTTP/1.1`,
    'Host: localhost',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Version: 13',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  await once(socket, 'data');
  return socket;
}

/** A masked frame, as clients send them; the mask is zero. */
function frame(opcode: number, payload: Buffer): Buffer {
  const head = Buffer.from([0x80 | opcode, 0x80 | 126, payload.length >> 8, payload.length & 0xff, 0, 0, 0, 0]);
  return Buffer.concat([head, payload]);
}

const TEXT = 1;
const RESERVED = 3;

test.each([
  ['for what it sent', TEXT],
  ['for breaking the protocol', RESERVED],
])('a socket that was ended %s is read no further, and cut in the end', async (_why, opcode) => {
  const limits = { malformedMax: 1, afterEndBytesMax: 64 * 1024, closeTimeoutMs: 600_000, cutMs: 100 };
  const { port, server } = await bench.start({ limits });
  let serverSide: Socket | undefined;
  server.on('connection', (socket: Socket) => {
    serverSide = socket;
  });
  const socket = await rawSocket(port);
  socket.resume();
  socket.write(frame(opcode, Buffer.from('no frame of ours')));
  const more = frame(TEXT, Buffer.alloc(60_000, 'x'));
  while (!socket.closed) {
    socket.write(more);
    await nextTurn();
  }
  expect(serverSide?.bytesRead).toBeLessThan(1024 * 1024);
});

test('users of one address have so many sockets together', async () => {
  // Loopback may have twenty times as many: one.
  const { port } = await bench.start({ streams: createStreamLimits({ perAddress: 1 / 20 }) });
  const anna = await StreamClient.connect(port, query);
  const refused = await refusedUpgrade(port, `/v1/stream?token=${KEY}`);
  expect(refused).toMatchObject({ status: 429, problem: { code: 'rate_limited' } });
  anna.ws.terminate();
});
