import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { parseId, uuidv7 } from '../../src/core/ids.ts';
import type { Answer } from '../../src/intake/intake.ts';
import { cashOf as cashAccount } from '../../src/ledger/index.ts';
import { orderOf, startTestCore, type TestCore } from '../support/core.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { cashOf, expectSound } from '../support/ledger.ts';

const deposit = { kind: 'deposit', params: { asset: 'USD', amount: '1.00' } };
const statusOf = (answer: Answer): string => (answer.ok ? answer.order.status : answer.problem.code);

let database: TestDatabase;
let running: TestCore;
let other: pg.Client;

/** A server whose operator has set a limit, and a session beside it that can hold locks. */
async function start(limit: string, busyMsMax?: number): Promise<void> {
  await other.query(`alter database ${database.connection.database} set ${limit}`);
  running = await startTestCore({ database, ...(busyMsMax === undefined ? {} : { busyMsMax }) });
}

beforeEach(async () => {
  database = await createDatabase();
  other = new pg.Client(database.connection);
  await other.connect();
});
afterEach(async () => {
  await expectSound(running.pool);
  await running.stop();
  await other.end();
  await database.drop();
});

async function hold(user: Caller): Promise<void> {
  await other.query('begin');
  await other.query('select 1 from accounts where id = $1 for update', [
    running.core.accountIds(cashAccount(user.userId, 'USD')),
  ]);
}

async function expectNothingOf(id: string): Promise<void> {
  const parameters = [parseId('order', id)];
  expect((await running.pool.query('select status from orders where id = $1', parameters)).rows).toEqual([]);
  expect((await running.pool.query('select error from dead_letters')).rows).toEqual([]);
}

describe.each([["lock_timeout = '20ms'"], ["statement_timeout = '60ms'"]])('where the server has %s', (limit) => {
  test('an order that another’s lock is in the way of waits for it; others do not, and its user’s later ones keep their place', async () => {
    await start(limit);
    const { core, pool } = running;
    const user = await running.user({ money: '1.00' });
    const peer = await running.user({ money: '0' });
    const neighbours = await Promise.all(Array.from({ length: 8 }, () => running.user({ money: '0' })));
    await hold(user);
    const id = `ord_${uuidv7()}`;
    const waiting = [
      core.intake.submit(user, { ...deposit, id }),
      // Has enough only behind the deposit.
      core.intake.submit(user, {
        kind: 'transfer',
        params: { to_user: `usr_${peer.userId}`, asset: 'USD', amount: '2.00' },
      }),
    ];
    const answers = neighbours.flatMap((neighbour) => [
      core.intake.submit(neighbour, deposit),
      core.intake.submit(neighbour, deposit),
    ]);
    expect((await Promise.all(answers)).map(statusOf)).toEqual(answers.map(() => 'completed'));
    expect(statusOf(await core.intake.submit(neighbours[0] as Caller, deposit))).toBe('completed');
    await expectNothingOf(id);
    await other.query('commit');
    expect((await Promise.all(waiting)).map(statusOf)).toEqual(['completed', 'completed']);
    expect([await cashOf(pool, user), await cashOf(pool, peer)]).toEqual(['0.00', '2.00']);
  });

  test('an order whose lock is never released is answered 503 and was not recorded; sent again, it is decided once', async () => {
    await start(limit, 300);
    const { core, pool } = running;
    const user = await running.user({ money: '0.50' });
    await hold(user);
    const id = `ord_${uuidv7()}`;
    const submit = () => core.intake.submit(user, { ...deposit, id });
    expect((await Promise.all([submit(), submit()])).map(statusOf)).toEqual(['database_busy', 'database_busy']);
    await expectNothingOf(id);
    await other.query('commit');
    expect(statusOf(await submit())).toBe('completed');
    expect(await submit()).toMatchObject({ ok: true, replayed: true });
    expect(await cashOf(pool, user)).toBe('1.50');
  });
});

test('a conflict that comes again and again makes no dead letter: the order waits, and completes when it is over', async () => {
  await start("lock_timeout = '0'");
  const { core, pool } = running;
  const user = await running.user({ money: '0' });
  await pool.query(`create function conflict() returns trigger language plpgsql as $$
    begin raise exception 'in the way' using errcode = '40001'; end $$`);
  await pool.query('create trigger conflict before insert on orders for each row execute function conflict()');
  const answer = core.intake.submit(user, deposit);
  const retries = () => core.pipeline.stats().get(0)?.retries ?? 0;
  // More than ever made a dead letter.
  await vi.waitFor(() => expect(retries()).toBeGreaterThan(10), { timeout: 20_000, interval: 10 });
  await pool.query('drop trigger conflict on orders');
  expect(orderOf(await answer).status).toBe('completed');
  expect(await cashOf(pool, user)).toBe('1.00');
  expect((await pool.query('select 1 from dead_letters')).rows).toEqual([]);
});

test('a stop answers what waits for a lock', async () => {
  await start("lock_timeout = '20ms'");
  const { core } = running;
  const user = await running.user({ money: '0.50' });
  await hold(user);
  const answer = core.intake.submit(user, deposit);
  await vi.waitFor(() => expect(core.pipeline.stats().get(0)?.retries).toBeGreaterThan(6), { interval: 10 });
  await core.stop();
  running.stop = () => running.pool.end();
  expect(statusOf(await answer)).toBe('database_busy');
  await other.query('commit');
});
