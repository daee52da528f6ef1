import { hash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settableClock } from '../../src/core/clock.ts';
import { createWebSocketEdge, type WebSocketEdge } from '../../src/edges/websocket/edge.ts';
import { createPush, createStreamLimits, type Push } from '../../src/push/index.ts';
import { startTestEffects } from '../support/effects.ts';
import { cashOf, dueNow, expectSound, openLoan } from '../support/ledger.ts';
import { DAY_MS, START_MS } from '../support/lending-world.ts';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';
import { eventually } from '../support/scheduler.ts';
import { log, StreamClient } from '../support/stream.ts';

const clock = settableClock(START_MS);
let rest: TestRest;
let push: Push;
let edge: WebSocketEdge;
let mallory: TestUser;

beforeAll(async () => {
  rest = await startTestRest({ clock });
  const { relay, intake, identity } = rest.core;
  push = createPush({ relay, pool: rest.pool, log });
  edge = createWebSocketEdge({ push, intake, identity, streams: createStreamLimits(), log });
  edge.attach(rest.app.server);
  await rest.app.listen({ port: 0, host: '127.0.0.1' });
  mallory = await rest.person('investor', '1000.00');
});
afterAll(async () => {
  push.stop();
  await edge.close();
  await rest.stop();
});

/** What anyone who has read the code would try: a plain hash of the name, marked as a UUID of this version. */
function guessed(name: string, version: number): string {
  const digest = hash('sha256', name, 'hex');
  const variant = ((Number.parseInt(digest.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-${version}${digest.slice(13, 16)}-${variant}${digest.slice(18, 20)}-${digest.slice(20, 32)}`;
}

const orderAt = (id: string) => ({ kind: 'deposit', id, asset: 'USD', amount: '1.00' });

test('nobody can place an order under the id of a command that the system will give', async () => {
  // Three pieces of work that lie ahead of the system: an instalment, an end of a funding, a withdrawal.
  const [borrower, investor] = [await rest.user({ money: '0' }), await rest.user()];
  const funded = await openLoan(rest, borrower, '120.00');
  await rest.core.intake.submit(investor, { kind: 'fund_loan', params: { loan_id: funded, amount: '120.00' } });
  await rest.core.intake.submit(borrower, { kind: 'deposit', params: { asset: 'USD', amount: '50.00' } });
  const unfunded = await openLoan(rest, borrower, '500.00');
  await rest.core.intake.submit(investor, { kind: 'fund_loan', params: { loan_id: unfunded, amount: '30.00' } });
  const withdraw = await rest.core.intake.submit(investor, { kind: 'withdraw', params: { asset: 'USD', amount: '5' } });
  const withdrawal = withdraw.ok ? withdraw.order.id : '';
  const later = START_MS + 40 * DAY_MS;
  const due = await dueNow(rest.core, { at: later });
  expect(due.map(({ kind }) => kind)).toEqual(['expire_loan', 'collect_installment']);
  const names = [
    ...due.map(({ name }) => name),
    `withdrawal/${withdrawal}/send`,
    `withdrawal/${withdrawal}/settle`,
    `bonus/${borrower.userId}`,
  ];

  // The id as such is not the attacker's to use, on any way in.
  const own = names.map((name) => `ord_${guessed(`command/${name}`, 8)}`);
  for (const id of own) {
    const answer = await rest.call('POST', '/v1/orders', { as: mallory, body: orderAt(id) });
    expect([answer.statusCode, answer.json().errors]).toMatchObject([400, [{ pointer: '/id' }]]);
    const preview = await rest.call('POST', '/v1/orders/preview', { as: mallory, body: orderAt(id) });
    expect([preview.statusCode, preview.json().errors]).toMatchObject([400, [{ pointer: '/id' }]]);
  }
  const batch = await rest.call('POST', '/v1/orders/batch', { as: mallory, body: { orders: own.map(orderAt) } });
  expect(batch.json().results).toMatchObject(
    own.map((_, i) => ({ status: 400, problem: { errors: [{ pointer: `/orders/${i}/id` }] } })),
  );
  const { ticket } = (await rest.call('POST', '/v1/auth/ticket', { as: mallory })).json();
  const socket = await StreamClient.connect((rest.app.server.address() as AddressInfo).port, `?ticket=${ticket}`);
  for (const id of own)
    expect(await socket.ask({ op: 'order', order: orderAt(id) })).toMatchObject({
      op: 'error',
      problem: { status: 400 },
    });
  await socket.close();

  // The same digests under versions that callers may use are ids of theirs, and mean nothing to the system.
  for (const version of [4, 5, 7])
    for (const name of names) {
      const id = `ord_${guessed(`command/${name}`, version)}`;
      expect((await rest.call('POST', '/v1/orders', { as: mallory, body: orderAt(id) })).statusCode).toBe(201);
    }

  clock.set(later);
  const effects = await startTestEffects(rest, { sources: rest.core.due });
  await effects.scheduler.runDue();
  const bonus = { user_id: `usr_${borrower.userId}`, asset: 'USD', amount: '7.00' };
  expect(await rest.core.intake.submitInternal('grant_bonus', `bonus/${borrower.userId}`, bonus)).toMatchObject({
    ok: true,
    replayed: false,
    order: { status: 'completed' },
  });
  for (const step of ['send', 'settle'] as const)
    expect(
      await rest.core.intake.submitInternal(`${step}_withdrawal`, `withdrawal/${withdrawal}/${step}`, {
        order_id: withdrawal,
        ...(step === 'settle' && { approved: true }),
      }),
    ).toMatchObject({ ok: true, order: { status: 'completed' } });
  await eventually(async () => {
    const { rows } = await rest.pool.query(
      'select status, next_number from loans where id = any ($1::uuid[]) order by id',
      [[funded, unfunded].map((id) => id.slice('loan_'.length))],
    );
    expect(rows).toEqual([
      { status: 'repaying', next_number: 2 },
      { status: 'expired', next_number: null },
    ]);
  });
  await effects.stop();
  expect(await cashOf(rest.pool, investor)).toMatch(/^88[0-9]\.\d\d$/);
  await expectSound(rest.pool);
});

test('an account’s id does not tell whose it is, to anyone who knows the code and the names of all users', async () => {
  for (let i = 0; i < 5; i += 1) await rest.person('investor', '1.00');
  const { rows } = await rest.pool.query<{ id: string; owner_id: string; purpose: string; asset: string }>(
    'select id, owner_id, purpose, asset from accounts',
  );
  expect(rows.length).toBeGreaterThan(5);
  const ids = new Set(rows.map(({ id }) => id));
  const guesses = rows.map((row) => guessed(`account/${row.owner_id}/${row.purpose}/${row.asset}`, 8));
  expect(guesses.filter((id) => ids.has(id))).toEqual([]);
  const other = await startTestRest();
  const key = {
    name: `account/${mallory.userId}/cash/USD`,
    ownerId: mallory.userId,
    purpose: 'cash',
    asset: 'USD',
  } as const;
  expect(ids).toContain(rest.core.accountIds(key));
  expect(other.core.accountIds(key)).not.toBe(rest.core.accountIds(key));
  await other.stop();
});

test('the secret is in the database’s row and nowhere that anyone asks or prints', async () => {
  const { rows } = await rest.pool.query<{ secret: Buffer }>('select secret from installation');
  const secret = rows[0]!.secret;
  expect(secret).toHaveLength(32);
  const operator = await rest.person('operator');
  const answers = await Promise.all(
    ['/v1/installation', '/v1/overview', '/v1/me', '/metrics'].map((url) => rest.call('GET', url, { as: operator })),
  );
  const shown = [...answers.map(({ body }) => body), JSON.stringify(rest.core.installation)].join('\n');
  for (const encoding of ['hex', 'base64', 'base64url', 'latin1'] as const)
    expect(shown).not.toContain(secret.toString(encoding));
});

test('a loan under the id of a user is no part of what the user has, and shows the user nothing of others', async () => {
  const [operator, victim, borrower] = [await rest.person('operator'), await rest.person(), await rest.user()];
  const uuid = victim.id.slice('usr_'.length);
  const body = {
    loan_id: `loan_${uuid}`,
    borrower_id: `usr_${borrower.userId}`,
    purpose: 'Twin',
    amount: '120.00',
    apr: '0.10',
    term_months: 12,
    grade: 'B',
    funding_deadline: new Date(clock.now() + 10 * DAY_MS).toISOString(),
  };
  const asOf = async (path: string, as: TestUser) => (await rest.call('GET', path, { as })).json();
  const before = await asOf('/v1/accounts', victim);
  expect((await rest.call('POST', '/v1/loans', { as: operator, body })).statusCode).toBe(201);
  await rest.core.intake.submit(await rest.user(), {
    kind: 'fund_loan',
    params: { loan_id: body.loan_id, amount: '30' },
  });

  expect(await asOf('/v1/accounts', victim)).toEqual(before);
  const owned = async (owner: string) =>
    (await asOf(`/v1/ledger/accounts?owner=${owner}`, operator)).data.map((one: { purpose: string }) => one.purpose);
  expect(await owned(victim.id)).toEqual(before.data.map((one: { purpose: string }) => one.purpose));
  expect(await owned(body.loan_id)).toEqual(['escrow']);
  const { accounts } = await asOf(`/v1/users/${victim.id}`, operator);
  expect(accounts.map((one: { purpose: string }) => one.purpose)).not.toContain('escrow');
  const { data } = await asOf(`/v1/ledger/accounts?owner=${body.loan_id}`, operator);
  for (const part of ['transfers', 'balances'])
    expect((await rest.call('GET', `/v1/accounts/${data[0].id}/${part}`, { as: victim })).statusCode).toBe(404);

  const reserved = { ...body, loan_id: `loan_${guessed('a name', 8)}` };
  const refused = await rest.call('POST', '/v1/loans', { as: operator, body: reserved });
  expect([refused.statusCode, refused.json().errors]).toMatchObject([400, [{ pointer: '/loan_id' }]]);
});
