import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseId, uuidv7 } from '../../src/core/ids.ts';
import { REPORTED_GATEWAY } from '../../src/desks/gateway.ts';
import { startTestEffects, type TestEffects } from '../support/effects.ts';
import { expectSound } from '../support/ledger.ts';
import { expectDeclared, operationOf, startTestRest, type TestRest, type TestUser } from '../support/rest.ts';
import { secretOf, signed } from '../support/signing.ts';

const [OLD, NEW, FOREIGN] = [secretOf('o'), secretOf('n'), secretOf('f')];
const PATH = '/v1/reports/withdrawal';

let rest: TestRest;
let effects: TestEffects;
let ann: TestUser;
beforeAll(async () => {
  rest = await startTestRest({ flags: ['--gateway', 'reported', '--gateway-secrets', `${OLD},${NEW}`] });
  effects = await startTestEffects(rest, { gateway: REPORTED_GATEWAY });
});
afterAll(async () => {
  await expectSound(rest.pool);
  await effects.stop();
  await rest.stop();
});

/** Money comes in by no order here. */
async function funded(): Promise<TestUser> {
  const user = await rest.person();
  const params = { user_id: user.id, asset: 'USD', amount: '100.00' };
  await rest.core.intake.submitInternal('grant_bonus', `bonus/${user.id}`, params);
  return user;
}
beforeEach(async () => {
  ann = await funded();
});

/** A withdrawal of 40.00 that the program outside has seen. */
async function sent(): Promise<string> {
  const body = { kind: 'withdraw', asset: 'USD', amount: '40.00' };
  const { id } = (await rest.call('POST', '/v1/orders', { as: ann, body })).json();
  await vi.waitFor(
    async () => {
      const { rows } = await rest.pool.query(
        "select 1 from events where subject = $1 and type = 'withdrawal_sent' and not exists (select from graphile_worker.jobs where key = $2)",
        [id, `withdraw/${id}`],
      );
      expect(rows).toHaveLength(1);
    },
    { timeout: 50_000, interval: 20 },
  );
  return id;
}

const reportOn = (order_id: string, outcome: 'paid' | 'declined'): string => JSON.stringify({ order_id, outcome });

async function post(payload: string | Buffer, headers: Record<string, string>) {
  const answer = await rest.app.inject({
    method: 'POST',
    url: PATH,
    headers: { 'content-type': 'application/json', ...headers },
    payload,
  });
  expectDeclared(operationOf('POST', PATH)!, answer);
  return answer;
}

const send = async (body: string, secret = NEW) => post(body, await signed(secret, body));

async function stateOf(order: string) {
  const { rows } = await rest.pool.query(
    `select o.status, o.reason, a.balance::int as balance, a.held::int as held,
       (select count(*)::int from events e where e.subject = 'ord_' || o.id and e.type = 'withdrawal_settled') as settled
     from orders o join accounts a on a.owner_id = o.user_id and a.purpose = 'cash' where o.id = $1`,
    [parseId('order', order)],
  );
  return rows[0];
}

const WAITING = { status: 'pending', reason: null, balance: 10_000, held: 4_000, settled: 0 };
const PAID = { status: 'completed', reason: null, balance: 6_000, held: 0, settled: 1 };
const DECLINED = { status: 'rejected', reason: 'declined_outside', balance: 10_000, held: 0, settled: 1 };

async function letters(order: string) {
  const { rows } = await rest.pool.query('select id, kind, error from dead_letters where order_id = $1', [
    parseId('order', order),
  ]);
  return rows;
}

/** Dead letters that operators were told of, each with the order among whose events it is. */
async function told(order: string) {
  const { rows } = await rest.pool.query(
    "select order_id, data ->> 'kind' as kind from events where type = 'dead_letter_added' and subject = $1 order by seq",
    [order],
  );
  return rows.map(({ order_id, kind }) => [order_id, kind]);
}

describe('a withdrawal waits for the report on it', () => {
  test.each([
    ['paid', 'completed', PAID],
    ['declined', 'rejected', DECLINED],
  ] as const)('%s', async (outcome, status, after) => {
    const order = await sent();
    expect(await stateOf(order)).toEqual(WAITING);
    const answer = await send(reportOn(order, outcome));
    expect([answer.statusCode, answer.json()]).toEqual([200, { order_id: order, status }]);
    expect(await stateOf(order)).toEqual(after);
    expect(await letters(order)).toEqual([]);
  });

  test('and is not handed over again meanwhile', async () => {
    const order = await sent();
    await rest.pool.query("update orders set created_at = created_at - interval '1 hour' where id = $1", [
      parseId('order', order),
    ]);
    await effects.errands.requeue({}, { signal: new AbortController().signal });
    const { rows } = await rest.pool.query("select 1 from graphile_worker.jobs where key like 'withdraw/%'");
    expect(rows).toEqual([]);
  });

  test('deposits out of nothing are rejected', async () => {
    const body = { kind: 'deposit', asset: 'USD', amount: '1.00' };
    const answer = await rest.call('POST', '/v1/orders', { as: ann, body });
    expect(answer.json()).toMatchObject({ status: 'rejected', reason: 'gateway_missing' });
  });
});

