import { describe, expect, test } from 'vitest';
import { loanEvent, ownEvent } from '../support/events.ts';
import { ANNA, BERT, eventsOf, useLiveStreams } from '../support/stream-bench.ts';
import { caller, StreamClient, token } from '../support/stream.ts';

const LOAN = 'loan_00000000-0000-7000-8000-0000000000aa';
const OTHER_LOAN = 'loan_00000000-0000-7000-8000-0000000000bb';
const bench = useLiveStreams();

describe('channels', () => {
  test('everybody gets what may be seen, and nobody gets anything else', async () => {
    const server = await bench.start();
    const [anna, bert, operator] = await Promise.all([
      bench.connect(server, 'anna'),
      bench.connect(server, 'bert'),
      bench.connect(server, 'operator'),
    ]);
    for (const client of [anna, bert, operator]) {
      for (const channel of ['me', 'loans', `loan:${LOAN}`]) {
        expect(await client.ask({ op: 'subscribe', channel })).toMatchObject({ op: 'subscribed', channel });
      }
    }
    expect(await operator.ask({ op: 'subscribe', channel: 'operators' })).toMatchObject({ op: 'subscribed' });
    const written = await bench.append(0, [
      ownEvent(ANNA, 1),
      ownEvent(BERT, 2),
      loanEvent(LOAN, 'loan_progress', 3),
      loanEvent(OTHER_LOAN, 'loan_progress', 4),
      { type: 'notes_issued', subject: LOAN, userId: ANNA, data: { n: 5 } },
      { type: 'dead_letter_added', subject: 'ord_x', userId: ANNA, data: { n: 6 } },
    ]);
    for (const client of [anna, bert, operator]) await bench.settle(server, client);
    const numbers = (client: StreamClient, channel: string) =>
      eventsOf(client.frames, channel).map((event) => event.data.n);
    expect([numbers(anna, 'me'), numbers(anna, 'loans'), numbers(anna, `loan:${LOAN}`)]).toEqual([[1, 5], [3, 4], [3]]);
    expect([numbers(bert, 'me'), numbers(bert, 'loans'), numbers(bert, `loan:${LOAN}`)]).toEqual([[2], [3, 4], [3]]);
    expect([numbers(operator, 'me'), numbers(operator, 'operators')]).toEqual([[], [1, 2, 3, 4, 5, 6]]);
    expect(eventsOf(anna.frames, 'operators')).toEqual([]);
    expect(eventsOf(operator.frames, 'operators')[0]).toEqual({
      specversion: '1.0',
      id: `0-${written[0]?.seq}`,
      source: '/millrace',
      type: 'deposit_received',
      subject: `usr_${ANNA}`,
      time: written[0]?.at,
      datacontenttype: 'application/json',
      data: { user_id: `usr_${ANNA}`, n: 1 },
    });
  });

  test('what may not be followed is refused, and the socket stays', async () => {
    const server = await bench.start();
    const anna = await bench.connect(server, 'anna');
    const codes: string[] = [];
    for (const channel of ['operators', 'you', 'loan', 'loan:1', 'me:x', 'constructor', `loan:${LOAN}/`, ' me']) {
      codes.push((await anna.ask({ op: 'subscribe', channel })).problem.code);
    }
    expect(codes).toEqual(['forbidden', ...Array.from({ length: 7 }, () => 'not_found')]);
    expect(await anna.ask({ op: 'subscribe', channel: 'me' })).toMatchObject({ op: 'subscribed' });
  });

  test('a key without the scope does not follow its owner’s events', async () => {
    const key = token('mrk', 'reader');
    bench.fakes.sessions.set(key, caller(ANNA, 'operator', ['orders:write']));
    const server = await bench.start();
    const client = await StreamClient.connect(server.port, `?token=${key}`);
    for (const channel of ['me', 'operators']) {
      expect((await client.ask({ op: 'subscribe', channel })).problem.code).toBe('forbidden');
    }
    expect((await client.ask({ op: 'subscribe', channel: 'loans' })).op).toBe('subscribed');
  });

  test('a loan’s id may be in capitals; frames carry the usual form', async () => {
    const server = await bench.start();
    const anna = await bench.connect(server, 'anna');
    const capitals = `loan:loan_${LOAN.slice(5).toUpperCase()}`;
    expect((await anna.ask({ op: 'subscribe', channel: capitals })).channel).toBe(`loan:${LOAN}`);
    await bench.append(1, [loanEvent(LOAN, 'loan_funded', 1)]);
    await bench.settle(server, anna);
    expect(eventsOf(anna.frames, `loan:${LOAN}`)).toHaveLength(1);
    await anna.ask({ op: 'unsubscribe', channel: capitals });
    await bench.append(1, [loanEvent(LOAN, 'loan_funded', 2)]);
    await bench.settle(server, anna);
    expect(eventsOf(anna.frames, `loan:${LOAN}`)).toHaveLength(1);
  });

  test('a second subscription replaces the first: no event comes twice', async () => {
    const server = await bench.start();
    const anna = await bench.connect(server, 'anna');
    for (let i = 0; i < 150; i += 1) await anna.ask({ op: 'subscribe', channel: 'me' });
    await bench.append(0, [ownEvent(ANNA, 1)]);
    await bench.settle(server, anna);
    expect(eventsOf(anna.frames, 'me')).toHaveLength(1);
  });

  test('a socket follows a hundred channels', async () => {
    const server = await bench.start();
    const anna = await bench.connect(server, 'anna');
    const loan = (n: number): string => `loan:loan_00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
    for (let n = 0; n < 100; n += 1)
      expect((await anna.ask({ op: 'subscribe', channel: loan(n) })).op).toBe('subscribed');
    expect((await anna.ask({ op: 'subscribe', channel: 'me' })).problem.code).toBe('rate_limited');
    await anna.ask({ op: 'unsubscribe', channel: loan(7) });
    expect((await anna.ask({ op: 'subscribe', channel: 'me' })).op).toBe('subscribed');
  });
});
