import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseId, uuidv7 } from '../../src/core/ids.ts';
import { createIntake } from '../../src/intake/create-intake.ts';
import type { Answer } from '../../src/intake/intake.ts';
import { cashOf as cashAccount } from '../../src/ledger/index.ts';
import { createLog } from '../../src/ops/log.ts';
import { createPipeline } from '../../src/pipeline/pipeline.ts';
import { orderOf, startTestCore, type TestCore } from '../support/core.ts';
import { cashOf, expectSound } from '../support/ledger.ts';
import { type Proxy, startProxy } from '../support/proxy.ts';

let test1: TestCore;
let other: pg.Client;
beforeAll(async () => {
  test1 = await startTestCore();
  other = new pg.Client(test1.database.connection);
  await other.connect();
});
afterAll(async () => {
  await expectSound(test1.pool);
  await other.end();
  await test1.stop();
});

const deposit = { kind: 'deposit', params: { asset: 'USD', amount: '1.00' } };
const statusOf = (answer: Answer): string => (answer.ok ? answer.order.status : answer.problem.code);

/** Whether the worker waits for a lock that another holds. */
async function expectWorkerWaiting(): Promise<void> {
  await vi.waitFor(
    async () => {
      const { rows } = await test1.pool.query(
        "select 1 from pg_stat_activity where datname = current_database() and application_name = 'millrace shard 0' and wait_event_type = 'Lock'",
      );
      expect(rows).toHaveLength(1);
    },
    { timeout: 20_000, interval: 10 },
  );
}

const LOCK = 'select 1 from accounts where id = $1 for update';

describe('a deadlock with another session that takes two accounts in reverse order', () => {
  test('runs the batch once more, also where a statement behind the first failed one is heard of before', async () => {
    const { core, pool } = test1;
    const [payer, receiver] = [await test1.user({ money: '50.00' }), await test1.user({ money: '50.00' })];
    const pending = orderOf(
      await core.intake.submit(payer, { kind: 'withdraw', params: { asset: 'USD', amount: '5' } }),
    );
    const [low, high] = [payer, receiver]
      .map(({ userId }) => test1.core.accountIds(cashAccount(userId, 'USD')))
      .sort() as [string, string];
    const stats = core.pipeline.stats().get(0);
    let transfers = 0;
    for (let isVictim = false; !isVictim; ) {
      const before = { ...stats };
      await other.query('begin');
      await other.query(LOCK, [high]);
      transfers += 1;
      const answers = Promise.all([
        core.intake.submit(payer, {
          kind: 'transfer',
          params: { to_user: `usr_${receiver.userId}`, asset: 'USD', amount: '1.00' },
        }),
        core.intake.submitInternal('send_withdrawal', `any/${transfers}`, { order_id: pending.id }),
      ]);
      await expectWorkerWaiting();
      // Who has waited for longer is the victim, mostly: the worker, or on a slow machine this session.
      isVictim = await other.query(LOCK, [low]).then(
        () => true,
        () => false,
      );
      await other.query('rollback');
      expect((await answers).map(statusOf)).toEqual(['completed', 'completed']);
      // Once more as a whole, and not in halves, which is for data that the database refuses.
      const retries = (before.retries ?? 0) + (isVictim ? 1 : 0);
      expect(stats).toMatchObject({ retries, batches: (before.batches ?? 0) + 1 });
    }
    expect(await cashOf(pool, payer)).toBe(`${50 - transfers}.00`);
  });
});

describe('an account that another shard opens at the same moment', () => {
  test('costs the batch one retry, and makes no dead letter', async () => {
    const { core, pool } = test1;
    const user = await test1.user({ money: '0' });
    const key = cashAccount(user.userId, 'USD');
    const { ownerId, purpose, asset } = key;
    const id = core.accountIds(key);
    const stats = core.pipeline.stats().get(0);
    const before = stats?.retries ?? 0;
    await other.query('begin');
    await other.query(
      'insert into accounts (id, owner_id, purpose, asset, may_be_negative, balance, held, created_at) values ($1, $2, $3, $4, false, 0, 0, now())',
      [id, ownerId, purpose, asset],
    );
    const answer = core.intake.submit(user, deposit);
    await expectWorkerWaiting();
    await other.query('commit');
    expect(statusOf(await answer)).toBe('completed');
    expect(stats?.retries).toBe(before + 1);
    expect(await cashOf(pool, user)).toBe('1.00');
    expect((await pool.query("select 1 from dead_letters where error like '%duplicate%'")).rows).toEqual([]);
  });
});

describe('an error of the server’s own', () => {
  test('that one command provokes makes a dead letter of this one, and harms no other', async () => {
    const { core, pool } = test1;
    const [victim, neighbour] = [await test1.user({ money: '0' }), await test1.user({ money: '0' })];
    await pool.query(`create function break_here() returns trigger language plpgsql as $$
      begin raise exception 'the index is broken' using errcode = 'XX000'; end $$`);
    await pool.query(`create trigger break_here before insert on orders for each row
      when (new.user_id = '${victim.userId}' and new.status = 'completed') execute function break_here()`);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => core.intake.submit(i === 7 ? victim : neighbour, deposit)),
    );
    await pool.query('drop trigger break_here on orders');
    expect(answers.map(statusOf)).toEqual(answers.map((_, i) => (i === 7 ? 'failed' : 'completed')));
    expect(await cashOf(pool, neighbour)).toBe('19.00');
    const { rows } = await pool.query<{ error: string }>('select error from dead_letters where order_id = $1', [
      parseId('order', orderOf(answers[7] as Answer).id),
    ]);
    expect(rows).toMatchObject([{ error: expect.stringContaining('the index is broken') as unknown }]);
  });
});

describe('a connection that is no longer there', () => {
  test.each([
    ['since the network fell silent without closing anything', (proxy: Proxy) => proxy.freeze()],
    ['and whose successors are ended as soon as they are ready', (proxy: Proxy) => proxy.cut(3)],
  ])('%s, costs no order its outcome', async (_, breakIt) => {
    const { core, pool, database } = test1;
    const user = await test1.user({ money: '0' });
    const proxy = await startProxy(database.connection);
    const pipeline = createPipeline({
      connection: proxy.connection,
      desks: core.desks,
      assets: core.assets,
      accountIds: core.accountIds,
      shards: [0],
      queueSizeMax: 100,
      answerMsMax: 500,
      takeOver: true,
      log: createLog('silent'),
      committed: () => undefined,
      fenced: () => undefined,
    });
    await pipeline.start();
    try {
      const intake = createIntake({ pipeline, pool, clock: core.clock, shardCount: 1, deriveId: String });
      const submit = (): Promise<Answer> => intake.submit(user, { ...deposit, id: `ord_${uuidv7()}` });
      expect(statusOf(await submit())).toBe('completed');
      breakIt(proxy);
      expect((await Promise.all([submit(), submit()])).map(statusOf)).toEqual(['completed', 'completed']);
      expect(await cashOf(pool, user)).toBe('3.00');
      expect(pipeline.stats().get(0)?.retries).toBeGreaterThan(0);
    } finally {
      await pipeline.drain();
      await proxy.close();
    }
  });
});