describe('again, late and in disorder', () => {
  test('twenty of the same at once act once, and so does one that comes later under another id', async () => {
    const order = await sent();
    const body = reportOn(order, 'paid');
    const headers = await signed(NEW, body);
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(body, headers)));
    answers.push(await send(body));
    for (const answer of answers) expect(answer.json()).toEqual({ order_id: order, status: 'completed' });
    const { rows } = await rest.pool.query(
      "select 1 from orders where kind = 'settle_withdrawal' and params ->> 'order_id' = $1",
      [order],
    );
    expect(rows).toHaveLength(1);
    expect(await stateOf(order)).toEqual(PAID);
    expect(await letters(order)).toEqual([]);
  });

  test('of two that contradict each other the first counts; operators see one dead letter, which a retry closes', async () => {
    const order = await sent();
    await send(reportOn(order, 'declined'));
    const body = reportOn(order, 'paid');
    const headers = await signed(NEW, body);
    for (let time = 0; time < 3; time += 1)
      expect((await post(body, headers)).json()).toEqual({ order_id: order, status: 'rejected' });
    expect(await stateOf(order)).toEqual(DECLINED);
    const error = 'the gateway says that it has paid, and the order is rejected';
    expect(await letters(order)).toEqual([{ id: expect.any(String), kind: 'settle_withdrawal', error }]);
    expect(await told(order)).toEqual([[parseId('order', order), 'settle_withdrawal']]);
    const operator = await rest.user({ role: 'operator', money: '0' });
    const [letter] = await letters(order);
    const shown = async () => {
      const page = await rest.core.reporting.deadLetters.list(operator, { limit: 50 });
      if (!page.ok) throw new Error(page.problem.detail);
      return page.value.data.find(({ id }) => id === `dl_${letter.id}`);
    };
    expect(await shown()).toMatchObject({ contradiction: true, retried_at: null, outcome: null });
    // There is nothing to do again: the answer is the order that it is about, and not what was reported first.
    expect(await rest.core.intake.retryDeadLetter(operator, letter.id)).toMatchObject({
      ok: true,
      replayed: true,
      order: { id: order, kind: 'withdraw', status: 'rejected', reason: 'declined_outside' },
    });
    expect(await shown()).toMatchObject({
      params: { order_id: order, approved: true },
      retried_at: expect.any(String),
      outcome: { status: 'unchanged', reason: null },
    });
    const again = await rest.core.intake.retryDeadLetter(operator, letter.id);
    expect(again).toMatchObject({ problem: { code: 'dead_letter_closed' } });
    expect(await stateOf(order)).toEqual(DECLINED);
  });

  test('contradictions about three orders are three dead letters, under whatever id they were sent; that about one is one, for ever', async () => {
    const orders = [await sent(), await sent()];
    ann = await funded();
    orders.push(await sent());
    for (const order of orders) await send(reportOn(order, 'paid'));
    for (const order of orders) {
      const body = reportOn(order, 'declined');
      await post(body, await signed(NEW, body, { id: 'msg_of_this_month' }));
      await Promise.all(Array.from({ length: 5 }, () => send(body)));
    }
    for (const order of orders) {
      expect(await letters(order)).toMatchObject([{ error: expect.stringContaining('has not paid') }]);
      expect(await told(order)).toHaveLength(1);
    }
    const order = orders[0] as string;
    const [letter] = await letters(order);
    await rest.core.intake.retryDeadLetter(await rest.user({ role: 'operator', money: '0' }), letter.id);
    await send(reportOn(order, 'declined'));
    expect(await letters(order)).toHaveLength(1);
  });

  test('an order’s id in capitals is the same order: one command, told in small letters', async () => {
    const order = await sent();
    const capitals = `ord_${order.slice('ord_'.length).toUpperCase()}`;
    for (const id of [capitals, order])
      expect((await send(reportOn(id, 'paid'))).json()).toEqual({ order_id: order, status: 'completed' });
    const { rows } = await rest.pool.query(
      "select params from orders where kind = 'settle_withdrawal' and params ->> 'order_id' ilike $1",
      [order],
    );
    expect(rows).toEqual([{ params: { order_id: order, approved: true } }]);
  });

  test('a report that it was paid, on a withdrawal that its user has canceled, is seen by operators', async () => {
    const body = { kind: 'withdraw', asset: 'USD', amount: '1.00' };
    const held = vi.spyOn(REPORTED_GATEWAY, 'pay');
    await effects.errands.consumer.stop();
    const { id } = (await rest.call('POST', '/v1/orders', { as: ann, body })).json();
    await rest.call('POST', `/v1/orders/${id}/cancel`, { as: ann });
    expect((await send(reportOn(id, 'paid'))).json()).toEqual({ order_id: id, status: 'canceled' });
    expect(held).not.toHaveBeenCalled();
    expect(await letters(id)).toMatchObject([{ error: expect.stringContaining('the order is canceled') }]);
    await effects.stop();
    effects = await startTestEffects(rest, { gateway: REPORTED_GATEWAY });
  });

  test.each(['there is none', 'it is no withdrawal'])('on an order that cannot be: %s', async (which) => {
    const grant = rest.core.installation.deriveId(`command/bonus/${ann.id}`);
    const id = `ord_${which === 'there is none' ? uuidv7() : grant}`;
    const answer = await send(reportOn(id, 'paid'));
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'not_found']);
    expect(await letters(id)).toEqual([]);
  });
});

