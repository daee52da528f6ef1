import { expect, test } from 'vitest';
import { formatId, uuidv7 } from '../../src/core/ids.ts';
import { cashOf, outside } from '../../src/ledger/index.ts';
import { indexChunk } from '../../src/reporting/index-chunk.ts';
import { accountIds } from '../support/account-ids.ts';
import { allPages, callerOf, useReporting } from '../support/reporting-bench.ts';

const bench = useReporting();

const SHARDS = [0, 1];
const ORDERS = 300;

/** In both shards, a deposit of the user's for every order of another user's; times rise over the shards in turn. */
async function writeHistory(ann: string): Promise<void> {
  for (const shard of SHARDS) {
    const first = await bench.pool.query<{ event_seq: bigint; transfer_seq: bigint }>(
      `insert into shards (id, event_seq, transfer_seq) values ($1, $2, $2)
       on conflict (id) do update set event_seq = shards.event_seq + $2, transfer_seq = shards.transfer_seq + $2
       returning event_seq - $2 as event_seq, transfer_seq - $2 as transfer_seq`,
      [shard, ORDERS],
    );
    await bench.pool.query(
      `create temp table made as
       select n, case when n % 3 = 0 then $1::uuid else gen_random_uuid() end as user_id, gen_random_uuid() as id,
         timestamptz '2026-01-01' + n * interval '1 minute' + $2::integer * interval '1 second' as at
       from generate_series(1, $3::integer) n`,
      [ann, shard, ORDERS],
    );
    await bench.pool.query(
      `insert into orders (id, shard, kind, status, user_id, visible, params, result, created_at, updated_at)
       select id, $1, case when n % 2 = 0 then 'pay' else 'deposit' end, 'completed', user_id, true, '{}', '{}', at, at from made`,
      [shard],
    );
    await bench.pool.query(
      `insert into events (shard, seq, type, subject, user_id, order_id, opens_order, data, at)
       select $1, $2 + n, 'order_processed', 'ord_' || id, user_id, id, true, '{}', at from made`,
      [shard, first.rows[0]?.event_seq],
    );
    await bench.pool.query(
      `insert into transfers select $1, $2 + n, id, $3, case when user_id = $4 then $5::uuid else gen_random_uuid() end, n, 'test', at, 1 from made`,
      [shard, first.rows[0]?.transfer_seq, accountIds(outside('USD')), ann, accountIds(cashOf(ann, 'USD'))],
    );
    await bench.pool.query('drop table made');
  }
}

async function indexBy(size: number): Promise<void> {
  for (const shard of SHARDS) while ((await indexChunk(bench.pool, shard, size)) === 'done');
}

test.each([1, 7, 100, 10_000])(
  'lists are whole and in order, page by page, with the entries indexed %i at a time',
  async (size) => {
    const ann = uuidv7();
    await bench.deposit(ann, 1, { at: new Date('2025-12-31') });
    await writeHistory(ann);
    await indexBy(size);
    const caller = callerOf(ann);
    const { rows } = await bench.pool.query<{ id: string; kind: string }>(
      'select id, kind from orders where user_id = $1 order by created_at desc',
      [ann],
    );
    const idOf = ({ id }: { id: string }) => formatId('order', id);
    const expected = rows.map(idOf);
    for (const limit of [13, 64, 200]) {
      const orders = await allPages((cursor) => bench.reporting.orders.list(caller, { limit, cursor }));
      expect(orders.flat().map(({ id }) => id)).toEqual(expected);
      const paid = await allPages((cursor) => bench.reporting.orders.list(caller, { limit, cursor, kind: 'pay' }));
      expect(paid.flat().map(({ id }) => id)).toEqual(rows.filter(({ kind }) => kind === 'pay').map(idOf));
      const cash = accountIds(cashOf(ann, 'USD'));
      const lines = await allPages((cursor) => bench.reporting.accounts.statement(caller, cash, { limit, cursor }));
      expect(lines.flat().map((line) => line.order_id)).toEqual(expected);
      for (const type of [undefined, 'order_processed'] as const) {
        const events = await allPages((after) => bench.reporting.events.list(caller, { limit, after, type }));
        expect(events.flat().map(({ subject }) => subject)).toEqual([...expected].reverse());
      }
    }
  },
);
