import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { createPool } from '../../src/db/pool.ts';
import { createRelay, type Relay } from '../../src/events/relay.ts';
import {
  createEventStreams,
  createPush,
  createStreamLimits,
  type EventStreamLimits,
  type EventStreams,
} from '../../src/push/index.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { appendEvents, createShards, loanEvent, ownEvent } from '../support/events.ts';
import { caller, log } from '../support/stream.ts';

const ANNA = caller('00000000-0000-7000-8000-00000000000a');
const BERT = caller('00000000-0000-7000-8000-00000000000b');
const OPERATOR = caller('00000000-0000-7000-8000-00000000000c', 'operator');
const LOAN = 'loan_00000000-0000-7000-8000-0000000000aa';
const SHARDS = [0, 1];

let database: TestDatabase;
let pool: pg.Pool;
let relay: Relay;
let server: Server;
let events: EventStreams;
let streams: ReturnType<typeof createStreamLimits>;
let who: Caller = ANNA;
let now: Caller | undefined = ANNA;

beforeAll(async () => {
  database = await createDatabase();
  pool = createPool(database.connection, { max: 12 });
  await createShards(pool, SHARDS);
});

beforeEach(async () => {
  who = now = ANNA;
  await serve();
});

afterEach(async () => {
  await stop();
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function serve(limits: Partial<EventStreamLimits> = {}): Promise<void> {
  relay = createRelay({ pool, shards: SHARDS, log, pollMs: 5 });
  await relay.start();
  streams = createStreamLimits({ perUser: 3 });
  events = createEventStreams({ push: createPush({ relay, pool, log, recentMax: 50 }), streams, log, limits });
  server = createServer((req, response) => {
    const lastId = req.headers['last-event-id'] as string | undefined;
    void events
      .sse({ caller: who, address: 'an address', after: lastId, response, again: async () => now })
      .then((opened) => {
        if (!opened.ok) response.writeHead(400).end(JSON.stringify(opened.problem));
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

async function stop(): Promise<void> {
  events.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await relay.stop();
}

interface Message {
  id: string;
  event?: string;
  data?: string;
}

/** Reads as the standard says: fields of a message, the id that is kept, comments. */
class Reader {
  readonly messages: Message[] = [];
  comments = 0;
  lastId = '';
  readonly response: IncomingMessage;
  readonly ended: Promise<void>;
  private text = '';

  constructor(response: IncomingMessage) {
    this.response = response;
    this.ended = new Promise((resolve) => response.once('close', () => resolve()));
    response.on('error', () => undefined);
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const blocks = (this.text + chunk).split('\n\n');
      this.text = blocks.pop() as string;
      for (const block of blocks) this.read(block);
    });
  }

  private read(block: string): void {
    const message: Message = { id: this.lastId };
    for (const line of block.split('\n')) {
      const [field, value] = [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()];
      if (line.startsWith(':')) this.comments += 1;
      else if (field === 'id') this.lastId = message.id = value;
      else if (field === 'event' || field === 'data') message[field] = value;
    }
    if (message.data !== undefined) this.messages.push(message);
  }

  async atLeast(count: number): Promise<Message[]> {
    while (this.messages.length < count) await pause(2);
    return this.messages;
  }
}

async function open(lastId?: string): Promise<Reader> {
  const { port } = server.address() as AddressInfo;
  const asked = request({
    port,
    path: '/',
    agent: false,
    headers: lastId === undefined ? {} : { 'last-event-id': lastId },
  });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  if (response.statusCode !== 200) {
    const chunks = await response.toArray();
    throw new Error(JSON.parse(Buffer.concat(chunks).toString()).code);
  }
  const reader = new Reader(response);
  while (reader.lastId === '') await pause(1);
  return reader;
}

describe('an event stream', () => {
  test('carries own events with cursor, type and the event as JSON', async () => {
    const reader = await open();
    expect(reader.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    const [first] = await appendEvents(pool, 0, [
      ownEvent(ANNA.userId, 1),
      ownEvent(BERT.userId, 2),
      loanEvent(LOAN, 'loan_funded', 3),
    ]);
    await appendEvents(pool, 0, [ownEvent(ANNA.userId, 4)]);
    const [message, next] = await reader.atLeast(2);
    expect(message).toMatchObject({ event: 'deposit_received', id: expect.stringMatching(`^0-${first?.seq}\\.`) });
    expect(JSON.parse(message?.data as string)).toMatchObject({
      specversion: '1.0',
      id: `0-${first?.seq}`,
      data: { n: 1 },
    });
    expect(JSON.parse(next?.data as string)).toMatchObject({ data: { n: 4 } });
  });

  test('shows operators everything', async () => {
    who = OPERATOR;
    const reader = await open();
    await appendEvents(pool, 1, [ownEvent(ANNA.userId, 1), loanEvent(LOAN, 'loan_funded', 2)]);
    expect((await reader.atLeast(2)).map(({ event }) => event)).toEqual(['deposit_received', 'loan_funded']);
  });

  test('resumes with the last id, also where it had begun with none', async () => {
    const reader = await open();
    reader.response.destroy();
    await reader.ended;
    const first = await open(reader.lastId);
    await appendEvents(
      pool,
      0,
      Array.from({ length: 200 }, (_, n) => ownEvent(ANNA.userId, n)),
    );
    const messages = await first.atLeast(200);
    const again = await open(messages[120]?.id);
    const rest = await again.atLeast(79);
    expect(rest.map(({ data }) => JSON.parse(data as string).data.n)).toEqual(
      Array.from({ length: 79 }, (_, n) => n + 121),
    );
  });

  test('with a cursor that is none is refused, and with one ahead of the log tells to reload', async () => {
    await expect(open('nonsense')).rejects.toThrow('invalid_cursor');
    const reader = await open('0-99999999');
    const [message] = await reader.atLeast(1);
    expect(message).toMatchObject({ event: 'reload' });
    expect(JSON.parse(message?.data as string)).toEqual({ cursor: message?.id, reason: 'cursor_unknown' });
    expect(streams.count).toBe(1);
  });

  test('ends after its time, and gives its place back', async () => {
    await stop();
    await serve({ lifetimeMs: 20 });
    const reader = await open();
    await reader.ended;
    while (streams.count > 0) await pause(1);
  });

  test('ends with the session that opened it', async () => {
    await stop();
    await serve({ recheckMs: 5 });
    const reader = await open();
    now = undefined;
    await reader.ended;
  });

  test('ends at once where it is told that its session has ended', async () => {
    await stop();
    await serve({ recheckMs: 60_000 });
    const reader = await open();
    events.recheck(BERT.userId);
    events.recheck(ANNA.userId);
    now = undefined;
    events.recheck(ANNA.userId);
    await reader.ended;
  });

  test('sends comments, and the id of what it has passed over', async () => {
    await stop();
    await serve({ heartbeatMs: 5 });
    const reader = await open();
    const [event] = await appendEvents(pool, 0, [ownEvent(BERT.userId, 1)]);
    while (!reader.lastId.startsWith(`0-${event?.seq}.`)) await pause(2);
    expect(reader.comments).toBeGreaterThan(0);
    expect(reader.messages).toEqual([]);
  });

  test('is one of three that a user may have', async () => {
    const readers = [await open(), await open(), await open()];
    await expect(open()).rejects.toThrow('rate_limited');
    readers[0]?.response.destroy();
    while (streams.count === 3) await pause(1);
    await open();
  });

  test('ends with the server, which opens no new one', async () => {
    const reader = await open();
    events.close();
    await reader.ended;
    await expect(open()).rejects.toThrow('shutting_down');
  });
});

test('a reader that does not read is cut off and, when it comes back, has lost nothing', async () => {
  await stop();
  await serve({ bufferBytesMax: 128 * 1024, drainMs: 100 });
  const slow = await open();
  const begin = slow.lastId;
  slow.response.pause();
  let total = 0;
  while (streams.count > 0) {
    const filler = 'x'.repeat(4_000);
    const sketches = Array.from({ length: 250 }, (_, i) => ({
      ...ownEvent(ANNA.userId, 0),
      data: { n: total + i, filler },
    }));
    relay.offer(total % 2, await appendEvents(pool, total % 2, sketches));
    total += 250;
    await pause(20);
  }
  slow.response.resume();
  await slow.ended;
  expect(slow.messages.length).toBeLessThan(total);
  const again = await open(slow.messages.at(-1)?.id ?? begin);
  const rest = await again.atLeast(total - slow.messages.length);
  const numbers = [...slow.messages, ...rest].map(({ data }) => JSON.parse(data as string).data.n as number);
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, n) => n));
});
