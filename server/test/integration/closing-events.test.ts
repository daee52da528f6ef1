import { CHANNELS, type ChannelEntry } from '@millrace/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findClosing } from '../../src/events/closing-events.ts';
import { startTestCore, type TestCore } from '../support/core.ts';
import { openLoan } from '../support/ledger.ts';

// No channel of the desks that there are ends. Here a loan's does, as if the catalogue said so.
const entry: ChannelEntry = CHANNELS.loan;
let here: TestCore;
beforeAll(async () => {
  entry.closes = ['loan_closed'];
  here = await startTestCore();
});
afterAll(async () => {
  delete entry.closes;
  await here?.stop();
});

test('an event by which a channel ends is noted with its place in the commit that makes it, and no other is', async () => {
  const operator = await here.user({ role: 'operator', money: '0' });
  const [closed, open] = [await openLoan(here, operator, '500.00'), await openLoan(here, operator, '500.00')];
  const params = { loan_id: closed, reason: 'Opened with the wrong rate' };
  await here.core.intake.submit(operator, { kind: 'close_loan', params });
  const { rows } = await here.pool.query<{ shard: number; seq: bigint }>(
    "select shard, seq from events where type = 'loan_closed'",
  );
  const closing = { types: ['loan_closed'] as const, userId: null };
  expect(await findClosing(here.pool, { ...closing, subject: closed })).toEqual({
    shard: rows[0]?.shard,
    seq: Number(rows[0]?.seq),
  });
  expect(await findClosing(here.pool, { ...closing, subject: open })).toBeUndefined();
  expect((await here.pool.query('select from closing_events')).rowCount).toBe(1);
});
