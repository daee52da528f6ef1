import { expect, test } from 'vitest';
import { formatId, uuidv7 } from '../../src/core/ids.ts';
import { accountIds } from '../support/account-ids.ts';
import { accountRows, cashOf } from '../../src/ledger/index.ts';
import {
  acc,
  ann,
  cash,
  deposit,
  escrow,
  faultsOf,
  funding,
  hold,
  ord,
  silent,
  useDamage,
  withdrawal,
  world,
} from '../support/verify-bench.ts';

const reportAfter = useDamage();

test('M: a balance that its transfers do not explain', async () => {
  const report = await reportAfter(`update accounts set balance = balance + 5 where id = '${cash.id}'`);
  expect(faultsOf(report)).toEqual({
    balances_equal_transfers: [`${acc(cash)}: balance 7506, but its transfers sum to 7501`],
    assets_sum_to_zero: ['USD: all balances sum to 5'],
  });
});

test('M: a transfer that was changed', async () => {
  const report = await reportAfter(`update transfers set amount = 9999 where shard = 0 and seq = 1`);
  expect(faultsOf(report)).toEqual({
    balances_equal_transfers: [
      `${acc(cash)}: balance 7501, but its transfers sum to 7500`,
      `${acc(world)}: balance -10000, but its transfers sum to -9999`,
    ].sort(),
  });
});

test('M: a transfer between accounts of two assets, and one of an account that does not exist', async () => {
  const nobody = uuidv7();
  const report = await reportAfter(
    `insert into assets values ('EUR', 2, 'euro', 'currency'); update accounts set asset = 'EUR' where id = '${escrow.id}'`,
    `update transfers set debit_account_id = '${nobody}' where shard = 1 and seq = 1`,
  );
  expect(faultsOf(report)).toMatchObject({
    transfers_have_accounts: [
      'trf_0-2: from an account in USD to one in EUR',
      `trf_1-1: debits ${formatId('account', nobody)}, which does not exist`,
    ],
    assets_sum_to_zero: ['EUR: all balances sum to 2500', 'USD: all balances sum to -2500'],
  });
});

test('M: a part of an account of the installation that its transfers do not explain, that another shard moved, or that has no account', async () => {
  const part = accountRows(accountIds, 1).keyOf(world);
  const id = accountIds(part);
  const broken = await reportAfter(`update accounts set balance = balance + 5 where id = '${id}'`);
  expect(faultsOf(broken)).toEqual({
    balances_equal_transfers: [`${acc(part)}: balance 4, but its transfers sum to -1`],
    assets_sum_to_zero: ['USD: all balances sum to 5'],
  });
  const evened = await reportAfter(
    `update accounts set balance = balance + 5 where id = '${id}'; update accounts set balance = balance - 5 where id = '${world.id}'`,
  );
  expect(faultsOf(evened)).toEqual({
    balances_equal_transfers: [
      `${acc(part)}: balance 4, but its transfers sum to -1`,
      `${acc(world)}: balance -10005, but its transfers sum to -10000`,
    ].sort(),
  });
  const strange = await reportAfter(
    `update transfers set debit_account_id = '${id}' where shard = 0 and seq = 1`,
    `update accounts set balance = balance - 10000 where id = '${id}'; update accounts set balance = balance + 10000 where id = '${world.id}'`,
  );
  expect(faultsOf(strange)).toEqual({
    transfers_have_accounts: [`trf_0-1: debits ${acc(part)}, which is the part of shard 1`],
  });
  const lost = await reportAfter(`update accounts set owner_id = '${ann}' where id = '${world.id}'`);
  expect(faultsOf(lost)).toMatchObject({
    accounts_are_whole: [
      `${acc(part)}: a part of an account for outside in USD that does not exist`,
      `${acc(world)}: an account for outside, which belongs to ${ann}`,
    ].sort(),
  });
});

test('N: an account below zero, and one that holds more than it has', async () => {
  const report = await reportAfter(
    'alter table accounts drop constraint accounts_not_overdrawn',
    `update accounts set balance = -1 where id = '${escrow.id}'; update accounts set held = 8000 where id = '${cash.id}'`,
  );
  expect(faultsOf(report)).toMatchObject({
    accounts_not_overdrawn: [`${acc(cash)}: balance 7501, held 8000`, `${acc(escrow)}: balance -1, held 0`].sort(),
    held_equals_holds: [`${acc(cash)}: held 8000, but its open holds sum to 300`],
  });
});

test('N: an account that was allowed to be negative, though its purpose is not', async () => {
  const report = await reportAfter(`update accounts set may_be_negative = true where id = '${cash.id}'`);
  expect(faultsOf(report)).toEqual({
    account_ids_are_derived: [`${acc(cash)}: an account for cash that may be negative: t`],
  });
});

