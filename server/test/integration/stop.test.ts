import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createPool } from '../../src/db/pool.ts';
import { startTestPlatform } from '../support/platform.ts';

test('a connection that asks nothing does not hold up the stop', async () => {
  const platform = await startTestPlatform();
  const { hostname, port } = new URL(platform.http);
  const silent = connect(Number(port), hostname);
  const closed = new Promise((resolve) => silent.once('close', resolve));
  await new Promise((resolve) => silent.once('connect', resolve));
  await platform.client().installation.get();
  await platform.stop();
  await closed;
});

test('it is not ready any more from the beginning of the stop', async () => {
  const platform = await startTestPlatform();
  const { hostname, port } = new URL(platform.http);
  const body = { email: 'bert@example.com', password: 'a long password', name: 'Bert' };
  const { token } = await platform.client().auth.register(body);
  // A socket whose client does not answer the close holds the stop up for two seconds.
  const mute = connect(Number(port), hostname);
  mute.write(
    `GET /v1/stream HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${token}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  const answer = await new Promise<Buffer>((resolve) => mute.once('data', resolve));
  expect(answer.toString()).toMatch(/^HTTP\/1.1 101 /);
  expect((await fetch(`${platform.http}/readyz`)).status).toBe(200);
  const stopped = platform.stopServer();
  expect((await fetch(`${platform.http}/readyz`)).status).toBe(503);
  await stopped;
  await platform.stop();
});

test('an order under way is answered, and its connection, which the client would keep, is closed', async () => {
  const platform = await startTestPlatform();
  const body = { email: 'anna@example.com', password: 'a long password', name: 'Anna' };
  const { token } = await platform.client().auth.register(body);
  const pool = createPool(platform.database.connection);
  const blocker = await pool.connect();
  await blocker.query('begin');
  await blocker.query('select from shards for update');

  const agent = new Agent({ keepAlive: true });
  const answer = new Promise<number | undefined>((resolve, reject) => {
    const asked = request(`${platform.http}/v1/orders`, {
      method: 'POST',
      agent,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
    asked.once('error', reject);
    asked.once('response', (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode));
    });
    asked.end(JSON.stringify({ kind: 'deposit', asset: 'USD', amount: '1.00' }));
  });
  while ((await waiting()) === 0) await pause(10);
  const stopped = platform.stopServer();
  await pause(100);
  await blocker.query('rollback');
  expect(await answer).toBe(201);
  await stopped;
  agent.destroy();
  blocker.release();
  await pool.end();
  await platform.stop();

  /** Batches that wait for the blocker. */
  async function waiting(): Promise<number> {
    const { rows } = await pool.query<{ count: bigint }>(
      "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return Number(rows[0]?.count);
  }
});
