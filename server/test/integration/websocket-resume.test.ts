import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { ownEvent } from '../support/events.ts';
import { ANNA, BERT, eventsOf, type Person, useLiveStreams } from '../support/stream-bench.ts';
import { type Frame, type StreamServer } from '../support/stream.ts';

const SHARDS = [0, 1, 2];
const bench = useLiveStreams();

describe('resuming', () => {
  test('with the cursor of any frame gives exactly what came after it, from memory and from the log', async () => {
    const server = await bench.start({ push: { recentMax: 10 } });
    const anna = await bench.connect(server, 'anna');
    const { cursor: before } = await anna.ask({ op: 'subscribe', channel: 'me' });
    for (let n = 0; n < 60; n += 1) await bench.append(n % 3, [ownEvent(ANNA, n), ownEvent(BERT, n)]);
    await bench.settle(server, anna);
    const frames = anna.frames.filter((frame) => frame.op === 'event');
    const ids = frames.map((frame) => frame.event.id);
    expect(frames).toHaveLength(60);
    for (const [index, after] of [[-1, before], ...frames.map((frame, index) => [index, frame.cursor])].filter(
      (_, i) => i % 7 === 0,
    )) {
      const again = await bench.connect(server, 'anna');
      expect((await again.ask({ op: 'subscribe', channel: 'me', after })).cursor).toBe(after);
      const rest = ids.slice(Number(index) + 1);
      while (eventsOf(again.frames, 'me').length < rest.length) await pause(2);
      await bench.settle(server, again);
      const inOrder = (list: string[]): string[] => list.toSorted((a, b) => a.localeCompare(b));
      expect(inOrder(eventsOf(again.frames, 'me').map((event) => event.id))).toEqual(inOrder(rest));
      await again.close();
    }
  });

  test('with a cursor that is none, of unknown shards, or ahead of the log tells to reload, and goes on from there', async () => {
    const server = await bench.start();
    const anna = await bench.connect(server, 'anna');
    for (const after of ['', 'x', '0-1.0-2', '7-1', '0-999999', '1-999999999999999']) {
      expect((await anna.ask({ op: 'subscribe', channel: 'me', after })).op).toBe('subscribed');
      const reload = await anna.next((frame) => frame.op === 'reload');
      expect(reload).toMatchObject({ channel: 'me', reason: 'cursor_unknown' });
      await bench.append(2, [ownEvent(ANNA, 1)]);
      expect(await anna.next((frame) => frame.op === 'event')).toMatchObject({ channel: 'me' });
      expect(await anna.ask({ op: 'subscribe', channel: 'me', after: reload.cursor })).toMatchObject({
        cursor: reload.cursor,
      });
      await anna.next((frame) => frame.op === 'event');
    }
  });

  test('from too far back tells to reload', async () => {
    const server = await bench.start({ push: { replaySpanMax: 10, recentMax: 5 } });
    const anna = await bench.connect(server, 'anna');
    const { cursor } = await anna.ask({ op: 'subscribe', channel: 'me' });
    await anna.close();
    for (let n = 0; n < 3; n += 1)
      await bench.append(
        n,
        Array.from({ length: 4 }, () => ownEvent(BERT, n)),
      );
    const again = await bench.connect(server, 'anna');
    await bench.settle(server, again);
    await again.ask({ op: 'subscribe', channel: 'me', after: cursor });
    expect(await again.next((frame) => frame.op === 'reload')).toMatchObject({ reason: 'too_far_behind' });
    await bench.append(0, [ownEvent(ANNA, 1)]);
    expect(await again.next((frame) => frame.op === 'event')).toMatchObject({ channel: 'me' });
  });

  test('from before what retention has dropped tells to reload, also where nothing of the channel was dropped', async () => {
    const server = await bench.start({ push: { recentMax: 5 } });
    const anna = await bench.connect(server, 'anna');
    const { cursor } = await anna.ask({ op: 'subscribe', channel: 'me' });
    await anna.close();
    const written = await bench.append(
      0,
      Array.from({ length: 20 }, (_, n) => ownEvent(ANNA, n)),
    );
    // Retention has come far without finding anything, and has dropped the fourth.
    await bench.pool.query('insert into retention values (0, $1)', [written[9]?.seq]);
    const fourth = [written[3]?.seq];
    await bench.pool.query("insert into event_gaps select 0, $1, int8multirange(int8range($1, $1, '[]'))", fourth);
    const again = await bench.connect(server, 'anna');
    await bench.settle(server, again);
    await again.ask({ op: 'subscribe', channel: 'me', after: cursor });
    expect(await again.next((frame) => frame.op === 'reload')).toMatchObject({ reason: 'too_far_behind' });
    const kept = server.relay.position();
    const after = [...kept].map(([shard, seq]) => `${shard}-${shard === 0 ? written[3]?.seq : seq}`).join('.');
    await again.ask({ op: 'subscribe', channel: 'me', after });
    while (eventsOf(again.frames, 'me').length < 16) await pause(2);
    await bench.pool.query('delete from retention; delete from event_gaps');
  });

  test('with a cursor that another server gave out waits for one’s own news', async () => {
    const server = await bench.start();
    const anna = await bench.connect(server, 'anna');
    const [written] = await bench.append(1, [ownEvent(ANNA, 1)]);
    await bench.settle(server, anna);
    const cursor = [...server.relay.position()]
      .map(([shard, seq]) => `${shard}-${shard === 1 ? seq + 1 : seq}`)
      .join('.');
    // The other server is ahead: what it wrote is committed, and this one has not heard of it when the client comes.
    const next = bench
      .append(1, [ownEvent(ANNA, 2)])
      .then(() => anna.ask({ op: 'subscribe', channel: 'me', after: cursor }));
    expect(await next).toMatchObject({ op: 'subscribed', cursor });
    await bench.append(1, [ownEvent(ANNA, 3)]);
    await anna.next((frame) => frame.op === 'event' && frame.event.data.n === 3);
    expect(anna.frames.filter((frame) => frame.op !== 'pong')).toEqual([]);
    expect(written).toBeDefined();
  });

  test('goes on where the database fails for a moment, and ends with 1013 where it stays away', async () => {
    const failing = { times: 2 };
    const query = async (...parameters: unknown[]): Promise<unknown> => {
      if (failing.times > 0) {
        failing.times -= 1;
        throw new Error('connection lost');
      }
      return (bench.pool.query as (...all: unknown[]) => Promise<unknown>)(...parameters);
    };
    const server = await bench.start({ push: { recentMax: 5, pool: { query } as never } });
    const anna = await bench.connect(server, 'anna');
    const { cursor: after } = await anna.ask({ op: 'subscribe', channel: 'me' });
    await bench.append(
      0,
      Array.from({ length: 40 }, (_, n) => ownEvent(ANNA, n)),
    );
    await bench.settle(server, anna);
    const again = await bench.connect(server, 'anna');
    await again.ask({ op: 'subscribe', channel: 'me', after });
    while (eventsOf(again.frames, 'me').length < 40) await pause(2);
    failing.times = 1_000;
    const third = await bench.connect(server, 'anna');
    await third.ask({ op: 'subscribe', channel: 'me', after });
    expect((await third.closed).code).toBe(1013);
    expect(third.frames.filter((frame) => frame.op === 'event')).toEqual([]);
  });

  test('a quiet reader is told how far the log has come', async () => {
    const server = await bench.start({ limits: { heartbeatMs: 10, missedPingsMax: 1_000 } });
    const anna = await bench.connect(server, 'anna');
    await anna.ask({ op: 'subscribe', channel: 'me' });
    const [event] = await bench.append(0, [ownEvent(BERT, 1)]);
    const told = await anna.next((frame) => frame.op === 'cursor' && frame.cursor.startsWith(`0-${event?.seq}.`));
    expect(told).toMatchObject({ channel: 'me' });
  });
});