test('N: money that is held for nobody, or by an account that does not exist', async () => {
  const nobody = uuidv7();
  const lost = await reportAfter(`update holds set released = 300 where id = '${hold}'`);
  expect(faultsOf(lost)).toEqual({ held_equals_holds: [`${acc(cash)}: held 300, but its open holds sum to 0`] });
  const moved = await reportAfter(`update holds set account_id = '${nobody}' where id = '${hold}'`);
  expect(faultsOf(moved)).toEqual({
    held_equals_holds: [
      `${acc(cash)}: held 300, but its open holds sum to 0`,
      `${formatId('account', nobody)}: does not exist, but its open holds sum to 300`,
    ].sort(),
  });
});

test('N: a hold that is open for an order that has failed, that was used too much, or that belongs to no order', async () => {
  const failed = await reportAfter(`update orders set status = 'failed' where id = '${withdrawal}'`);
  expect(faultsOf(failed)).toEqual({
    holds_are_sound: [`${hold}: ${ord(withdrawal)} is failed, but 300 is still held`],
  });
  const overused = await reportAfter(
    'alter table holds drop constraint holds_not_exceeded',
    `update holds set captured = 200, released = 200 where id = '${hold}'; update accounts set held = 0 where held = 300`,
  );
  expect(faultsOf(overused)).toEqual({ holds_are_sound: [`${hold}: captured 200 and released 200 of 300`] });
  const orphan = await reportAfter(`update holds set order_id = '${ann}' where id = '${hold}'`);
  expect(faultsOf(orphan)).toEqual({ holds_are_sound: [`${hold}: belongs to ${ord(ann)}, which does not exist`] });
});

test('an account under an id that is not the one of its key, and one of an asset that does not exist', async () => {
  const other = uuidv7();
  const report = await reportAfter(
    `insert into accounts values ('${other}', '${ann}', 'cash', 'XXX', false, 0, 0, now())`,
  );
  expect(faultsOf(report)).toEqual({
    account_ids_are_derived: [
      `${formatId('account', other)}: should be ${acc(cashOf(ann, 'XXX'))} for ${ann}/cash/XXX`,
    ],
  });
  const unknown = cashOf(ann, 'YYY');
  const second = await reportAfter(
    `insert into accounts values ('${accountIds(unknown)}', '${ann}', 'cash', 'YYY', false, 0, 0, now())`,
  );
  expect(faultsOf(second)).toEqual({ account_ids_are_derived: [`${acc(unknown)}: counts YYY, which is no asset`] });
});

test('1: money that moved for a rejected order, or for none', async () => {
  const rejected = await reportAfter(`update orders set status = 'rejected' where id = '${funding}'`);
  expect(faultsOf(rejected)).toEqual({
    transfers_have_orders: [`trf_0-2: moved 2500 for ${ord(funding)}, which is rejected`],
  });
  const orphan = await reportAfter(`update transfers set order_id = '${ann}' where shard = 0 and seq = 2`);
  expect(faultsOf(orphan)).toEqual({
    transfers_have_orders: [`trf_0-2: belongs to ${ord(ann)}, which does not exist`],
    completed_orders_have_transfers: [`${ord(funding)}: fund_loan is completed, but moved nothing`],
  });
});

test('1: an order that acted twice', async () => {
  const report = await reportAfter(
    `insert into transfers select shard, 3, order_id, debit_account_id, credit_account_id, amount, reason, at, line
     from transfers where shard = 0 and seq = 1`,
    `update shards set transfer_seq = 3 where id = 0`,
    `update accounts set balance = balance + 10000 where id = '${cash.id}'; update accounts set balance = balance - 10000 where id = '${world.id}'`,
  );
  expect(faultsOf(report)).toEqual({
    postings_act_once: [`${ord(deposit)}: 2 transfers of line 1, one of them for deposit`],
  });
});

test('1: two movements of one decision between the same parties are no doubling, nor are those of before there were lines', async () => {
  const again = (line: number): string[] => [
    `insert into transfers select shard, 3, order_id, debit_account_id, credit_account_id, amount, reason, at, ${line}
     from transfers where shard = 0 and seq = 1`,
    `update shards set transfer_seq = 3 where id = 0`,
    `update accounts set balance = balance + 10000 where id = '${cash.id}'; update accounts set balance = balance - 10000 where id = '${world.id}'`,
  ];
  expect(faultsOf(await reportAfter(...again(2)))).toEqual({});
  const old = await reportAfter(...again(0), 'update transfers set line = 0');
  expect(faultsOf(old)['postings_act_once']).toEqual([
    `${ord(deposit)}: 2 transfers for deposit from ${acc(world)} to ${acc(cash)}`,
  ]);
});

test('1: an idempotency key of no order, and one of another user’s', async () => {
  const lost = await reportAfter(`update idempotency_keys set order_id = '${ann}'`);
  const key = `${formatId('user', ann)} orders key-1`;
  expect(faultsOf(lost)).toEqual({
    idempotency_keys_have_orders: [`${key}: stands for ${ord(ann)}, which does not exist`],
  });
  const other = await reportAfter(`update idempotency_keys set order_id = '${silent}'`);
  expect(faultsOf(other)).toEqual({
    idempotency_keys_have_orders: [`${key}: stands for ${ord(silent)}, which another user placed`],
  });
});
