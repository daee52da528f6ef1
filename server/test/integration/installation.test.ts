import type { WireInstallation, WireInstallationTotals, WireOverview, WireVerification } from '@millrace/contract';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { uuidv7 } from '../../src/core/ids.ts';
import { LOAN_LIMITS_DEFAULT } from '../../src/desks/lending/settings.ts';
import { limitsView } from '../../src/desks/lending/views.ts';
import { createInstallationView } from '../../src/ops/installation-view.ts';
import { createMetrics } from '../../src/ops/metrics.ts';
import { createVerifications } from '../../src/ops/verifications.ts';
import { readStream } from '../support/event-reader.ts';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';

let rest: TestRest;
let base: string;
let operator: TestUser;

beforeAll(async () => {
  rest = await startTestRest();
  await rest.app.listen({ port: 0, host: '127.0.0.1' });
  base = `http://127.0.0.1:${(rest.app.server.address() as AddressInfo).port}`;
  operator = await rest.person('operator');
});
afterAll(() => rest?.stop());

async function place(as: TestUser, body: object): Promise<void> {
  expect((await rest.call('POST', '/v1/orders', { as, body })).statusCode).toBeLessThan(300);
}

async function makeLoan(borrower: TestUser, amount: string): Promise<string> {
  const answer = await rest.core.intake.submitInternal('create_loan', uuidv7(), {
    borrower_id: borrower.id,
    purpose: 'x',
    amount,
    apr: '0.12',
    term_months: 2,
    grade: 'A',
    funding_deadline: new Date(Date.now() + 86_400_000).toISOString(),
  });
  if (!answer.ok) throw new Error(answer.problem.detail);
  return answer.order.result['loan_id'] as string;
}

/** Numbers come a little behind the orders: asks until they have. */
async function totalsWhen(condition: (totals: WireInstallationTotals) => boolean): Promise<WireInstallation> {
  for (;;) {
    const answer = await rest.call('GET', '/v1/installation');
    expect(answer.statusCode).toBe(200);
    const installation = answer.json<WireInstallation>();
    if (condition(installation.totals)) return installation;
    await pause(50);
  }
}

test('everybody sees what the installation is, with totals of users, loans, money and orders', async () => {
  const borrower = await rest.person('investor', '500.00');
  const ann = await rest.person('investor', '500.00');
  const funded = await makeLoan(borrower, '100');
  const open = await makeLoan(borrower, '100');
  await place(ann, { kind: 'fund_loan', loan_id: funded, amount: '100' });
  await place(ann, { kind: 'fund_loan', loan_id: open, amount: '25.50' });
  await place(borrower, { kind: 'repay_loan', loan_id: funded });
  await place(ann, { kind: 'fund_loan', loan_id: open, amount: '9999' });
  const { totals, ...about } = await totalsWhen(({ orders }) => orders >= 6);
  expect(about).toEqual({
    name: 'Millrace',
    version: expect.any(String),
    currency: { asset: 'USD', scale: 2 },
    demo: null,
    starting_balance: null,
    gateway: 'simulated',
    loan_limits: { amount_max: '1000000000', rate_max: '1', term_months_max: 480, funding_days_max: 1_827 },
    roles_open: ['investor'],
  });
  const { rows } = await rest.pool.query<{ users: bigint }>('select count(*) as users from users');
  const schedule = await rest.pool.query<{ principal: bigint; interest: bigint }>(
    "select principal, interest - fee as interest from installments where status = 'paid'",
  );
  const paid = schedule.rows[0] as { principal: bigint; interest: bigint };
  expect(totals).toMatchObject({
    users: Number(rows[0]?.users),
    loans_open: 1,
    loans_total: 2,
    funded: '125.50',
    repaid: (Number(paid.principal) / 100).toFixed(2),
    interest_paid: (Number(paid.interest) / 100).toFixed(2),
    orders: 6,
  });
});

test('of a demonstration the logins are told, and not the service’s key; the operator’s on this machine only', async () => {
  const investor = { role: 'investor' as const, email: 'a@b', password: 'p' };
  const users = [investor, { role: 'operator' as const, email: 'o@b', password: 'p' }];
  const view = createInstallationView({
    currency: { code: 'USD', scale: 2 },
    startingBalance: '10.00',
    gateway: null,
    demo: () => ({ users, service_key: 'secret', borrowers: ['usr_1'] }),
    desks: { loan_limits: limitsView(LOAN_LIMITS_DEFAULT) },
    totals: async () => ({}) as WireInstallationTotals,
  });
  const { demo, starting_balance } = await view({ fromThisMachine: true });
  expect({ demo, starting_balance }).toEqual({
    demo: { users },
    starting_balance: { asset: 'USD', amount: '10.00' },
  });
  expect((await view({ fromThisMachine: false })).demo).toEqual({ users: [investor] });
});

