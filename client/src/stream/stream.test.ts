import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type StreamServer, startStreamServer } from '../../test/stream-server.ts';
import { MillraceError } from '../error.ts';
import type { SocketConstructor } from './connection.ts';
import { openStream, type Stream, type StreamOptions } from './stream.ts';

const deposit = { kind: 'deposit', asset: 'USD', amount: '1.00' } as const;

function open(server: Pick<StreamServer, 'url'>, options: StreamOptions = {}): Stream {
  const stream = openStream(
    { url: server.url, ticket: async () => 'mrt_1' },
    { WebSocket: WebSocket as unknown as SocketConstructor, reconnectDelayMs: 1, ...options },
  );
  onTestFinished(() => stream.close());
  return stream;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 10_000, interval: 5 });

function collect(stream: Stream, after?: string) {
  const seen: number[] = [];
  const subscription = stream.subscribe(
    'loans',
    { event: ({ data }) => void seen.push((data as { seq: number }).seq) },
    { after },
  );
  return { seen, subscription };
}

test('events arrive in order, and the cursor follows what was handled', async () => {
  const server = await startStreamServer();
  const { seen, subscription } = collect(open(server), '0-0');
  server.emit(3);
  await until(() => expect(seen).toEqual([1, 2, 3]));
  expect(subscription.cursor).toBe('0-3');
});

test('without a cursor a channel begins now, and still resumes without a gap when nothing had come yet', async () => {
  const server = await startStreamServer();
  server.emit(5);
  const { seen, subscription } = collect(open(server));
  await until(() => expect(subscription.cursor).toBe('0-5'));
  server.cut();
  server.emit(2);
  await until(() => expect(seen).toEqual([6, 7]));
});

test('a connection that is lost again and again costs no event and doubles none', async () => {
  const server = await startStreamServer();
  const { seen } = collect(open(server), '0-0');
  for (let round = 0; round < 5; round += 1) {
    server.emit(10);
    await until(() => expect(seen.length).toBeGreaterThan(round * 10));
    server.cut();
  }
  await until(() => expect(seen).toEqual(upTo(50)));
  expect(server.connections).toBeGreaterThanOrEqual(5);
});

test('a channel that has ended is not followed again, once all that came before has been handled', async () => {
  const server = await startStreamServer();
  const stream = open(server);
  const said: (number | 'ended')[] = [];
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  stream.subscribe(
    'loans',
    {
      event: async ({ data }) => {
        await held;
        said.push((data as { seq: number }).seq);
      },
      ended: () => void said.push('ended'),
    },
    { after: '0-0' },
  );
  server.emit(2);
  await until(() => expect(server.frames).toHaveLength(1));
  server.end('loans');
  release();
  await until(() => expect(said).toEqual([1, 2, 'ended']));
  server.cut();
  await until(() => expect(server.connections).toBe(2));
  stream.subscribe('me', { event: () => undefined });
  await until(() => expect(server.frames.at(-1)).toMatchObject({ op: 'subscribe', channel: 'me' }));
  expect(server.frames.filter(({ channel }) => channel === 'loans')).toHaveLength(1);
});

test('a handler that is slower than the server gets every event once, and few of them wait', async () => {
  const server = await startStreamServer();
  const stream = open(server, { queueMax: 5 });
  const seen: number[] = [];
  stream.subscribe(
    'loans',
    {
      event: async ({ data }) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        seen.push((data as { seq: number }).seq);
      },
    },
    { after: '0-0' },
  );
  server.emit(40);
  await until(() => expect(seen).toEqual(upTo(40)));
  expect(server.frames.filter(({ op }) => op === 'unsubscribe').length).toBeGreaterThan(0);
});

test('after close no handler is called any more, and the cursor stays at the last event that was handled', async () => {
  const server = await startStreamServer();
  const stream = open(server);
  const seen: number[] = [];
  server.emit(20);
  const subscription = stream.subscribe(
    'loans',
    {
      event: async ({ data }) => {
        seen.push((data as { seq: number }).seq);
        // The rest arrives, and waits.
        await new Promise((resolve) => setTimeout(resolve, 50));
        stream.close();
      },
    },
    { after: '0-0' },
  );
  await stream.ended;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(seen).toEqual([1]);
  expect(subscription.cursor).toBe('0-1');
});

test('a reader that is too far behind is told to reload, and goes on from there', async () => {
  const server = await startStreamServer();
  server.intercept = ({ op, ref, channel }, socket) => {
    if (op !== 'subscribe') return false;
    socket.send(JSON.stringify({ op: 'subscribed', channel, cursor: '0-1', ref }));
    socket.send(JSON.stringify({ op: 'reload', channel, cursor: '0-9', reason: 'too_far_behind' }));
    return true;
  };
  const reload = vi.fn<(reason: string, cursor: string) => void>();
  const subscription = open(server).subscribe('me', { event: () => {}, reload }, { after: '0-1' });
  await until(() => expect(reload).toHaveBeenCalledExactlyOnceWith('too_far_behind', '0-9'));
  await until(() => expect(subscription.cursor).toBe('0-9'));
});

test('a follower of a channel hears that it is followed: from now on the first time, resumed after a lost connection', async () => {
  const server = await startStreamServer();
  const told: boolean[] = [];
  open(server).subscribe('loans', { event: () => {}, subscribed: (resumed) => void told.push(resumed) });
  await until(() => expect(told).toEqual([false]));
  server.emit(1);
  server.cut();
  await until(() => expect(told).toEqual([false, true]));
});