/** Reads one channel until it has `total` events: leaves at random moments, and comes back with its cursor. */
async function restlessReader(
  server: StreamServer,
  { who, channel, total, from }: { who: Person; channel: string; total: number; from: string },
) {
  const seen: Frame[] = [];
  let cursor = from;
  let visits = 0;
  while (seen.length < total) {
    visits += 1;
    const client = await bench.connect(server, who);
    await client.ask({ op: 'subscribe', channel, after: cursor });
    const leaveAt = Date.now() + Math.random() * 60;
    while (Date.now() < leaveAt && seen.length + eventsOf(client.frames, channel).length < total) await pause(1);
    client.ws.terminate();
    for (const frame of client.frames) {
      if (frame.op === 'reload') throw new Error('told to reload');
      if (frame.op !== 'event') continue;
      seen.push(frame.event);
      cursor = frame.cursor;
    }
  }
  return { seen, visits };
}

test('readers that come and go see 1…n, while several writers write into several shards', async () => {
  const server = await bench.start({ push: { recentMax: 40 } });
  const rounds = 80;
  const own = 4 * rounds * 2;
  const bert = await bench.connect(server, 'bert');
  await bench.settle(server, bert);
  const { cursor: from } = await bert.ask({ op: 'subscribe', channel: 'loans' });
  const readers = [
    ...Array.from({ length: 3 }, () => restlessReader(server, { who: 'anna', channel: 'me', total: own, from })),
    restlessReader(server, { who: 'operator', channel: 'operators', total: 2 * own, from }),
  ];
  const writers = [0, 1, 2, 3].map(async (writer) => {
    for (let round = 0; round < rounds; round += 1) {
      const shard = (writer + round) % SHARDS.length;
      const events = await bench.append(shard, [
        ownEvent(ANNA, 1),
        ownEvent(BERT, 1),
        ownEvent(ANNA, 2),
        ownEvent(BERT, 2),
      ]);
      // Some writers are in this process and offer what they wrote, in whatever order.
      if (writer % 2 === 0) setTimeout(() => server.relay.offer(shard, events), Math.random() * 4);
      if (Math.random() < 0.2) await pause(5);
    }
  });
  await Promise.all(writers);
  for (const [index, { seen, visits }] of (await Promise.all(readers)).entries()) {
    expect(visits).toBeGreaterThan(1);
    expect(seen).toHaveLength(index === 3 ? 2 * own : own);
    for (const events of Map.groupBy(seen, (event) => event.id.split('-')[0]).values()) {
      const seqs = events.map((event) => Number(event.id.split('-')[1]));
      // Half of the events are Anna's: the first and the third of each four.
      const step = index === 3 ? 1 : 2;
      expect(seqs).toEqual(seqs.map((_, at) => (seqs[0] as number) + at * step));
    }
  }
});