test('visitors follow the totals without a login, and nothing else', async () => {
  const ann = await rest.person('investor');
  const stream = await readStream(`${base}/v1/installation/stream`);
  const [first] = await stream.atLeast(1);
  expect(first?.event).toBe('totals');
  const { orders } = JSON.parse(first?.data as string) as WireInstallationTotals;
  await place(ann, { kind: 'deposit', asset: 'USD', amount: '1.00' });
  for (let count = 2; ; count += 1) {
    const events = await stream.atLeast(count);
    expect(events.every(({ event }) => event === 'totals')).toBe(true);
    if ((JSON.parse(events.at(-1)?.data as string) as WireInstallationTotals).orders > orders) break;
  }
  stream.close();
  expect((await readStream(`${base}/v1/overview/stream`)).status).toBe(401);
  expect((await readStream(`${base}/v1/events/stream`)).status).toBe(401);
  expect((await readStream(`${base}/v1/overview/stream`, ann.token)).status).toBe(403);
});

test('the overview counts orders, what waits, and how far each consumer is', async () => {
  const ann = await rest.person('investor', '5.00');
  await place(ann, { kind: 'withdraw', asset: 'USD', amount: '1.00' });
  await rest.pool.query(
    `insert into dead_letters (id, order_id, kind, command, error, created_at, retried_at)
     values ($1, $1, 'deposit', '{}', 'x', now(), null), ($2, $2, 'deposit', '{}', 'x', now(), now())`,
    [uuidv7(), uuidv7()],
  );
  await rest.pool.query("update orders set created_at = now() - interval '16 minutes' where kind = 'withdraw'");
  let overview: WireOverview;
  do {
    const answer = await rest.call('GET', '/v1/overview', { as: operator });
    expect(answer.statusCode).toBe(200);
    overview = answer.json<WireOverview>();
    await pause(50);
  } while (!overview.orders.by_kind.some(({ kind }) => kind === 'withdraw') || overview.read_models.lag > 0);
  expect(overview.orders.last_hour).toHaveLength(60);
  const pending = overview.orders.last_hour.reduce((sum, minute) => sum + minute.pending, 0);
  expect(pending).toBe(1);
  expect(overview.orders.by_kind.find(({ kind }) => kind === 'withdraw')).toMatchObject({ opened: 1, completed: 0 });
  expect(overview.latency.answer.p50_ms).toBeGreaterThan(0);
  expect(overview.latency.commit.p99_ms).toBeGreaterThan(0);
  expect(overview.commits).toEqual({ possible: true, since: null, cause: null });
  expect(overview.queue).toEqual({ waiting: 0, max: 20_000 });
  const head = overview.shards[0]?.head_seq as number;
  expect(overview.shards).toMatchObject([{ shard: 0, epoch: 1, owner: expect.any(String) }]);
  expect(overview.consumers.find(({ name }) => name === 'index')).toMatchObject({
    shard: 0,
    cursor: head,
    head,
    lag: 0,
    lag_seconds: 0,
  });
  expect(overview.dead_letters).toEqual({ waiting: 1 });
  expect(overview.jobs.failing).toBe(0);
  expect(overview.overdue).toMatchObject({ count: 1, explained: 0 });
  expect(overview.overdue.checks.filter(({ count }) => count > 0)).toMatchObject([
    { name: 'withdrawals_not_sent', explained: null, rows: [{ subject: expect.stringMatching(/^ord_/) }] },
  ]);
});

