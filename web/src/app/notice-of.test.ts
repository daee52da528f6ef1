import type { EventType, WireEventEnvelope } from '@millrace/contract';
import { EVENTS } from '@millrace/contract';
import { expect, test } from 'vitest';
import { sections } from '../sections/index.ts';

/** Every field that some event has, as it would come. */
const data = {
  user_id: 'usr_1',
  order_id: 'ord_1',
  loan_id: 'loan_1',
  kind: 'fund_loan',
  status: 'completed',
  reason: null,
  result: { accepted_amount: '1250.00', asset: 'USD' },
  asset: 'USD',
  amount: '1250.00',
  principal: '1200.00',
  interest: '50.00',
  number: 3,
  approved: true,
  merchant: 'Mill',
};

const noticeOf = (type: EventType) => {
  const event = { type, time: '2026-11-21T12:00:00Z', subject: '', data } as unknown as WireEventEnvelope;
  return sections.map(({ notices }) => notices?.[type]?.(event)).find((notice) => notice !== undefined);
};

/** Stages of one payment, of which the last one tells. */
const UNTOLD: ReadonlySet<string> = new Set(['payment_processed', 'payment_paid']);
const OWN = (Object.keys(EVENTS) as EventType[]).filter(
  (type) => EVENTS[type].visibility === 'owner' && !UNTOLD.has(type),
);

test.each(OWN)('%s is told to the person it is about, with the amount as money', (type) => {
  const notice = noticeOf(type);
  expect(`${notice?.title} ${notice?.detail}`).toMatch(/\$1,250\.00/);
});

test('what is about nobody’s own money is no notice', () => {
  for (const type of Object.keys(EVENTS) as EventType[])
    if (EVENTS[type].visibility !== 'owner') expect(noticeOf(type)).toBeUndefined();
});