test('a handler that throws is reported, and the next event comes all the same', async () => {
  const server = await startStreamServer();
  const errors: unknown[] = [];
  const seen: string[] = [];
  const handlers = {
    event: ({ id }: { id: string }) => {
      seen.push(id);
      if (id === '0-1') throw new Error('oops');
    },
    error: (error: unknown, refused: boolean) => errors.push([(error as Error).message, refused]),
  };
  open(server).subscribe('loans', handlers, { after: '0-0' });
  server.emit(2);
  await until(() => expect(seen).toEqual(['0-1', '0-2']));
  expect(errors).toEqual([['oops', false]]);
});

test('a channel that the server refuses ends with its reason, and the others go on', async () => {
  const server = await startStreamServer();
  server.intercept = ({ op, ref, channel }, socket) => {
    if (op !== 'subscribe' || channel !== 'operators') return false;
    socket.send(JSON.stringify({ op: 'error', ref, problem: { code: 'forbidden', detail: 'no', status: 403 } }));
    return true;
  };
  const stream = open(server);
  const { seen } = collect(stream, '0-0');
  const refused = new Promise((resolve) =>
    stream.subscribe('operators', { event: () => {}, error: (error) => resolve(error) }),
  );
  expect(await refused).toMatchObject({ code: 'forbidden', status: 403 });
  server.emit(1);
  await until(() => expect(seen).toEqual([1]));
});

test('a channel that was closed brings nothing more', async () => {
  const server = await startStreamServer();
  const { seen, subscription } = collect(open(server), '0-0');
  server.emit(1);
  await until(() => expect(seen).toEqual([1]));
  subscription.close();
  server.emit(1);
  await until(() => expect(server.frames.some(({ op }) => op === 'unsubscribe')).toBe(true));
  expect(seen).toEqual([1]);
});

test('an order whose answer is lost is sent again under the same id', async () => {
  const server = await startStreamServer();
  server.intercept = ({ op }) => {
    const first = op === 'order' && server.connections === 1;
    if (first) server.cut();
    return first;
  };
  const answer = await open(server).order(deposit);
  expect(answer).toMatchObject({ status: 'completed', id: expect.stringMatching(/^ord_/) });
  const ids = server.frames.filter(({ op }) => op === 'order').map(({ order }) => order?.['id']);
  expect(ids).toEqual([answer.id, answer.id]);
});

test('an order that the server has no room for is sent again, one that is wrong is not', async () => {
  const server = await startStreamServer();
  const refuse = (code: string) => (socket: WebSocket, ref?: string) =>
    socket.send(JSON.stringify({ op: 'error', ref, problem: { code, detail: code, status: 400 } }));
  let count = 0;
  server.intercept = ({ op, ref, order }, socket) => {
    if (op !== 'order') return false;
    count += 1;
    if (order?.['amount'] === '2') refuse('invalid_amount')(socket, ref);
    else if (count === 1) refuse('overloaded')(socket, ref);
    else return false;
    return true;
  };
  const stream = open(server);
  expect(await stream.order(deposit)).toMatchObject({ status: 'completed' });
  expect(count).toBe(2);
  await expect(stream.order({ ...deposit, amount: '2' })).rejects.toMatchObject({ code: 'invalid_amount' });
  expect(count).toBe(3);
});

test('no more orders are on the way than the server takes, and all are answered', async () => {
  const server = await startStreamServer();
  let underWay = 0;
  let most = 0;
  server.intercept = ({ op }) => {
    if (op !== 'order') return false;
    underWay += 1;
    most = Math.max(most, underWay);
    setImmediate(() => {
      underWay -= 1;
    });
    return false;
  };
  const stream = open(server);
  const answers = await Promise.all(upTo(600).map(() => stream.order(deposit)));
  expect(answers).toHaveLength(600);
  expect(most).toBeLessThanOrEqual(256);
});

test('past a thousand waiting orders the next is refused at once', async () => {
  const stream = open({ url: 'http://127.0.0.1:1' });
  const waiting = upTo(1_000).map(() => stream.order(deposit));
  for (const one of waiting) one.catch(() => {});
  await expect(stream.order(deposit)).rejects.toMatchObject({ code: 'queue_full' });
  stream.close();
  await expect(waiting[0]).rejects.toMatchObject({ code: 'closed' });
});

test('a session that has ended ends the stream with the reason', async () => {
  const ticket = async (): Promise<string> => {
    throw new MillraceError({ code: 'unauthenticated', detail: 'no', status: 401 });
  };
  const stream = openStream(
    { url: 'http://127.0.0.1:1', ticket },
    { WebSocket: WebSocket as unknown as SocketConstructor },
  );
  expect(await stream.ended).toMatchObject({ code: 'unauthenticated' });
  expect(stream.state).toBe('closed');
});

test('a server that says nothing any more is left for a new connection', async () => {
  const server = await startStreamServer();
  server.intercept = ({ op }) => op === 'ping' && server.connections === 1;
  const { seen } = collect(open(server, { idleMs: 30 }), '0-0');
  await until(() => expect(server.connections).toBeGreaterThan(1));
  server.emit(1);
  await until(() => expect(seen).toEqual([1]));
});

test('closing it ends it without an error', async () => {
  const server = await startStreamServer();
  const states: string[] = [];
  const stream = open(server, { onState: (state) => states.push(state) });
  await until(() => expect(stream.state).toBe('open'));
  stream.close();
  expect(await stream.ended).toBeUndefined();
  expect(states).toEqual(['connecting', 'open', 'closed']);
});
