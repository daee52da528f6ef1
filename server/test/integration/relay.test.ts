import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createPool } from '../../src/db/pool.ts';
import type { StoredEvent } from '../../src/events/event.ts';
import { createRelay, type EventHandler, type Relay } from '../../src/events/relay.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { appendEvents, createShards, ownEvent } from '../support/events.ts';

const USER = '00000000-0000-7000-8000-000000000001';
const SHARDS = [0, 1, 2];
const log = pino({ level: 'silent' });

let database: TestDatabase;
let pool: pg.Pool;
let relays: Relay[] = [];

beforeAll(async () => {
  database = await createDatabase();
  pool = createPool(database.connection, { max: 10 });
  await createShards(pool, SHARDS);
});

beforeEach(async () => {
  await Promise.all(relays.map((relay) => relay.stop()));
  relays = [];
});

afterAll(async () => {
  await Promise.all(relays.map((relay) => relay.stop()));
  await pool.end();
  await database.drop();
});

async function startRelay(options: Partial<Parameters<typeof createRelay>[0]> = {}): Promise<Relay> {
  const relay = createRelay({ pool, shards: SHARDS, log, ...options });
  await relay.start();
  relays.push(relay);
  return relay;
}

/** Never polls: what it hands on comes from offers and wakes only. */
const QUIET = { isOwn: () => true, ownPollMs: 3_600_000 };

/** What a reader has got, and what is wrong with it. */
function record(relay: { subscribe: Relay['subscribe']; position: Relay['position'] }) {
  const last = new Map(relay.position());
  const events: StoredEvent[] = [];
  const faults: string[] = [];
  const end = relay.subscribe((shard, batch) => {
    for (const event of batch) {
      const expected = (last.get(shard) ?? 0) + 1;
      if (event.seq !== expected || event.shard !== shard)
        faults.push(`${event.shard}-${event.seq} instead of ${shard}-${expected}`);
      last.set(shard, event.seq);
      events.push(event);
    }
  });
  return { events, faults, last, end };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(5);
}

function append(shard: number, count: number): Promise<StoredEvent[]> {
  return appendEvents(
    pool,
    shard,
    Array.from({ length: count }, (_, n) => ownEvent(USER, n)),
  );
}

describe('what is offered', () => {
  test('in order, it is handed on at once and without a read', async () => {
    const relay = await startRelay(QUIET);
    const reader = record(relay);
    const first = await append(0, 3);
    relay.offer(0, first);
    expect(reader.events).toEqual(first);
    expect(relay.position().get(0)).toBe(first.at(-1)?.seq);
  });

  test('out of order, it is put in order from the log', async () => {
    const relay = await startRelay(QUIET);
    const reader = record(relay);
    const commits = [await append(0, 2), await append(0, 3), await append(0, 1), await append(0, 4)];
    for (const index of [2, 0, 3, 1]) relay.offer(0, commits[index] as StoredEvent[]);
    await until(() => reader.events.length === 10);
    for (const events of commits) relay.offer(0, events);
    expect(reader.events).toEqual(commits.flat());
    expect(reader.faults).toEqual([]);
  });

  test('with a commit missing, the log fills the gap, and an overlap is not handed on twice', async () => {
    const relay = await startRelay(QUIET);
    const reader = record(relay);
    await append(0, 5);
    const offered = await append(0, 2);
    relay.offer(0, offered);
    await until(() => reader.events.length === 7);
    const next = await append(0, 2);
    relay.offer(0, [...offered, ...next]);
    expect(reader.events.length).toBe(9);
    expect(reader.faults).toEqual([]);
  });

  test('with a hole inside, it is not believed', async () => {
    const relay = await startRelay(QUIET);
    const reader = record(relay);
    const events = await append(0, 3);
    relay.offer(0, [events[0] as StoredEvent, events[2] as StoredEvent]);
    await until(() => reader.events.length === 3);
    expect(reader.faults).toEqual([]);
  });

  test('before it is in the log, it waits until the log has it, and nothing is skipped', async () => {
    const relay = await startRelay(QUIET);
    const reader = record(relay);
    const position = relay.position().get(0) as number;
    const lie = { ...(await append(0, 1))[0], seq: position + 4 } as StoredEvent;
    relay.offer(0, [lie]);
    await until(() => reader.events.length === 1);
    await append(0, 3);
    await until(() => reader.events.length === 4);
    expect(reader.faults).toEqual([]);
  });
});

test('with no reader the position moves and nothing is read', async () => {
  const relay = await startRelay(QUIET);
  await append(1, 5);
  const offered = await append(1, 1);
  relay.offer(1, offered);
  expect(relay.position().get(1)).toBe(offered[0]?.seq);
});

test('a wake finds what another process wrote, also without an offer', async () => {
  const relay = await startRelay(QUIET);
  const reader = record(relay);
  const events = await append(2, 4);
  relay.wake(2);
  await until(() => reader.events.length === 4);
  expect(reader.events).toEqual(events);
});

test('shards that another process writes are polled', async () => {
  const relay = await startRelay({ isOwn: (shard) => shard === 0, ownPollMs: 3_600_000, pollMs: 5 });
  const reader = record(relay);
  const events = await append(1, 4);
  await until(() => reader.events.length === 4);
  expect(reader.events).toEqual(events);
});

