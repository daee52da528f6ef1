import type { Handlers, Stream, StreamOptions } from '@millrace/client';
import type { WireEventEnvelope } from '@millrace/contract';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLive } from './live.ts';

interface Opened {
  options: StreamOptions;
  channels: Map<string, { handlers: Handlers; after: string | undefined; cursor: string | undefined }>;
  closed: boolean;
}

let streams: Opened[];
let log: string[];

function openStream(options: StreamOptions): Stream {
  const opened: Opened = { options, channels: new Map(), closed: false };
  streams.push(opened);
  return {
    state: 'connecting',
    subscribe(channel, handlers, { after } = {}) {
      const entry = { handlers, after, cursor: after };
      opened.channels.set(channel, entry);
      return {
        channel,
        get cursor() {
          return entry.cursor;
        },
        close: () => opened.channels.delete(channel),
      };
    },
    order: () => Promise.reject(new Error('no orders here')),
    close: () => {
      opened.closed = true;
    },
    ended: new Promise(() => {}),
  };
}

function start() {
  const live = createLive({
    openStream,
    onEvent: ({ id }) => log.push(`event ${id}`),
    onOwnEvent: ({ id }) => log.push(`own ${id}`),
    onGap: () => log.push('gap'),
    onRecovered: () => log.push('recovered'),
  });
  live.start();
  return live;
}

function eventOf(id: string): WireEventEnvelope {
  return { id, type: 'loan_progress' } as WireEventEnvelope;
}

beforeEach(() => {
  vi.useFakeTimers();
  streams = [];
  log = [];
});
afterEach(() => vi.useRealTimers());

test('a channel is followed once for many components, and left with the last', () => {
  const live = start();
  const [leaveOne, leaveOther] = [live.follow('loans'), live.follow('loans')];
  leaveOne();
  leaveOne();
  expect(streams[0]?.channels.has('loans')).toBe(true);
  leaveOther();
  expect(streams[0]?.channels.has('loans')).toBe(false);
});

test('a channel that a page comes back to goes on where it was left', () => {
  const live = start();
  const leave = live.follow('loans');
  streams[0]!.channels.get('loans')!.cursor = '0-7';
  leave();
  live.follow('loans');
  expect(streams[0]?.channels.get('loans')?.after).toBe('0-7');
});

test('a channel that is new begins where the user’s own channel stands, so that nothing falls between', () => {
  const live = start();
  live.follow('me');
  streams[0]!.channels.get('me')!.cursor = '0-3';
  live.follow('loan:loan_1');
  expect(streams[0]?.channels.get('loan:loan_1')?.after).toBe('0-3');
});

test('an event that comes over two channels is handled once', async () => {
  const live = start();
  live.follow('loans');
  live.follow('loan:loan_1');
  for (const { handlers } of streams[0]!.channels.values()) await handlers.event(eventOf('0-1'), '0-1');
  expect(log).toEqual(['event 0-1']);
});

test('an event of one’s own is one’s own, though another channel was faster with it', async () => {
  const live = start();
  for (const channel of ['operators', 'me']) live.follow(channel);
  for (const { handlers } of streams[0]!.channels.values()) await handlers.event(eventOf('0-1'), '0-1');
  await streams[0]!.channels.get('me')!.handlers.event(eventOf('0-1'), '0-1');
  expect(log).toEqual(['event 0-1', 'own 0-1']);
});

test('what was read before the channel was followed is read again, and nothing where it was resumed', async () => {
  const live = start();
  live.follow('loans');
  const { handlers } = streams[0]!.channels.get('loans')!;
  handlers.subscribed?.(true);
  vi.runAllTimers();
  expect(log).toEqual([]);
  handlers.subscribed?.(false);
  vi.runAllTimers();
  await handlers.reload?.('too_far_behind', '0-9');
  vi.runAllTimers();
  expect(log).toEqual(['gap', 'gap']);
});

test('channels that begin together are one gap', () => {
  const live = start();
  for (const channel of ['me', 'loans']) live.follow(channel);
  for (const { handlers } of streams[0]!.channels.values()) handlers.subscribed?.(false);
  vi.runAllTimers();
  expect(log).toEqual(['gap']);
});

test('a stream that is refused is opened again, ever later, and goes on where it was', () => {
  const live = start();
  live.follow('loans');
  streams[0]!.channels.get('loans')!.cursor = '0-7';
  streams[0]!.options.onState?.('closed');
  expect(live.state).toBe('waiting');
  vi.advanceTimersByTime(1_000);
  expect(streams[1]?.channels.get('loans')?.after).toBe('0-7');
  streams[1]!.options.onState?.('closed');
  vi.advanceTimersByTime(1_999);
  expect(streams).toHaveLength(2);
  vi.advanceTimersByTime(1);
  expect(streams).toHaveLength(3);
});

test('a stream that is refused again and again is given up, until it is asked for', () => {
  const live = start();
  for (let attempt = 0; live.state !== 'stopped'; attempt += 1) {
    expect(attempt).toBeLessThan(10);
    streams.at(-1)!.options.onState?.('closed');
    vi.runAllTimers();
  }
  const count = streams.length;
  live.again();
  live.again();
  expect(streams).toHaveLength(count + 1);
});

test('a user who leaves while the stream is to be opened again gets none', () => {
  const live = start();
  streams[0]!.options.onState?.('closed');
  live.stop();
  vi.runAllTimers();
  expect(streams).toHaveLength(1);
  expect(live.state).toBe('closed');
});

test('only a connection that was lost recovers', () => {
  const live = start();
  const told: string[] = [];
  live.onState(() => told.push(live.state));
  for (const state of ['connecting', 'open', 'waiting', 'open'] as const) streams[0]?.options.onState?.(state);
  expect(log).toEqual(['recovered']);
  expect(told).toEqual(['connecting', 'open', 'waiting', 'open']);
});

test('a stream that tells its state while it is opened, or after it was stopped, does no harm', () => {
  const live = createLive({
    openStream: (options) => {
      options.onState?.('connecting');
      return openStream(options);
    },
    onEvent: () => {},
    onOwnEvent: () => {},
    onGap: () => {},
    onRecovered: () => {},
  });
  live.start();
  expect(live.state).toBe('connecting');
  live.stop();
  live.start();
  streams[0]?.options.onState?.('closed');
  expect(live.state).toBe('connecting');
});

test('the next person’s connection knows nothing of the last one’s', async () => {
  const live = start();
  const leave = live.follow('loans');
  streams[0]!.channels.get('loans')!.cursor = '0-7';
  await streams[0]!.channels.get('loans')!.handlers.event(eventOf('0-1'), '0-1');
  leave();
  live.stop();
  live.start();
  expect(streams[0]?.closed).toBe(true);
  live.follow('loans');
  expect(streams[1]?.channels.get('loans')?.after).toBeUndefined();
  await streams[1]!.channels.get('loans')!.handlers.event(eventOf('0-1'), '0-1');
  expect(log).toHaveLength(2);
});
