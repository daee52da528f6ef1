import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { isDatabaseUnavailable } from '../../db/errors.ts';
import { createHttpServer } from './index.ts';

test('a client that goes away in the middle of its request is no error in the log', async () => {
  const lines: string[] = [];
  const log = pino(new Writable({ write: (chunk, _, done) => (lines.push(String(chunk)), done()) }));
  const app = createHttpServer({ log, trustProxy: () => false, isUnavailable: isDatabaseUnavailable });
  const failed = new Promise<void>((resolve) => app.addHook('onError', async () => resolve()));
  app.post('/any', async () => 'any');
  await app.listen({ port: 0, host: '127.0.0.1' });
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  const arrived = once(app.server, 'request');
  socket.write('POST /any HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a"');
  await arrived;
  socket.destroy();
  await failed;
  await app.close();
  expect(lines).toEqual([]);
});
