import { expect, test } from 'vitest';
import { ann, cash, deposit, faultsOf, funding, loan, ord, silent, useDamage, world } from '../support/verify-bench.ts';

const reportAfter = useDamage();

test('E: an event that is missing from the middle, the beginning or the end', async () => {
  const middle = await reportAfter('delete from events where shard = 0 and seq in (2, 3)');
  expect(faultsOf(middle)).toMatchObject({ events_have_no_gap: ['0-2: is missing, and all up to 3'] });
  const first = await reportAfter('delete from events where shard = 0 and seq = 1');
  expect(faultsOf(first)).toMatchObject({
    events_have_no_gap: ['0-1: is missing'],
    orders_and_events_agree: [`${ord(deposit)}: lists the event 0-1, which is not about it`],
    user_events_are_complete: [expect.stringContaining('0-1: is in user_events for')],
  });
  const last = await reportAfter('delete from events where shard = 1');
  expect(faultsOf(last)).toMatchObject({
    events_have_no_gap: ['1-0: is the last of shard 1, whose row says that 2 is'],
  });
});

test('E: a transfer that is missing, a log longer than its shard says, and one of a shard that does not exist', async () => {
  const missing = await reportAfter('delete from transfers where shard = 0 and seq = 1');
  expect(faultsOf(missing)).toMatchObject({
    transfers_have_no_gap: ['trf_0-1: is missing'],
    completed_orders_have_transfers: [`${ord(deposit)}: deposit is completed, but moved nothing`],
  });
  const long = await reportAfter('update shards set event_seq = 3 where id = 0');
  expect(faultsOf(long)).toEqual({ events_have_no_gap: ['0-5: is the last of shard 0, whose row says that 3 is'] });
  const unowned = await reportAfter('delete from shards where id = 1');
  expect(faultsOf(unowned)).toEqual({
    events_have_no_gap: ['1-2: is the last of shard 1, whose row says that 0 is'],
    transfers_have_no_gap: ['trf_1-1: is the last of shard 1, whose row says that 0 is'],
  });
});

test('E: an order whose event is about another, an event that its order does not list, and an order nobody heard of', async () => {
  const report = await reportAfter(`update orders set first_event_seq = 1, last_event_seq = 1 where id = '${funding}'`);
  expect(faultsOf(report)).toEqual({
    orders_and_events_agree: [
      `0-3: the event is about ${ord(funding)}, which does not list it`,
      `${ord(funding)}: lists the event 0-1, which is not about it`,
    ],
  });
  const unheard = await reportAfter(`update orders set visible = true where id = '${silent}'`);
  expect(faultsOf(unheard)).toEqual({
    visible_orders_have_events: [`${ord(silent)}: nobody was told: it has no event order_processed that opens it`],
  });
});

test('E: an order that no event opens, or more than one, or that is not for users', async () => {
  const report = await reportAfter(
    `update events set opens_order = false where order_id = '${funding}'`,
    `insert into events select shard, 6, type, subject, user_id, order_id, true, data, at from events where order_id = '${deposit}' and opens_order`,
    `update events set type = 'order_processed', opens_order = true where order_id = '${silent}'`,
  );
  expect(faultsOf(report)['visible_orders_have_events']).toEqual(
    [
      `${ord(deposit)}: is opened by 2 events`,
      `${ord(funding)}: nobody was told: it has no event order_processed that opens it`,
      `${ord(silent)}: is opened by an event, and is not for users`,
    ].sort(),
  );
});

test('read models: rows that are missing, and rows that should not be there', async () => {
  const missing = await reportAfter(
    'delete from user_events where shard = 1; delete from account_lines where shard = 1',
    `update user_orders set seqs = seqs[2:], order_ids = order_ids[2:], first_seq = seqs[2] where order_ids[1] = '${deposit}'`,
  );
  expect(faultsOf(missing)).toEqual({
    user_events_are_complete: ['1-1', '1-2'].map((id) => `${id}: is not in user_events for ${ann}`),
    user_orders_are_complete: [`${ord(deposit)}: is not in user_orders for ${ann}`],
    account_lines_are_complete: [cash.id, world.id].sort().map((id) => `trf_1-1: is not in account_lines for ${id}`),
  });
  const superfluous = await reportAfter(
    `insert into user_events values ('${loan}', 0, 1, '{1}'); insert into account_lines values ('${ann}', 0, 1, '{1}')`,
    `insert into user_orders values ('${loan}', 0, 1, '{1}', '{${silent}}')`,
  );
  expect(faultsOf(superfluous)).toEqual({
    user_events_are_complete: [`0-1: is in user_events for ${loan} without a reason`],
    user_orders_are_complete: [`${ord(silent)}: is in user_orders for ${loan} without a reason`],
    account_lines_are_complete: [`trf_0-1: is in account_lines for ${ann} without a reason`],
  });
});

test('read models: entries that are there twice, or in the wrong order', async () => {
  const twice = await reportAfter(
    `insert into user_events values ('${ann}', 0, 2, '{2}')`,
    `update account_lines set seqs = '{1,2,2}' where account_id = '${cash.id}' and shard = 0`,
  );
  expect(faultsOf(twice)).toEqual({
    user_events_are_in_order: [
      expect.stringMatching(`^0-2: begins a row of user_events for ${ann} that is out of order`),
    ],
    account_lines_are_in_order: [expect.stringContaining(`trf_0-1: begins a row of account_lines for ${cash.id}`)],
  });
  const shuffled = await reportAfter(
    `update user_orders set seqs = seqs[1:1] || seqs[3] || seqs[2], order_ids = order_ids[1:1] || order_ids[3] || order_ids[2] where shard = 0`,
  );
  expect(Object.keys(faultsOf(shuffled))).toEqual(['user_orders_are_in_order']);
});

test('read models may be behind the log, but not ahead of their cursor', async () => {
  const behind = await reportAfter(
    `update consumers set event_seq = 0, transfer_seq = 0; delete from user_orders; delete from user_events;
     delete from account_lines; delete from event_counts; delete from transfer_totals`,
  );
  expect(faultsOf(behind)).toEqual({});
  const ahead = await reportAfter('delete from consumers');
  expect(Object.keys(faultsOf(ahead))).toEqual([
    'user_events_are_complete',
    'user_orders_are_complete',
    'account_lines_are_complete',
    'event_counts_are_exact',
    'transfer_totals_are_exact',
  ]);
});
