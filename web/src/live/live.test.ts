import type { Handlers, Stream, StreamOptions } from '@millrace/client';
import type { WireEventEnvelope } from '@millrace/contract';
import { beforeEach, expect, test } from 'vitest';
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
    onEvent: ({ id }, channel) => log.push(`event ${id} ${channel}`),
    onGap: (channel) => log.push(`gap ${channel}`),
    onRecovered: () => log.push('recovered'),
  });
  live.start();
  return live;
}

function eventOf(id: string): WireEventEnvelope {
  return { id, type: 'loan_progress' } as WireEventEnvelope;
}

beforeEach(() => {
  streams = [];
  log = [];
});

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

test('a channel that is new begins where the own channel stands, so that nothing falls between', () => {
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
  expect(log).toEqual(['event 0-1 loans']);
});

test('what was read before the channel was followed is read again, and nothing where it was resumed', async () => {
  const live = start();
  live.follow('loans');
  const { handlers } = streams[0]!.channels.get('loans')!;
  handlers.subscribed?.(false);
  handlers.subscribed?.(true);
  await handlers.reload?.('too_far_behind', '0-9');
  expect(log).toEqual(['gap loans', 'gap loans']);
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
