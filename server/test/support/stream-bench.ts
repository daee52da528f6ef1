import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createPool } from '../../src/db/pool.ts';
import { createDatabase, type TestDatabase } from './database.ts';
import { appendEvents, createShards, type EventSketch } from './events.ts';
import {
  caller,
  fakeIdentity,
  type Frame,
  StreamClient,
  startStreamServer,
  type StreamServer,
  type StreamServerOptions,
  token,
} from './stream.ts';

export const ANNA = '00000000-0000-7000-8000-00000000000a';
export const BERT = '00000000-0000-7000-8000-00000000000b';
export const OPERATOR = '00000000-0000-7000-8000-00000000000c';

/** What tests of sockets share. The fields are there from the first test on; `fakes` is another for each test. */
export interface StreamBench {
  pool: pg.Pool;
  fakes: ReturnType<typeof fakeIdentity>;
  /** Stopped at the test's end. */
  start(options?: Partial<StreamServerOptions>): Promise<StreamServer>;
}

/** A database for the test file with an event log of these shards, and stream servers on it. */
export function useStreams(shards: readonly number[], register: (fakes: StreamBench['fakes']) => void): StreamBench {
  let database: TestDatabase;
  let running: StreamServer[] = [];
  const bench = {
    async start(options = {}) {
      const server = await startStreamServer({ pool: bench.pool, shards, identity: bench.fakes.identity, ...options });
      running.push(server);
      return server;
    },
  } as StreamBench;
  beforeAll(async () => {
    database = await createDatabase();
    bench.pool = createPool(database.connection, { max: 12 });
    await createShards(bench.pool, [...shards]);
  });
  beforeEach(() => {
    bench.fakes = fakeIdentity();
    register(bench.fakes);
  });
  afterEach(async () => {
    await Promise.all(running.map((server) => server.stop()));
    running = [];
  });
  afterAll(async () => {
    await bench.pool.end();
    await database.drop();
  });
  return bench;
}

export type Person = 'anna' | 'bert' | 'operator';
const PEOPLE: Record<Person, string> = {
  anna: token('mrs', 'anna'),
  bert: token('mrs', 'bert'),
  operator: token('mrs', 'operator'),
};

export interface LiveBench extends StreamBench {
  connect(server: StreamServer, who: Person): Promise<StreamClient>;
  append(shard: number, sketches: readonly EventSketch[]): ReturnType<typeof appendEvents>;
  /** Waits until the server has handed on everything that is committed, and the client has got it. */
  settle(server: StreamServer, client: StreamClient): Promise<void>;
}

/** Anna, Bert and an operator, following a log of three shards. */
export function useLiveStreams(): LiveBench {
  const bench = useStreams([0, 1, 2], ({ sessions }) => {
    sessions.set(PEOPLE.anna, caller(ANNA));
    sessions.set(PEOPLE.bert, caller(BERT));
    sessions.set(PEOPLE.operator, caller(OPERATOR, 'operator'));
  });
  return Object.assign(bench, {
    connect: (server: StreamServer, who: Person) => StreamClient.connect(server.port, `?token=${PEOPLE[who]}`),
    append: (shard: number, sketches: readonly EventSketch[]) => appendEvents(bench.pool, shard, sketches),
    async settle(server: StreamServer, client: StreamClient) {
      const { rows } = await bench.pool.query<{ id: number; event_seq: bigint }>('select id, event_seq from shards');
      const isThere = () => rows.every((row) => (server.relay.position().get(row.id) ?? 0) >= Number(row.event_seq));
      while (!isThere()) await pause(2);
      await client.settle();
    },
  });
}

export const eventsOf = (frames: readonly Frame[], channel: string): Frame[] =>
  frames.filter((frame) => frame.op === 'event' && frame.channel === channel).map((frame) => frame.event);

export const SESSION = token('mrs', 'anna');
export const KEY = token('mrk', 'service');
export const TICKET = token('mrt', 'ticket');

/** Anna's session, a service's key, and a ticket to the session; one shard. */
export function useSockets(): StreamBench {
  return useStreams([0], ({ sessions, tickets }) => {
    sessions.set(SESSION, caller(ANNA));
    sessions.set(KEY, caller(BERT, 'service'));
    tickets.set(TICKET, SESSION);
  });
}

/** Opens a socket, sees that it answers, and closes it. */
export async function opens(
  port: number,
  query: string,
  options: Parameters<typeof StreamClient.connect>[2] = {},
): Promise<string> {
  const client = await StreamClient.connect(port, query, options);
  await client.settle();
  const { protocol } = client.ws;
  await client.close();
  return protocol;
}
