import { isoTime } from '../core/clock.ts';
import {
  booleanArray,
  integerArray,
  jsonArray,
  plainArray,
  textArray,
  timestampArray,
  uuidArray,
} from '../db/arrays.ts';
import type { Transaction } from '../db/transaction.ts';
import { closingOf, INSERT_CLOSING_EVENTS } from '../events/closing-events.ts';
import { accountRows, writeLedger } from '../ledger/index.ts';
import type { Batch } from './batch.ts';

const ADVANCE_SHARD = {
  name: 'pipeline_advance_shard',
  text: 'update shards set event_seq = $2::bigint, transfer_seq = $3::bigint where id = $1::smallint',
};
const INSERT_ORDERS = {
  name: 'pipeline_insert_orders',
  text: `insert into orders (shard, id, kind, status, reason, user_id, actor_id, visible, params, result, fingerprint, first_event_seq, last_event_seq, created_at, updated_at)
select $1::smallint, v.id, v.kind, v.status, v.reason, v.user_id, v.actor_id, v.visible, v.params, v.result, v.fingerprint, v.first_event_seq, v.last_event_seq, v.at, v.at
from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::boolean[], $9::json[], $10::json[], $11::text[], $12::bigint[], $13::bigint[], $14::timestamptz[])
as v (id, kind, status, reason, user_id, actor_id, visible, params, result, fingerprint, first_event_seq, last_event_seq, at)`,
};
const UPDATE_ORDERS = {
  name: 'pipeline_update_orders',
  text: `update orders o set status = v.status, reason = v.reason, result = v.result, updated_at = v.at
from unnest($1::uuid[], $2::text[], $3::text[], $4::json[], $5::timestamptz[]) as v (id, status, reason, result, at)
where o.id = v.id`,
};
const INSERT_KEYS = {
  name: 'pipeline_insert_keys',
  text: `insert into idempotency_keys (user_id, operation, key, fingerprint, order_id, created_at)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::timestamptz[])`,
};
const INSERT_EVENTS = {
  name: 'pipeline_insert_events',
  text: `insert into events (shard, seq, type, subject, user_id, order_id, opens_order, follow_up, data, at)
select $1::smallint, $2::bigint + v.n, v.type, v.subject, v.user_id, v.order_id, v.opens_order, v.follow_up, v.data, v.at
from unnest($3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::boolean[], $8::boolean[], $9::json[], $10::timestamptz[])
with ordinality as v (type, subject, user_id, order_id, opens_order, follow_up, data, at, n)`,
};
const INSERT_DEAD_LETTERS = {
  name: 'pipeline_insert_dead_letters',
  text: `insert into dead_letters (id, order_id, kind, command, error, created_at)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::json[], $5::text[], $6::timestamptz[])`,
};
const CLOSE_DEAD_LETTERS = {
  name: 'pipeline_close_dead_letters',
  text: 'update dead_letters set retried_at = $2::timestamptz where id = any($1::uuid[]) and retried_at is null',
};

/**
 * Sends everything that the batch decided, one statement a table, and the commit behind it, without waiting between.
 * All of it is sent when this returns; the promise is the commit's.
 */
export function postBatch(tx: Transaction, batch: Batch): Promise<void> {
  if (batch.newOrders.size + batch.changedOrders.size + batch.retriedDeadLetters.length === 0) return tx.rollback();
  const at = isoTime(Math.max(...batch.commands.map((command) => command.at)));
  tx.write(ADVANCE_SHARD, [
    batch.shard,
    batch.lastEventSeq + batch.events.length,
    batch.lastTransferSeq + BigInt(batch.ledger.transfers.length),
  ]);
  writeOrders(tx, batch);
  const { lastTransferSeq } = batch;
  writeLedger(tx, accountRows(batch.accountIds, batch.shard), batch.ledger, { lastTransferSeq, at });
  for (const { desk, rows } of batch.parts) desk.write(tx, rows);
  writeEvents(tx, batch);
  writeDeadLetters(tx, batch, at);
  return tx.commit();
}

