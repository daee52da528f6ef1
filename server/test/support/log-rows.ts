import type { EventType } from '@millrace/contract';
import type pg from 'pg';
import { formatId, uuidv7 } from '../../src/core/ids.ts';
import type { OrderStatus } from '../../src/core/order.ts';
import { accountIds } from './account-ids.ts';
import { type AccountKey, accountRows, MAY_BE_NEGATIVE } from '../../src/ledger/index.ts';

export interface TestTransfer {
  debit: AccountKey;
  credit: AccountKey;
  amount: bigint;
  reason?: string;
}

export interface TestOrder {
  id?: string;
  shard?: number;
  kind?: string;
  status?: OrderStatus;
  userId?: string | null;
  visible?: boolean;
  at?: Date;
  /** Which part of the installation's accounts moves. Default: the shard's; 0 is that of before there were parts. */
  part?: number;
  transfers?: readonly TestTransfer[];
  /** Before `order_processed`, which every visible order gets. */
  events?: readonly { type: EventType; userId: string | null }[];
}

/**
 * Writes one order with its transfers and events as the pipeline would, in one transaction under the shard's lock: for
 * tests of what reads the log, which must not depend on what the desks decide.
 *
 * @returns the order's bare id.
 */
export async function writeOrder(pool: pg.Pool, order: TestOrder = {}): Promise<string> {
  const {
    id = uuidv7(),
    shard = 0,
    userId = null,
    visible = true,
    at = new Date(),
    part = shard,
    transfers = [],
    events = [],
  } = order;
  const { kind = 'transfer', status = 'completed' } = order;
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('insert into shards (id) values ($1) on conflict do nothing', [shard]);
    const locked = await client.query<{ event_seq: bigint; transfer_seq: bigint }>(
      'select event_seq, transfer_seq from shards where id = $1 for update',
      [shard],
    );
    let { event_seq: eventSeq, transfer_seq: transferSeq } = locked.rows[0]!;
    let isKnown = (await client.query('select from orders where id = $1', [id])).rowCount !== 0;
    const wasKnown = isKnown;
    const firstSeq = eventSeq + 1n;
    for (const { type, userId: whose } of visible ? [...events, { type: 'order_processed', userId }] : events) {
      eventSeq += 1n;
      const subject = formatId('order', id);
      const opensOrder = type === 'order_processed' && !isKnown;
      isKnown ||= opensOrder;
      await client.query(
        `insert into events (shard, seq, type, subject, user_id, order_id, opens_order, follow_up, data, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [
          shard,
          eventSeq,
          type,
          subject,
          whose,
          id,
          opensOrder,
          wasKnown,
          JSON.stringify({ order_id: subject, kind, status }),
          at,
        ],
      );
    }
    const range = eventSeq < firstSeq ? [null, null] : [firstSeq, eventSeq];
    for (const [index, transfer] of transfers.entries()) {
      transferSeq += 1n;
      await writeTransfer(client, { ...transfer, shard, part, seq: transferSeq, orderId: id, line: index + 1, at });
    }
    await client.query(
      `insert into orders (id, shard, kind, status, user_id, visible, params, result, first_event_seq, last_event_seq, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, '{"asset":"USD"}', '{}', $7, $8, $9, $9)
       on conflict (id) do update set status = excluded.status`,
      [id, shard, kind, status, userId, visible, ...range, at],
    );
    await client.query('update shards set event_seq = $2, transfer_seq = $3 where id = $1', [
      shard,
      eventSeq,
      transferSeq,
    ]);
    await client.query('commit');
    client.release();
    return id;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

interface PlacedTransfer extends TestTransfer {
  shard: number;
  part: number;
  seq: bigint;
  orderId: string;
  line: number;
  at: Date;
}

async function writeTransfer(client: pg.PoolClient, transfer: PlacedTransfer): Promise<void> {
  const { debit, credit, amount, reason = 'test' } = transfer;
  const books = accountRows(accountIds, transfer.part);
  for (const [key, change] of [
    [debit, -amount],
    [credit, amount],
  ] as const) {
    await client.query(
      `insert into assets (code, scale, name, class) values ($1, 2, $1, 'currency') on conflict do nothing`,
      [key.asset],
    );
    for (const row of [key, books.keyOf(key)])
      await client.query(
        `insert into accounts (id, owner_id, purpose, asset, may_be_negative, balance, held, created_at)
         values ($1, $2, $3, $4, $5, 0, 0, $6) on conflict do nothing`,
        [accountIds(row), row.ownerId, row.purpose, row.asset, MAY_BE_NEGATIVE.has(row.purpose), transfer.at],
      );
    await client.query('update accounts set balance = balance + $2 where id = $1', [books.idOf(key), change]);
  }
  const row = [
    transfer.shard,
    transfer.seq,
    transfer.orderId,
    transfer.line,
    books.idOf(debit),
    books.idOf(credit),
    amount,
    reason,
    transfer.at,
  ];
  await client.query(
    `insert into transfers (shard, seq, order_id, line, debit_account_id, credit_account_id, amount, reason, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    row,
  );
}
