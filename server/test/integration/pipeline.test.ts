import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { uuidv7 } from '../../src/core/ids.ts';
import { createPool } from '../../src/db/pool.ts';
import type { Answer } from '../../src/intake/intake.ts';
import { orderOf, startTestCore, type TestCore } from '../support/core.ts';
import { createDatabase } from '../support/database.ts';
import { cashOf, expectSound, openLoan } from '../support/ledger.ts';

let test1: TestCore;
beforeAll(async () => {
  test1 = await startTestCore();
});
afterAll(() => test1.stop());

const statusOf = (answer: Answer): string =>
  answer.ok ? (answer.order.reason ?? answer.order.status) : answer.problem.code;
const count = (answers: readonly Answer[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[statusOf(answer)] = (counts[statusOf(answer)] ?? 0) + 1;
  return counts;
};
const many = <T>(times: number, make: (i: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, i) => make(i)));

describe('what there is once is spent once', () => {
  test('fifty parallel transfers of the last money: one completes', async () => {
    const { core, pool } = test1;
    const [payer, receiver] = [await test1.user({ money: '1.00' }), await test1.user({ money: '0' })];
    const answers = await many(50, () =>
      core.intake.submit(payer, {
        kind: 'transfer',
        params: { to_user: `usr_${receiver.userId}`, asset: 'USD', amount: '1.00' },
      }),
    );
    expect(count(answers)).toEqual({ completed: 1, insufficient_funds: 49 });
    expect(await cashOf(pool, payer)).toBe('0.00');
    expect(await cashOf(pool, receiver)).toBe('1.00');
  });

  test('fifty investors at once for the last unit of a loan: one gets it, and the loan pays out', async () => {
    const { core, pool } = test1;
    const borrower = await test1.user({ money: '0' });
    const loan = await openLoan(test1, borrower, '100.00');
    const first = await test1.user();
    orderOf(await core.intake.submit(first, { kind: 'fund_loan', params: { loan_id: loan, amount: '75.00' } }));
    const investors = await many(50, () => test1.user({ money: '25.00' }));
    const answers = await many(50, (i) =>
      core.intake.submit(investors[i] as Caller, { kind: 'fund_loan', params: { loan_id: loan, amount: '25.00' } }),
    );
    expect(count(answers)).toEqual({ completed: 1, loan_fully_funded: 49 });
    expect(await cashOf(pool, borrower)).toBe('100.00');
    const rest = await Promise.all(investors.map((investor) => cashOf(pool, investor)));
    expect(rest.filter((cash) => cash === '0.00')).toHaveLength(1);
    await expectSound(pool);
  });
});

describe('one effect per cause', () => {
  const deposit = (id?: string, amount = '5.00') => {
    return { kind: 'deposit', params: { asset: 'USD', amount }, ...(id ? { id } : {}) };
  };

  test('the same order id, twenty times at once, acts once and answers the same', async () => {
    const { core, pool } = test1;
    const user = await test1.user({ money: '0' });
    const id = `ord_${uuidv7()}`;
    const answers = await many(20, () => core.intake.submit(user, deposit(id)));
    expect(answers.filter((answer) => answer.ok && !answer.replayed)).toHaveLength(1);
    expect(new Set(answers.map((answer) => JSON.stringify(orderOf(answer)))).size).toBe(1);
    expect(await cashOf(pool, user)).toBe('5.00');
  });

  test('the same id with other content is refused, and so is another user’s; neither acts', async () => {
    const { core, pool } = test1;
    const [user, other] = [await test1.user({ money: '0' }), await test1.user({ money: '0' })];
    const id = `ord_${uuidv7()}`;
    orderOf(await core.intake.submit(user, deposit(id)));
    expect(statusOf(await core.intake.submit(user, deposit(id, '6.00')))).toBe('idempotency_mismatch');
    expect(statusOf(await core.intake.submit(other, deposit(id)))).toBe('id_taken');
    expect([await cashOf(pool, user), await cashOf(pool, other)]).toEqual(['5.00', '0.00']);
  });

  test('an idempotency key acts once, and answers the same while the first is under way; other content is refused; another user has an own scope', async () => {
    const { core, pool } = test1;
    const [user, other] = [await test1.user({ money: '0' }), await test1.user({ money: '0' })];
    const idempotency = { operation: 'POST /v1/orders', key: 'k-1', fingerprint: 'a'.repeat(64) };
    const answers = await many(20, () => core.intake.submit(user, { ...deposit(), idempotency }));
    expect(answers.filter((answer) => answer.ok && answer.replayed)).toHaveLength(19);
    expect(new Set(answers.map((answer) => JSON.stringify(orderOf(answer)))).size).toBe(1);
    const again = await core.intake.submit(user, { ...deposit(), idempotency });
    expect(again).toMatchObject({
      ok: true,
      replayed: true,
      order: { id: orderOf(answers.find((a) => a.ok) as Answer).id },
    });
    const changed = await core.intake.submit(user, {
      ...deposit(),
      idempotency: { ...idempotency, fingerprint: 'b'.repeat(64) },
    });
    expect(statusOf(changed)).toBe('idempotency_mismatch');
    orderOf(await core.intake.submit(other, { ...deposit(), idempotency }));
    expect([await cashOf(pool, user), await cashOf(pool, other)]).toEqual(['5.00', '5.00']);
  });

  test('a service’s key for one user is no repetition for another', async () => {
    const { core, pool } = test1;
    const [anna, bert] = [await test1.user({ money: '0' }), await test1.user({ money: '0' })];
    const service: Caller = { ...(await test1.user({ money: '0' })), role: 'service' };
    const idempotency = { operation: 'POST /v1/orders', key: 'k-service', fingerprint: 'a'.repeat(64) };
    const submit = (userId: string) =>
      core.intake.submit({ ...service, actingFor: userId }, { ...deposit(), idempotency });
    const first = orderOf(await submit(anna.userId));
    expect(statusOf(await submit(bert.userId))).toBe('idempotency_mismatch');
    expect(await submit(anna.userId)).toMatchObject({ replayed: true, order: { id: first.id } });
    expect([await cashOf(pool, anna), await cashOf(pool, bert)]).toEqual(['5.00', '0.00']);
  });

  test('a command of the system with the same name acts once', async () => {
    const { core, pool } = test1;
    const user = await test1.user({ money: '0' });
    const params = { user_id: `usr_${user.userId}`, asset: 'USD', amount: '7.00' };
    await many(10, () => core.intake.submitInternal('grant_bonus', `bonus/${user.userId}`, params));
    expect(await cashOf(pool, user)).toBe('7.00');
  });
});

