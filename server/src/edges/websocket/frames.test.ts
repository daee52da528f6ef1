import { EventFrame } from '@millrace/contract';
import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import type { StoredEvent } from '../../events/event.ts';
import { Delivery, lazyJson } from '../../push/delivery.ts';
import { encodeEventFrame, readFrame } from './frames.ts';

describe('a frame from outside', () => {
  test('is read or refused, whatever it is', () => {
    const op = fc.constantFrom('subscribe', 'unsubscribe', 'order', 'ping', 'event', 7);
    const shaped = fc.record(
      { op, ref: fc.jsonValue(), channel: fc.jsonValue(), after: fc.jsonValue(), order: fc.jsonValue() },
      { requiredKeys: [] },
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      shaped.map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(text, (input) => {
        const read = readFrame(input);
        if (read.ok) expect(['subscribe', 'unsubscribe', 'order', 'ping']).toContain(read.frame.op);
        else expect(read.problem.code).toMatch(/^invalid_(json|request)$/);
      }),
      { numRuns: 2_000 },
    );
  });

  test('that is refused keeps a ref that is one', () => {
    const refs = ['a', '', 'x'.repeat(64), 'x'.repeat(65), 1, null, ['a']];
    const kept = refs.map((ref) => readFrame(JSON.stringify({ op: 'no', ref })));
    expect(kept.map((read) => (read.ok ? 'ok' : read.ref))).toEqual([
      'a',
      undefined,
      'x'.repeat(64),
      ...Array(4).fill(undefined),
    ]);
  });
});

test('an event frame is what the contract says, and is made once for all who get it', () => {
  const event: StoredEvent = {
    shard: 0,
    seq: 7,
    type: 'deposit_received',
    subject: 'usr_00000000-0000-7000-8000-00000000000a',
    userId: '00000000-0000-7000-8000-00000000000a',
    orderId: null,
    data: { text: '"\u2028\\' },
    at: '2026-01-01T00:00:00.000Z',
  };
  const delivery = new Delivery('me', '0-7.1-3', event, lazyJson(event));
  const frame = delivery.as(encodeEventFrame);
  expect(delivery.as(encodeEventFrame)).toBe(frame);
  const parsed: unknown = JSON.parse(frame.toString());
  expect(Compile(EventFrame).Errors(parsed)).toEqual([]);
  expect(parsed).toMatchObject({ channel: 'me', cursor: '0-7.1-3', event: { id: '0-7', data: event.data } });
});