test('a reader that does not read is closed with 4008 and, when it comes back, has lost nothing', async () => {
  const state = { ended: false };
  const server = await bench.start({
    limits: { bufferBytesMax: 128 * 1024, drainMs: 100, closeTimeoutMs: 600_000 },
    onUnsubscribed: () => (state.ended = true),
  });
  const slow = await bench.connect(server, 'anna');
  const { cursor: begin } = await slow.ask({ op: 'subscribe', channel: 'me' });
  slow.ws.pause();
  const filler = 'x'.repeat(4_000);
  let total = 0;
  // However much the operating system takes for a client that does not read: at some point it is full.
  while (!state.ended) {
    const sketches = Array.from({ length: 250 }, (_, i) => ({ ...ownEvent(ANNA, 0), data: { n: total + i, filler } }));
    server.relay.offer(total % 3, await bench.append(total % 3, sketches));
    total += 250;
    await pause(20);
  }
  slow.ws.resume();
  expect(await slow.closed).toEqual({ code: 4008, reason: 'slow consumer' });
  const first = slow.frames.filter((frame) => frame.op === 'event');
  expect(first.length).toBeLessThan(total);
  const again = await bench.connect(server, 'anna');
  await again.ask({ op: 'subscribe', channel: 'me', after: first.at(-1)?.cursor ?? begin });
  while (first.length + eventsOf(again.frames, 'me').length < total) await pause(5);
  await bench.settle(server, again);
  const numbers = [...first.map((frame) => frame.event), ...eventsOf(again.frames, 'me')].map((event) => event.data.n);
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, n) => n));
});

test('a burst that is larger than the buffer does not close a reader that reads', async () => {
  const server = await bench.start({ limits: { bufferBytesMax: 128 * 1024 }, push: { recentMax: 500 } });
  const anna = await bench.connect(server, 'anna');
  await anna.ask({ op: 'subscribe', channel: 'me' });
  for (let round = 0; round < 3; round += 1) {
    server.relay.offer(
      0,
      await bench.append(
        0,
        Array.from({ length: 1_500 }, (_, n) => ownEvent(ANNA, n)),
      ),
    );
  }
  while (eventsOf(anna.frames, 'me').length < 4_500) await pause(5);
  await bench.settle(server, anna);
  const seqs = eventsOf(anna.frames, 'me').map((event) => Number(event.id.slice(2)));
  expect(seqs).toEqual(Array.from({ length: 4_500 }, (_, i) => (seqs[0] as number) + i));
});