describe('faults on the way', () => {
  test('connections that are cut again and again under load: every order acts exactly once', async () => {
    const { core, pool } = test1;
    const users = await many(10, () => test1.user({ money: '0' }));
    const cutting = new AbortController();
    const answers: Answer[] = [];
    const cutter = (async () => {
      let [waitMs, answered] = [15, 0];
      while (!cutting.signal.aborted) {
        await pool.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'millrace shard 0' and datname = current_database()",
        );
        await new Promise((resolve) => setTimeout(resolve, waitMs));
        // Where a machine is too slow to commit between two cuts, they come less often.
        waitMs = answers.length > answered ? 15 : 2 * waitMs;
        answered = answers.length;
      }
    })();
    for (let round = 0; round < 20; round += 1) {
      await many(50, async (i) => {
        const params = { asset: 'USD', amount: '1.00' };
        answers.push(await core.intake.submit(users[i % 10] as Caller, { kind: 'deposit', params }));
      });
    }
    cutting.abort();
    await cutter;
    expect(count(answers)).toEqual({ completed: 1_000 });
    for (const user of users) expect(await cashOf(pool, user)).toBe('100.00');
    expect(core.pipeline.stats().get(0)?.retries).toBeGreaterThan(0);
    await expectSound(pool);
  });

  test('a full queue refuses at once, and what it refuses has no effect', async () => {
    const small = await startTestCore({ flags: ['--queue-size-max', '10'] });
    try {
      const user = await small.user({ money: '0' });
      const answers = await many(100, () =>
        small.core.intake.submit(user, { kind: 'deposit', params: { asset: 'USD', amount: '1.00' } }),
      );
      const { completed = 0, overloaded = 0 } = count(answers);
      expect(overloaded).toBeGreaterThan(0);
      expect(completed + overloaded).toBe(100);
      expect(await cashOf(small.pool, user)).toBe(`${completed}.00`);
    } finally {
      await small.stop();
    }
  });

  test('a second process takes the shard: the first stops answering, and nothing is lost or doubled', async () => {
    const first = await startTestCore();
    const user = await first.user({ money: '0' });
    const deposit = (core: TestCore, id: string) =>
      core.core.intake.submit(user, { kind: 'deposit', id, params: { asset: 'USD', amount: '1.00' } });
    const second = await startTestCore({ database: first.database, flags: ['--take-over'] });
    const ids = Array.from({ length: 40 }, () => `ord_${uuidv7()}`);
    const late = await Promise.all(ids.map((id) => deposit(first, id)));
    expect(count(late)).toEqual({ shutting_down: 40 });
    expect(await first.core.ended).toMatchObject({ code: 'fenced' });
    const taken = await Promise.all(ids.map((id) => deposit(second, id)));
    expect(count(taken)).toEqual({ completed: 40 });
    expect(await cashOf(second.pool, user)).toBe('40.00');
    await second.stop();
    await first.stop();
  });
});