function writeOrders(tx: Transaction, batch: Batch): void {
  const added = [...batch.newOrders];
  if (added.length > 0) {
    tx.write(INSERT_ORDERS, [
      batch.shard,
      uuidArray(added.map((order) => order.id)),
      plainArray(added.map((order) => order.kind)),
      plainArray(added.map((order) => order.status)),
      plainArray(added.map((order) => order.reason)),
      uuidArray(added.map((order) => order.userId)),
      uuidArray(added.map((order) => order.actorId)),
      plainArray(added.map((order) => (order.visible ? 't' : 'f'))),
      jsonArray(added.map((order) => JSON.stringify(order.params))),
      jsonArray(added.map((order) => JSON.stringify(order.result))),
      plainArray(added.map((order) => order.fingerprint)),
      integerArray(added.map((order) => order.firstEventSeq)),
      integerArray(added.map((order) => order.lastEventSeq)),
      timestampArray(added.map((order) => order.createdAt)),
    ]);
  }
  const changed = [...batch.changedOrders];
  if (changed.length > 0) {
    tx.write(UPDATE_ORDERS, [
      uuidArray(changed.map((order) => order.id)),
      plainArray(changed.map((order) => order.status)),
      plainArray(changed.map((order) => order.reason)),
      jsonArray(changed.map((order) => JSON.stringify(order.result))),
      timestampArray(changed.map((order) => order.updatedAt)),
    ]);
  }
  const keys = batch.newKeys;
  if (keys.length > 0) {
    tx.write(INSERT_KEYS, [
      uuidArray(keys.map(({ command }) => command.key?.userId ?? null)),
      textArray(keys.map(({ command }) => command.key?.operation ?? null)),
      textArray(keys.map(({ command }) => command.key?.key ?? null)),
      plainArray(keys.map(({ command }) => command.key?.fingerprint ?? null)),
      uuidArray(keys.map(({ order }) => order.id)),
      timestampArray(keys.map(({ order }) => order.createdAt)),
    ]);
  }
}

function writeEvents(tx: Transaction, batch: Batch): void {
  const { events } = batch;
  if (events.length === 0) return;
  tx.write(INSERT_EVENTS, [
    batch.shard,
    batch.lastEventSeq,
    plainArray(events.map((event) => event.type)),
    plainArray(events.map((event) => event.subject)),
    uuidArray(events.map((event) => event.userId)),
    uuidArray(events.map((event) => event.orderId)),
    booleanArray(events.map(({ opensOrder }) => opensOrder === true)),
    booleanArray(events.map(({ followUp }) => followUp === true)),
    jsonArray(events.map((event) => JSON.stringify(event.data))),
    timestampArray(events.map((event) => event.at)),
  ]);
  const closing = closingOf(events);
  if (closing.length === 0) return;
  tx.write(INSERT_CLOSING_EVENTS, [
    batch.shard,
    integerArray(closing.map((event) => event.seq)),
    plainArray(closing.map((event) => event.type)),
    plainArray(closing.map((event) => event.subject)),
    uuidArray(closing.map((event) => event.userId)),
  ]);
}

function writeDeadLetters(tx: Transaction, batch: Batch, at: string): void {
  const letters = batch.deadLetters;
  if (letters.length > 0) {
    tx.write(INSERT_DEAD_LETTERS, [
      uuidArray(letters.map((letter) => letter.id)),
      uuidArray(letters.map((letter) => letter.orderId)),
      plainArray(letters.map((letter) => letter.kind)),
      jsonArray(letters.map((letter) => JSON.stringify(letter.command))),
      textArray(letters.map((letter) => letter.error.replaceAll('\u0000', ''))),
      timestampArray(letters.map((letter) => letter.at)),
    ]);
  }
  if (batch.retriedDeadLetters.length > 0) tx.write(CLOSE_DEAD_LETTERS, [uuidArray(batch.retriedDeadLetters), at]);
}