test('a hole in the log is not passed over, and filled, it is no hole', async () => {
  await createShards(pool, [7]);
  const relay = await startRelay({ shards: [7], pollMs: 5 });
  const reader = record(relay);
  const insert = (seq: number): Promise<unknown> =>
    pool.query(
      `insert into events (shard, seq, type, subject, data, at) values (7, $1, 'deposit_received', 'x', '{}', now())`,
      [seq],
    );
  await Promise.all([insert(1), insert(3)]);
  await pool.query('update shards set event_seq = 3 where id = 7');
  const other = record(await startRelay({ pollMs: 5 }));
  await append(1, 1);
  await until(() => other.events.length === 1);
  expect(reader.events).toEqual([]);
  await insert(2);
  await until(() => reader.events.length === 3);
  expect(reader.faults).toEqual([]);
});

test('a handler that throws harms no other', async () => {
  const relay = await startRelay(QUIET);
  relay.subscribe(() => {
    throw new Error('broken');
  });
  const reader = record(relay);
  relay.offer(0, await append(0, 2));
  expect(reader.events.length).toBe(2);
});

test('a lost database is waited for, and nothing is skipped', async () => {
  const fragile = createPool(database.connection, { applicationName: 'fragile', max: 2, onError: () => undefined });
  const relay = await startRelay({ pool: fragile, pollMs: 5 });
  const reader = record(relay);
  let written = 0;
  for (let round = 0; round < 10; round += 1) {
    written += (await append(round % 3, 5)).length;
    await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'fragile'`);
  }
  await until(() => reader.events.length === written);
  expect(reader.faults).toEqual([]);
  await relay.stop();
  await fragile.end();
});

/** Writers in all shards at once, whose offers come late, out of order, or never; `relay` must not let a reader see it. */
async function writeAndOffer(offer: Relay['offer'], rounds: number): Promise<number> {
  let written = 0;
  const writer = async (seed: number): Promise<void> => {
    for (let round = 0; round < rounds; round += 1) {
      const shard = (seed + round) % SHARDS.length;
      const events = await append(shard, 1 + ((seed * 7 + round * 3) % 9));
      written += events.length;
      const kind = (seed + round * 5) % 4;
      if (kind === 0) offer(shard, events);
      else if (kind === 1) setImmediate(() => offer(shard, events));
      else if (kind === 2) setTimeout(() => offer(shard, events), 3);
    }
  };
  await Promise.all([1, 2, 3, 4].map(writer));
  return written;
}

test('with concurrent writers every reader sees 1…n in each shard, whenever it begins', async () => {
  const relay = await startRelay({ pollMs: 20, readSize: 50 });
  const readers = [record(relay)];
  const more = setInterval(() => readers.push(record(relay)), 10);
  const written = await writeAndOffer(relay.offer, 40);
  clearInterval(more);
  await until(() => readers[0]?.events.length === written);
  for (const reader of readers) {
    expect(reader.faults).toEqual([]);
    expect(reader.last).toEqual(readers[0]?.last);
  }
});

test('control: the same check notices a relay that only passes offers on', async () => {
  const handlers: EventHandler[] = [];
  const broken = {
    subscribe: (handler: EventHandler) => {
      handlers.push(handler);
      return () => undefined;
    },
    position: (await startRelay(QUIET)).position,
  };
  const reader = record(broken);
  const written = await writeAndOffer((shard, events) => handlers.forEach((handler) => handler(shard, events)), 10);
  await pause(20);
  expect(reader.events.length).toBeLessThan(written);
  expect(reader.faults.length).toBeGreaterThan(0);
});

describe('what retention has dropped meanwhile', () => {
  async function drop(seqs: readonly number[]): Promise<void> {
    await pool.query('alter table events disable trigger user');
    await pool.query('delete from events where shard = 1 and seq = any($1)', [seqs]);
    await pool.query('alter table events enable trigger user');
  }

  async function note(seqs: readonly number[]): Promise<void> {
    await pool.query(
      `insert into event_gaps select 1, min(seq), range_agg(int8range(seq, seq, '[]')) from unnest($1::bigint[]) as seq`,
      [seqs],
    );
  }

  test('is stepped over, and nothing else is', async () => {
    const relay = await startRelay(QUIET);
    const reader = record(relay);
    const seqs = (await append(1, 9)).map(({ seq }) => seq);
    const [, second = 0, third = 0, , , , , eighth = 0] = seqs;
    await drop([second, third, eighth]);
    // The eighth is not noted: a gap, which is never stepped over.
    await note([second, third]);
    const other = record(relay);
    relay.wake(1);
    await append(2, 1);
    relay.wake(2);
    await until(() => other.events.length === 1);
    expect(reader.events.filter(({ shard }) => shard === 1)).toEqual([]);
    await note([eighth]);
    await until(() => reader.last.get(1) === seqs.at(-1));
    const dropped = [second, third, eighth];
    expect(reader.events.filter(({ shard }) => shard === 1).map(({ seq }) => seq)).toEqual(
      seqs.filter((seq) => !dropped.includes(seq)),
    );
  });

  test('to the end of the log moves the position', async () => {
    const relay = await startRelay(QUIET);
    record(relay);
    const seqs = (await append(1, 3)).map(({ seq }) => seq);
    await drop(seqs);
    await note(seqs);
    relay.wake(1);
    await until(() => relay.position().get(1) === seqs[2]);
    await pool.query('delete from event_gaps');
  });
});