test('two workers on two shards of one database, on the same loan and the same accounts: sound, and events without a gap', async () => {
  const left = await startTestCore({ flags: ['--shards', '2', '--own-shards', '0'] });
  const right = await startTestCore({ flags: ['--shards', '2', '--own-shards', '1'], database: left.database });
  const at = async (user: Caller, submission: { kind: string; params: unknown }): Promise<Answer> => {
    const answer = await left.core.intake.submit(user, submission);
    return answer.ok || answer.problem.code !== 'shutting_down' ? answer : right.core.intake.submit(user, submission);
  };
  const users: Caller[] = [];
  for (let i = 0; i < 12; i += 1) {
    const user = await left.user({ money: '0' });
    orderOf(await at(user, { kind: 'deposit', params: { asset: 'USD', amount: '1000.00' } }));
    users.push(user);
  }
  const operator = { ...(await left.user({ money: '0' })), role: 'operator' as const };
  const created = orderOf(
    await at(operator, {
      kind: 'create_loan',
      params: {
        borrower_id: `usr_${operator.userId}`,
        purpose: 'Shared',
        amount: '3000.00',
        apr: '0.1',
        term_months: 12,
        grade: 'B',
        funding_deadline: new Date(Date.now() + 30 * 86_400_000).toISOString(),
      },
    }),
  );
  const loan = created.result['loan_id'] as string;
  const work = await many(600, (i) => {
    const user = users[i % users.length] as Caller;
    const peer = users[(i * 7 + 1) % users.length] as Caller;
    return i % 2 === 0
      ? at(user, { kind: 'fund_loan', params: { loan_id: loan, amount: '10.00', allow_partial: true } })
      : at(user, { kind: 'transfer', params: { to_user: `usr_${peer.userId}`, asset: 'USD', amount: '3.00' } });
  });
  expect(work.every((answer) => answer.ok)).toBe(true);
  const funded = work.filter(
    (answer) => answer.ok && answer.order.kind === 'fund_loan' && answer.order.status === 'completed',
  );
  const sum = funded.reduce((total, answer) => total + Number(orderOf(answer).result['accepted_amount']), 0);
  expect(sum).toBe(3000);
  for (const shard of [0, 1]) {
    const { rows } = await left.pool.query(
      'select min(seq)::int as min, max(seq)::int as max, count(*)::int as count from events where shard = $1',
      [shard],
    );
    expect(Number(rows[0].min)).toBe(1);
    expect(Number(rows[0].count)).toBe(Number(rows[0].max));
  }
  await expectSound(left.pool);
  await right.stop();
  await left.stop();
});

test('a preview says what happens next, and changes nothing', async () => {
  const { core, pool } = test1;
  const user = await test1.user({ money: '50.00' });
  const before = await pool.query(
    'select (select count(*) from orders) as orders, (select count(*) from events) as events, (select event_seq from shards where id = 0) as seq',
  );
  const preview = await core.intake.preview(user, { kind: 'withdraw', params: { asset: 'USD', amount: '20.00' } });
  expect(preview).toMatchObject({
    ok: true,
    value: { status: 'pending', balances: [{ purpose: 'cash', balance: '50.00', held: '20.00', available: '30.00' }] },
  });
  const refused = await core.intake.preview(user, { kind: 'withdraw', params: { asset: 'USD', amount: '50.01' } });
  expect(refused).toMatchObject({ ok: true, value: { status: 'rejected', reason: 'insufficient_funds' } });
  const after = await pool.query(
    'select (select count(*) from orders) as orders, (select count(*) from events) as events, (select event_seq from shards where id = 0) as seq',
  );
  expect(after.rows).toEqual(before.rows);
  expect(
    orderOf(await core.intake.submit(user, { kind: 'withdraw', params: { asset: 'USD', amount: '20.00' } })).status,
  ).toBe('pending');
});

test('a preview shows a loan’s notes at the scale of the loan’s asset', async () => {
  const database = await createDatabase();
  const pool = createPool(database.connection);
  await pool.query("insert into assets (code, scale, name, class) values ('JPY', 0, 'Yen', 'currency')");
  const core = await startTestCore({ database });
  const [operator, investor] = [await core.user({ role: 'operator', money: '0' }), await core.user({ money: '0' })];
  const params = {
    borrower_id: `usr_${operator.userId}`,
    purpose: 'In yen',
    asset: 'JPY',
    amount: '1000',
    apr: '0.12',
    term_months: 12,
    grade: 'B',
    funding_deadline: new Date(Date.now() + 30 * 86_400_000).toISOString(),
  };
  const loan = orderOf(await core.core.intake.submit(operator, { kind: 'create_loan', params })).result['loan_id'];
  await core.core.intake.submit(investor, { kind: 'deposit', params: { asset: 'JPY', amount: '1000' } });
  const preview = await core.core.intake.preview(investor, {
    kind: 'fund_loan',
    params: { loan_id: loan, amount: '1000' },
  });
  const postings = preview.ok ? preview.value.postings : [];
  expect(postings.map(({ asset, amount }) => [asset.slice(0, 4), amount])).toContainEqual(['loan', '1000']);
  expect(new Set(postings.map(({ amount }) => amount))).toEqual(new Set(['1000']));
  await core.stop();
  await pool.end();
  await database.drop();
});
