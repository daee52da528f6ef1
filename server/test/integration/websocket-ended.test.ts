import { CHANNELS, type ChannelEntry } from '@millrace/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loanEvent } from '../support/events.ts';
import { ANNA, BERT, eventsOf, useLiveStreams } from '../support/stream-bench.ts';
import { uuidv7 } from '../../src/core/ids.ts';
import { findClosing } from '../../src/events/closing-events.ts';
import { SOCKET_LIMITS } from '../../src/edges/websocket/limits.ts';

// No channel of the desks that there are ends. Here a loan's does, as if the catalogue said so.
const entry: ChannelEntry = CHANNELS.loan;
beforeAll(() => {
  entry.closes = ['loan_repaid'];
});
afterAll(() => {
  delete entry.closes;
});

const LOAN = 'loan_00000000-0000-7000-8000-0000000000aa';
const OTHER = 'loan_00000000-0000-7000-8000-0000000000bb';
const CHANNEL = `loan:${LOAN}`;
const bench = useLiveStreams();

const LIFE = [
  loanEvent(OTHER, 'loan_repaid', 0),
  loanEvent(LOAN, 'installment_paid', 1),
  loanEvent(LOAN, 'loan_repaid', 2),
  loanEvent(LOAN, 'loan_current', 3),
];

test('a channel that its catalogue says to end tells so behind its last event, brings nothing more, and takes no place', async () => {
  const server = await bench.start({ limits: { ...SOCKET_LIMITS, channelsMax: 1 } });
  const anna = await bench.connect(server, 'anna');
  await anna.ask({ op: 'subscribe', channel: CHANNEL });
  await bench.append(0, LIFE);
  await bench.settle(server, anna);
  expect(anna.frames).toMatchObject([
    { op: 'event', channel: CHANNEL, event: { data: { n: 1 } } },
    { op: 'event', channel: CHANNEL, event: { data: { n: 2 } } },
    { op: 'ended', channel: CHANNEL, cursor: anna.frames[1].cursor },
  ]);
  expect(await anna.ask({ op: 'subscribe', channel: 'loans' })).toMatchObject({ op: 'subscribed' });
});

test.each([
  ['memory', 4_096],
  ['the log', 1],
])('who comes back from before the end gets the rest and the end, from %s', async (_, recentMax) => {
  const server = await bench.start({ push: { recentMax } });
  const anna = await bench.connect(server, 'anna');
  const bert = await bench.connect(server, 'bert');
  const { cursor: after } = await bert.ask({ op: 'subscribe', channel: 'loans' });
  await bench.append(1, LIFE);
  await bench.settle(server, bert);
  await anna.ask({ op: 'subscribe', channel: CHANNEL, after });
  expect(await anna.next((frame) => frame.op === 'ended')).toMatchObject({ channel: CHANNEL });
  await bench.append(1, [loanEvent(LOAN, 'loan_current', 4)]);
  await bench.settle(server, anna);
  expect(eventsOf(anna.frames, CHANNEL).map(({ data }) => data.n)).toEqual([1, 2]);
  expect(anna.frames.filter(({ op }) => op === 'ended')).toEqual([]);
});

test.each([
  ['without a cursor', () => undefined],
  ['from behind the end', (end: string) => end],
  ['with a cursor that is none of ours', () => '9-1'],
])('who begins %s to follow a channel that has ended is told so, and no other', async (_, afterOf) => {
  const server = await bench.start({ limits: { ...SOCKET_LIMITS, channelsMax: 2 } });
  const anna = await bench.connect(server, 'anna');
  const [done, open] = [`loan_${uuidv7()}`, `loan_${uuidv7()}`];
  await anna.ask({ op: 'subscribe', channel: `loan:${done}` });
  await bench.append(0, [loanEvent(done, 'loan_repaid', 1)]);
  const { cursor: end } = await anna.next((frame) => frame.op === 'ended');
  anna.frames.length = 0;

  const after = afterOf(end);
  const subscribe = { op: 'subscribe', channel: `loan:${done}`, ...(after !== undefined && { after }) };
  expect(await anna.ask(subscribe)).toMatchObject({ op: 'subscribed' });
  expect(await anna.next((frame) => frame.op === 'ended')).toMatchObject({ channel: `loan:${done}` });
  // It takes no place, and one that has not ended goes on.
  for (const channel of ['loans', `loan:${open}`])
    expect(await anna.ask({ op: 'subscribe', channel })).toMatchObject({ op: 'subscribed' });
  await bench.append(0, [loanEvent(done, 'loan_current', 2), loanEvent(open, 'loan_repaid', 3)]);
  expect(await anna.next((frame) => frame.op === 'ended')).toMatchObject({ channel: `loan:${open}` });
  expect(eventsOf(anna.frames, `loan:${done}`)).toEqual([]);
});

test('the end of what only its owner sees is told to nobody else', async () => {
  const subject = `loan_${uuidv7()}`;
  await bench.append(1, [{ ...loanEvent(subject, 'loan_repaid', 1), userId: ANNA }]);
  const closing = { subject, types: ['loan_repaid'] as const };
  expect(await findClosing(bench.pool, { ...closing, userId: ANNA })).toMatchObject({ shard: 1 });
  expect(await findClosing(bench.pool, { ...closing, userId: null })).toMatchObject({ shard: 1 });
  expect(await findClosing(bench.pool, { ...closing, userId: BERT })).toBeUndefined();
  expect(await findClosing(bench.pool, { ...closing, types: ['loan_funded'], userId: null })).toBeUndefined();
});
