import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLiveValue, createStreamLimits, type LiveValue, type LiveValueOptions } from '../../src/push/index.ts';
import { type EventReader, readStream } from '../support/event-reader.ts';
import { log } from '../support/stream.ts';

let server: Server;
let live: LiveValue;
let value: unknown;
let reads: number;
let fails: boolean;
let mayListen: boolean;
let places: ReturnType<typeof createStreamLimits>;

beforeEach(() => {
  value = { n: 1 };
  reads = 0;
  fails = false;
  mayListen = true;
  places = createStreamLimits({ perUser: 2, total: 3 });
});

afterEach(async () => {
  live.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function serve(limits: LiveValueOptions['limits'] = {}): Promise<(key?: string) => Promise<EventReader>> {
  const read = async (): Promise<unknown> => {
    reads += 1;
    if (fails) throw new Error('no database');
    return value;
  };
  live = createLiveValue({ event: 'numbers', read, places, log, limits: { everyMs: 2, ...limits } });
  server = createServer((request, response) => {
    const place = { userId: request.url as string, address: 'an address' };
    live.open({ place, response, again: async () => mayListen }).then(
      (opened) => {
        if (!opened.ok) response.writeHead(400).end(opened.problem.code);
      },
      () => response.writeHead(500).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (key = '/anna') => readStream(`http://127.0.0.1:${(server.address() as AddressInfo).port}${key}`);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(2);
}

const numbers = (reader: EventReader): unknown[] => reader.events.map(({ data }) => JSON.parse(data).n);

test('each listener is sent the value of now, and each one after it that differs, once', async () => {
  const open = await serve();
  const first = await open();
  await first.atLeast(1);
  value = { n: 2 };
  await first.atLeast(2);
  const second = await open('/bert');
  await second.atLeast(1);
  const before = reads;
  await until(() => reads > before + 3);
  value = { n: 3 };
  await Promise.all([first.atLeast(3), second.atLeast(2)]);
  expect(numbers(first)).toEqual([1, 2, 3]);
  expect(numbers(second)).toEqual([2, 3]);
  expect(first.events[0]).toEqual({ event: 'numbers', data: '{"n":1}' });
});

test('nothing is read while nobody listens', async () => {
  const open = await serve();
  const reader = await open();
  await reader.atLeast(1);
  reader.close();
  await until(() => live.count === 0);
  const before = reads;
  await pause(20);
  // The reading that was under way when the last listener left.
  expect(reads).toBeLessThanOrEqual(before + 1);
  expect(places.count).toBe(0);
});

test('one key, and all together, have no more streams than there are places, and places come back', async () => {
  const open = await serve();
  const readers = [await open(), await open()];
  expect((await open()).status).toBe(400);
  readers.push(await open('/bert'));
  expect((await open('/carl')).status).toBe(400);
  readers[0]?.close();
  await until(() => live.count === 2);
  expect((await open()).status).toBe(200);
});

test('who cannot be told the first value is not admitted, and holds no place; who listens keeps on listening', async () => {
  const open = await serve();
  const listening = await open();
  await listening.atLeast(1);
  fails = true;
  expect((await open('/bert')).status).toBe(500);
  expect(places.count).toBe(1);
  const before = reads;
  await until(() => reads > before + 2);
  fails = false;
  value = { n: 2 };
  await listening.atLeast(2);
  expect(numbers(listening)).toEqual([1, 2]);
});

test('who may no longer listen is let go: by and by, and at once where something has ended', async () => {
  const open = await serve({ recheckMs: 60_000 });
  const anna = await open();
  const bert = await open('/bert');
  mayListen = false;
  live.recheck('/anna');
  await until(anna.isEnded);
  expect(bert.isEnded()).toBe(false);
});

test('a session is looked at again, and a stream does not live for ever', async () => {
  const open = await serve({ recheckMs: 1 });
  const anna = await open();
  await anna.atLeast(1);
  mayListen = false;
  await until(anna.isEnded);
  live.close();
  server.closeAllConnections();
  const again = await serve({ lifetimeMs: 1 });
  const reader = await again();
  await until(reader.isEnded);
  expect(numbers(reader)).toEqual([1]);
});

test('at the end every stream ends, and none begins', async () => {
  const open = await serve();
  const reader = await open();
  live.close();
  await until(reader.isEnded);
  expect((await open()).status).toBe(400);
});