test('a consumer is behind by what concerns it, not by how old its cursor is', async () => {
  const ann = await rest.person('investor', '5.00');
  await rest.pool.query(
    "insert into consumers (name, shard, event_seq) select 'errands', id, event_seq from shards where id = 0",
  );
  const read = async () => {
    const { rows } = await rest.pool.query<{ head: bigint }>('select event_seq as head from shards where id = 0');
    for (;;) {
      const { consumers } = (await rest.call('GET', '/v1/overview', { as: operator })).json<WireOverview>();
      const found = consumers.find(({ name }) => name === 'errands');
      // What was read for someone before may be a second old.
      if (found !== undefined && found.head >= Number(rows[0]?.head)) return found;
      await pause(50);
    }
  };
  await place(ann, { kind: 'deposit', asset: 'USD', amount: '1.00' });
  expect(await read()).toMatchObject({ lag: 0, lag_seconds: 0 });
  await place(ann, { kind: 'withdraw', asset: 'USD', amount: '1.00' });
  const behind = await read();
  expect(behind.lag).toBe(1);
  expect(behind.lag_seconds).toBeGreaterThan(0);
});

test('operators follow the overview until their session ends', async () => {
  const other = await rest.person('operator');
  const stream = await readStream(`${base}/v1/overview/stream`, other.token);
  const [first] = await stream.atLeast(2);
  expect(first?.event).toBe('overview');
  const { connections } = JSON.parse(stream.events.at(-1)?.data as string) as WireOverview;
  expect(connections).toMatchObject({ websocket: 0, sse: 1 });
  await rest.call('POST', '/v1/auth/logout', { as: other });
  while (!stream.isEnded()) await pause(5);
});

test('a metric says how far the read models are behind, and without a database the other metrics are there', async () => {
  const { body } = await rest.core.metrics.text();
  expect(body).toMatch(/^millrace_index_lag \d+$/m);
  const alone = createMetrics({
    pipeline: rest.core.pipeline,
    indexLag: () => Promise.reject(new Error('no database')),
    dropped: { orders: 3 },
  });
  expect((await alone.text()).body).toMatch(/^millrace_pipeline_waiting\{shard="0"\} 0$/m);
});

test('a verification answers with its report, and the latest is kept', async () => {
  expect((await rest.call('GET', '/v1/verifications/latest', { as: operator })).statusCode).toBe(204);
  const report = (await rest.call('POST', '/v1/verifications', { as: operator })).json();
  expect(report).toMatchObject({ ok: true });
  expect(report.checks.length).toBeGreaterThan(10);
  expect((await rest.call('GET', '/v1/verifications/latest', { as: operator })).json()).toEqual(report);
});

test('one verification runs at a time, also over several processes', async () => {
  const other = await rest.pool.connect();
  await other.query('begin; select pg_advisory_xact_lock(1836280433)');
  const answer = await rest.call('POST', '/v1/verifications', { as: operator });
  await other.query('rollback');
  other.release();
  expect(answer.json()).toMatchObject({ status: 409, code: 'verification_running' });
  expect((await rest.call('POST', '/v1/verifications', { as: operator })).statusCode).toBe(200);
});

test('a check that takes too long is ended, and the report is not there', async () => {
  const checks = [{ name: 'slow', sql: "select '' as subject, pg_sleep(60)::text as detail" }];
  const overdue = async () => ({ count: 0, explained: 0, checks: [] });
  const verifications = createVerifications({ pool: rest.pool, checks, overdue, statementTimeoutMs: 200 });
  expect(await verifications.run()).toMatchObject({ ok: false, problem: { code: 'verification_too_long' } });
  expect(verifications.latest()).toBeUndefined();
});

test('a verification tells what is overdue apart from what is wrong', async () => {
  const report = (await rest.call('POST', '/v1/verifications', { as: operator })).json<WireVerification>();
  expect(report.ok).toBe(true);
  expect(report.overdue.count).toBe(1);
  expect(report.overdue.checks.map(({ name }) => name)).toEqual([
    'loans_past_deadline',
    'installments_not_asked_for',
    'loans_not_defaulted',
    'withdrawals_not_sent',
    'withdrawals_unanswered',
    'jobs_failing',
    'scheduler_stands_still',
  ]);
});

test('a verification names rows that are wrong', async () => {
  await rest.pool.query("insert into accounts values ($1, $1, 'cash', 'USD', false, 5, 0, now())", [uuidv7()]);
  const report = (await rest.call('POST', '/v1/verifications', { as: operator })).json();
  expect(report.ok).toBe(false);
  const wrong = report.checks.filter(({ ok }: { ok: boolean }) => !ok);
  expect(wrong[0]).toMatchObject({ ok: false, violations: expect.any(Number) });
  expect(wrong[0].rows[0].subject).toMatch(/./);
});