describe('who may report', () => {
  const refused = async (answer: Awaited<ReturnType<typeof post>>, order: string) => {
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'unauthenticated']);
    expect(await stateOf(order)).toEqual(WAITING);
  };

  test('those who sign by the new secret or by the one before, and nobody else', async () => {
    for (const secret of [OLD, NEW]) {
      ann = await funded();
      const order = await sent();
      await refused(await send(reportOn(order, 'paid'), FOREIGN), order);
      expect((await send(reportOn(order, 'paid'), secret)).statusCode).toBe(200);
    }
  });

  test('a changed message is forged: its body, in meaning or in bytes, its id, its time', async () => {
    const order = await sent();
    const body = reportOn(order, 'declined');
    const headers = await signed(NEW, body);
    await refused(await post(reportOn(order, 'paid'), headers), order);
    await refused(await post(JSON.stringify(JSON.parse(body), null, 1), headers), order);
    await refused(await post(`${body} `, headers), order);
    await refused(await post(body, { ...headers, 'webhook-id': 'msg_other' }), order);
    const later = String(Number(headers['webhook-timestamp']) + 1);
    await refused(await post(body, { ...headers, 'webhook-timestamp': later }), order);
    for (const name of Object.keys(headers)) await refused(await post(body, { ...headers, [name]: '' }), order);
    await refused(await post(body, {}), order);
    expect((await post(body, headers)).statusCode).toBe(200);
  });

  test('a recording is refused five minutes later, and what is of the future', async () => {
    const order = await sent();
    const body = reportOn(order, 'paid');
    const now = Math.floor(Date.now() / 1000);
    for (const seconds of [now - 320, now + 320])
      await refused(await post(body, await signed(NEW, body, { seconds })), order);
    expect((await post(body, await signed(NEW, body, { seconds: now - 280 }))).statusCode).toBe(200);
  });

  test('no session and no key, an operator’s neither', async () => {
    const order = await sent();
    const operator = await rest.person('operator');
    const answer = await post(reportOn(order, 'paid'), { authorization: `Bearer ${operator.token}` });
    await refused(answer, order);
  });

  test('nobody learns what a report looks like without the secret: what is wrong is said to those who sign', async () => {
    const wrong = JSON.stringify({ order_id: 'ord_1', outcome: 'perhaps' });
    expect((await send(wrong, FOREIGN)).statusCode).toBe(401);
    expect((await send(wrong)).json()).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  test('a body beyond the limit, or no UTF-8, is not read', async () => {
    const large = JSON.stringify({ order_id: 'x'.repeat(70_000), outcome: 'paid' });
    expect((await send(large)).statusCode).toBe(413);
    const broken = Buffer.from([...Buffer.from('{"order_id":"'), 0xff, ...Buffer.from('"}')]);
    expect((await post(broken, await signed(NEW, broken.toString()))).json().code).toBe('invalid_json');
  });
});

test('a gateway that reports needs a secret, and secrets that are some', async () => {
  const start = (...flags: string[]) => startTestRest({ database: rest.database, flags });
  await expect(start('--gateway', 'reported')).rejects.toThrow('--gateway reported needs --gateway-secrets');
  await expect(start('--gateway-secrets', 'whsec_short')).rejects.toThrow('base64 of 24 to 64 random bytes');
  await expect(start('--gateway-secrets', [OLD, NEW, FOREIGN].join())).rejects.toThrow('at most 2 secrets');
});
