import { derivation } from '@millrace/server/core/ids';
import { cashOf, createAccountIds, outside } from '@millrace/server/ledger/index';
import type pg from 'pg';
import { setTimeout as pause } from 'node:timers/promises';
import type { Person } from './people.ts';

/** The read models take some 100,000 events a second: ten million orders are through in about four minutes. */
const CAUGHT_UP_MS_MAX = 15 * 60_000;
const LOOK_EVERY_MS = 250;

/** Resolves when the read models hold all events: what they have still to do belongs to the load before. */
export async function caughtUp(client: pg.Pool | pg.PoolClient): Promise<void> {
  const deadline = Date.now() + CAUGHT_UP_MS_MAX;
  while (Date.now() < deadline) {
    const { rows } = await client.query<{ behind: boolean }>(
      "select exists (select 1 from consumers c join shards s on s.id = c.shard where c.name = 'index' and c.event_seq < s.event_seq) as behind",
    );
    if (rows[0]?.behind === false) return;
    await pause(LOOK_EVERY_MS);
  }
  throw new Error('the read models did not catch up');
}

/** Rows of one statement: large enough to be fast, small enough for its memory. */
const CHUNK = 250_000;

export interface HistoryHooks {
  progress: (stored: number) => void;
  /** The read models move on with a commit of the server's, which it does not hear of here. */
  placeOrder: () => Promise<unknown>;
}

/**
 * Stores `count` completed deposits of one unit, spread over all investors, as the pipeline would have: orders, transfers,
 * events, balances and the shard's sequences agree, so that `millrace verify` passes afterwards. By SQL, since the point is
 * how the engine runs with them, not how they came.
 */
export async function loadHistory(
  pool: pg.Pool,
  investors: readonly Person[],
  count: number,
  { progress, placeOrder }: HistoryHooks,
): Promise<void> {
  const { rows } = await pool.query<{ secret: Buffer }>('select secret from installation');
  const accountIds = createAccountIds(derivation((rows[0] as { secret: Buffer }).secret));
  const client = await pool.connect();
  try {
    await client.query('set statement_timeout = 0');
    await client.query('create temp table people (n int primary key, user_id uuid, account_id uuid)');
    await client.query(
      'insert into people select n - 1, u, a from unnest($1::uuid[], $2::uuid[]) with ordinality as v (u, a, n)',
      [investors.map(({ id }) => id), investors.map(({ id }) => accountIds(cashOf(id, 'USD')))],
    );
    for (let stored = 0; stored < count; stored += CHUNK) {
      await storeChunk(client, Math.min(CHUNK, count - stored), investors.length, accountIds(outside('USD')));
      progress(Math.min(count, stored + CHUNK));
    }
    await client.query('drop table people');
    await placeOrder();
    await caughtUp(client);
    await client.query('vacuum (analyze) orders');
    await client.query('vacuum (analyze) transfers');
    await client.query('vacuum (analyze) events');
    await client.query('checkpoint').catch(() => undefined);
  } finally {
    client.release(true);
  }
}

async function storeChunk(client: pg.PoolClient, count: number, people: number, world: string): Promise<void> {
  await client.query('begin');
  const { rows } = await client.query('select event_seq, transfer_seq from shards where id = 0 for update');
  const [events, transfers] = [rows[0].event_seq as bigint, rows[0].transfer_seq as bigint];
  // A year of history: ids as uuidv7() makes them, with the time in front.
  await client.query(
    `create temp table chunk on commit drop as
     select i, p.user_id, p.account_id, at,
       (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3) || 'a' || substr(md5(random()::text), 1, 15))::uuid as id
     from (select i, now() - interval '1 year' + i * interval '10 ms' as at from generate_series(1, $1::int) i) s
     join people p on p.n = i % $2::int`,
    [count, people],
  );
  await client.query(
    `insert into orders (id, shard, kind, status, reason, user_id, actor_id, visible, params, result, fingerprint, first_event_seq, last_event_seq, created_at, updated_at)
     select id, 0, 'deposit', 'completed', null, user_id, null, true, '{"asset":"USD","amount":"1.00"}', '{"asset":"USD","amount":"1.00"}', null,
       $1::bigint + 2 * i - 1, $1::bigint + 2 * i, at, at from chunk order by i`,
    [events],
  );
  await client.query(
    `insert into transfers (shard, seq, order_id, line, debit_account_id, credit_account_id, amount, reason, at)
     select 0, $1::bigint + i, id, 1, $2::uuid, account_id, 100, 'deposit', at from chunk order by i`,
    [transfers, world],
  );
  await client.query(
    `insert into events (shard, seq, type, subject, user_id, order_id, opens_order, data, at)
     select 0, $1::bigint + 2 * i - 1 + k, case k when 0 then 'deposit_received' else 'order_processed' end,
       case k when 0 then 'usr_' || user_id else 'ord_' || id end, user_id, id, k = 1,
       json_build_object('order_id', 'ord_' || id, 'kind', 'deposit', 'status', 'completed', 'reason', null, 'user_id', 'usr_' || user_id,
         'result', json_build_object('asset', 'USD', 'amount', '1.00')), at
     from chunk, generate_series(0, 1) k order by i, k`,
    [events],
  );
  await client.query(
    'update accounts a set balance = a.balance + 100 * c.n from (select account_id, count(*) as n from chunk group by 1) c where a.id = c.account_id',
  );
  await client.query('update accounts set balance = balance - 100 * $2::bigint where id = $1', [world, count]);
  await client.query(
    'update shards set event_seq = event_seq + 2 * $1::bigint, transfer_seq = transfer_seq + $1::bigint where id = 0',
    [count],
  );
  await client.query('commit');
}
