import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatId, parseId, uuidv7 } from '../../src/core/ids.ts';
import { createLog } from '../../src/ops/log.ts';
import { createPush } from '../../src/push/index.ts';
import { createExplanations } from '../../src/reporting/index.ts';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';

let rest: TestRest;
let operator: TestUser;
let ann: TestUser;
let bob: TestUser;

beforeAll(async () => {
  rest = await startTestRest();
  operator = await rest.person('operator');
  ann = await rest.person('investor', '1000.00');
  bob = await rest.person('investor', '1000.00');
});
afterAll(() => rest?.stop());

const place = async (as: TestUser, body: object, headers: Record<string, string> = {}): Promise<string> =>
  (await rest.call('POST', '/v1/orders', { as, body, headers })).json().id;
const explain = async (id: string, as: TestUser = ann) =>
  (await rest.call('GET', `/v1/orders/${id}/explanation`, { as })).json();
const bare = (id: string): string => parseId('order', id) as string;

describe('the explanation of an order', () => {
  test('says what it moved: to its owner the other side by purpose only, to operators all', async () => {
    const id = await place(ann, { kind: 'transfer', to_user: bob.id, asset: 'USD', amount: '10.00' });
    const own = await explain(id);
    expect(own).toMatchObject({
      order: { id, status: 'completed' },
      summary: `10.00 USD was to go to ${bob.id}. This was done.`,
      waits_for: null,
      more_postings: false,
      holds: [],
      retries: null,
      dead_letter: null,
    });
    const mine = { id: expect.stringMatching(/^acc_/), purpose: 'cash', owner: ann.id, asset: 'USD' };
    expect(own.postings).toMatchObject([
      { debit: mine, credit: { id: null, purpose: 'cash', owner: null, asset: 'USD' }, amount: '10.00' },
    ]);
    const all = await explain(id, operator);
    expect(all.postings).toMatchObject([{ debit: mine, credit: { owner: bob.id, purpose: 'cash' } }]);
    expect(JSON.stringify(own.postings)).not.toContain(bob.userId);
  });

  test('has each event with its cursor, and only those that its reader may see', async () => {
    const id = await place(ann, { kind: 'transfer', to_user: bob.id, asset: 'USD', amount: '1.00' });
    const own = await explain(id);
    expect(own.events.map(({ type }: { type: string }) => type)).toEqual(['order_processed']);
    const all = await explain(id, operator);
    expect(all.events.map(({ type }: { type: string }) => type)).toEqual(['transfer_received', 'order_processed']);
    for (const event of all.events) expect(event.cursor).toBe(event.id);
  });

  test('is nobody else’s', async () => {
    const id = await place(ann, { kind: 'deposit', asset: 'USD', amount: '1.00' });
    for (const url of [`/v1/orders/${id}/explanation`, `/v1/orders/${formatId('order', uuidv7())}/explanation`])
      expect((await rest.call('GET', url, { as: bob })).statusCode).toBe(404);
  });

  test('finds the postings of each of many orders that were decided together', async () => {
    const amounts = Array.from({ length: 200 }, (_, n) => `${n + 1}.00`);
    const orders = amounts.map((amount) => ({ kind: 'deposit', asset: 'USD', amount }));
    const batch = await rest.call('POST', '/v1/orders/batch', { as: bob, body: { orders } });
    const ids: string[] = batch.json().results.map(({ order }: { order: { id: string } }) => order.id);
    for (const n of [0, 1, 57, 199])
      expect((await explain(ids[n] as string, bob)).postings).toMatchObject([{ amount: amounts[n] }]);
  });

  test('follows a withdrawal: held and waiting, then settled by another command, whose posting is its own', async () => {
    const id = await place(ann, { kind: 'withdraw', asset: 'USD', amount: '20.00' });
    expect(await explain(id)).toMatchObject({
      waits_for: { what: expect.stringContaining('bank'), until: null },
      postings: [],
      holds: [{ asset: 'USD', amount: '20.00', captured: '0.00', released: '0.00', state: 'held' }],
    });
    const { intake } = rest.core;
    await intake.submitInternal('send_withdrawal', `withdrawal/${id}/send`, { order_id: id });
    expect((await explain(id)).waits_for.what).toBe('The bank has the withdrawal and has to answer.');
    await intake.submitInternal('settle_withdrawal', `withdrawal/${id}/settle`, { order_id: id, approved: true });
    const settled = await explain(id);
    expect(settled).toMatchObject({
      order: { status: 'completed' },
      waits_for: null,
      postings: [{ debit: { owner: ann.id }, credit: { purpose: 'outside', owner: null }, amount: '20.00' }],
      holds: [{ captured: '20.00', state: 'captured' }],
    });
    expect(settled.events.length).toBeGreaterThanOrEqual(4);
  });

  test('of an order that was refused says why, and that nothing moved', async () => {
    const id = await place(bob, { kind: 'withdraw', asset: 'USD', amount: '99999999.00' });
    expect(await explain(id, bob)).toMatchObject({
      summary: expect.stringContaining('This was not done: there is not enough available money.'),
      postings: [],
      holds: [],
    });
  });

  test('says whether the client chose the id, and whether a key came with it', async () => {
    const body = { kind: 'deposit', asset: 'USD', amount: '1.00' };
    const plain = await place(ann, body);
    const chosen = await place(ann, { ...body, id: formatId('order', uuidv7()) });
    const keyed = await place(ann, body, { 'idempotency-key': 'once' });
    expect((await explain(plain)).idempotency).toEqual({ id_chosen_by_client: false, key_used: false });
    expect((await explain(chosen)).idempotency).toEqual({ id_chosen_by_client: true, key_used: false });
    expect((await explain(keyed)).idempotency).toEqual({ id_chosen_by_client: false, key_used: true });
  });

  test('of an investment that completes a loan shows its investor no other investor’s posting', async () => {
    const params = {
      borrower_id: (await rest.person()).id,
      purpose: 'A bakery',
      amount: '100',
      apr: '0.05',
      term_months: 6,
      grade: 'B',
      funding_deadline: new Date(Date.now() + 86_400_000).toISOString(),
    };
    const loan = (await rest.call('POST', '/v1/loans', { as: operator, body: params })).json().id;
    await place(bob, { kind: 'fund_loan', loan_id: loan, amount: '60.00' });
    const id = await place(ann, { kind: 'fund_loan', loan_id: loan, amount: '40.00' });
    const own = await explain(id);
    for (const { debit, credit } of own.postings) expect([debit.owner, credit.owner]).toContain(ann.id);
    expect(JSON.stringify(own)).not.toContain(bob.userId);
    const all = await explain(id, operator);
    expect(all.postings.length).toBeGreaterThan(own.postings.length);
    const owners = all.postings.flatMap(({ debit, credit }: Record<string, { owner: string }>) => [
      debit?.owner,
      credit?.owner,
    ]);
    expect(owners).toEqual(expect.arrayContaining([ann.id, bob.id, loan]));
  });
});

describe('who was told', () => {
  const told = async (id: string, as: TestUser = ann) => {
    const { told: all } = await explain(id, as);
    return new Map<string, { state: string; at: string | null; detail: string }>(
      all.map((one: { consumer: string }) => [one.consumer, one]),
    );
  };

  test('the lists, once they have come so far', async () => {
    const id = await place(ann, { kind: 'deposit', asset: 'USD', amount: '1.00' });
    await rest.core.projection.catchUp();
    expect((await told(id)).get('index')).toMatchObject({ state: 'told', at: expect.any(String) });
    await rest.pool.query("update consumers set event_seq = event_seq - 1 where name = 'index'");
    expect((await told(id)).get('index')).toMatchObject({ state: 'behind', at: null });
    await rest.pool.query("update consumers set event_seq = event_seq + 1 where name = 'index'");
  });

  test('who was connected: the owner counts their own connections, an operator everybody’s', async () => {
    const log = createLog('silent');
    const push = createPush({ relay: rest.core.relay, pool: rest.pool, log });
    const before = await place(ann, { kind: 'deposit', asset: 'USD', amount: '1.00' });
    const seqOf = async (id: string): Promise<[number, number]> => {
      const { rows } = await rest.pool.query(
        'select shard, max(seq) as seq from events where order_id = $1 group by shard',
        [bare(id)],
      );
      return [rows[0].shard, Number(rows[0].seq)];
    };
    expect(push.handed(...(await seqOf(before)))).toEqual({ atMs: null, owner: 0, all: 0 });
    const sink = {
      deliver: () => undefined,
      reload: () => undefined,
      congested: () => false,
      drained: async () => true,
      unavailable: () => undefined,
    };
    const follow = async (token: string, channel: string) => {
      const caller = await rest.core.identity.authenticate(token);
      const opened = push.subscribe({ caller: caller!, channel, sink });
      if (!opened.ok) throw new Error(opened.problem.detail);
      return opened.value;
    };
    const open = [
      await follow(ann.token, 'me'),
      await follow(operator.token, 'operators'),
      await follow(bob.token, 'me'),
    ];
    const id = await place(ann, { kind: 'deposit', asset: 'USD', amount: '1.00' });
    expect(push.handed(...(await seqOf(id)))).toEqual({ atMs: expect.any(Number), owner: 1, all: 2 });
    for (const subscription of open) subscription.close();
    push.stop();
    // What was committed before a process began to hand events on is not known to it.
    const later = createPush({ relay: rest.core.relay, pool: rest.pool, log });
    expect(later.handed(...(await seqOf(id)))).toBeUndefined();
    later.stop();
  });

  test('shows owners their own connections only, and says where it is not kept', async () => {
    const id = await place(ann, { kind: 'deposit', asset: 'USD', amount: '1.00' });
    const pushTo = async (user: TestUser, handed: ReturnType<Parameters<typeof createExplanations>[0]['handed']>) => {
      const caller = await rest.core.identity.authenticate(user.token);
      const explanation = await createExplanations({
        pool: rest.pool,
        deriveId: rest.core.installation.deriveId,
        handed: () => handed,
        errands: rest.core.errands,
      }).explain(caller!, bare(id));
      return explanation?.told.find(({ consumer }) => consumer === 'push');
    };
    const handed = { atMs: 0, owner: 0, all: 2 };
    expect(await pushTo(ann, handed)).toMatchObject({ state: 'nobody', at: null });
    const at = '1970-01-01T00:00:00.000Z';
    expect(await pushTo(operator, handed)).toMatchObject({
      state: 'told',
      at,
      detail: expect.stringContaining('2 live'),
    });
    expect(await pushTo(operator, undefined)).toMatchObject({ state: 'unknown', at: null });
  });

  test('nobody, where nobody was connected', async () => {
    const id = await place(ann, { kind: 'deposit', asset: 'USD', amount: '1.00' });
    expect((await told(id)).get('push')).toMatchObject({ state: 'nobody', at: null });
  });
});

describe('an order that was set aside', () => {
  test('waits for an operator, who alone sees the error; the list has whose it was, with what, and how the retry ended', async () => {
    const orderId = uuidv7();
    const letterId = uuidv7();
    const id = formatId('order', orderId);
    const params = { asset: 'USD', amount: '3.00' };
    const command = {
      id: orderId,
      kind: 'deposit',
      userId: ann.userId,
      actorId: null,
      params,
      at: Date.now(),
      shard: 0,
      idMayExist: true,
      fingerprint: null,
      key: null,
      retryOf: null,
    };
    await rest.pool.query(
      "insert into dead_letters (id, order_id, kind, command, error, created_at) values ($1, $2, 'deposit', $3, 'TypeError: secret', now())",
      [letterId, orderId, JSON.stringify(command)],
    );
    await rest.pool.query(
      `with s as (update shards set event_seq = event_seq + 1 where id = 0 returning event_seq),
       e as (insert into events (shard, seq, type, subject, user_id, order_id, data, at)
         select 0, event_seq, 'dead_letter_added', $2, null, $1::uuid, json_build_object('dead_letter_id', $3::text), now() from s)
       insert into orders (id, shard, kind, status, reason, user_id, visible, params, result, first_event_seq, last_event_seq, created_at, updated_at)
       select $1, 0, 'deposit', 'failed', 'internal_error', $4, true, $5, '{}', event_seq, event_seq, now(), now() from s`,
      [orderId, id, formatId('deadLetter', letterId), ann.userId, JSON.stringify(params)],
    );
    expect(await explain(id)).toMatchObject({
      waits_for: { what: expect.stringContaining('operator') },
      events: [],
      dead_letter: { id: formatId('deadLetter', letterId), error: null, retried_at: null },
    });
    expect((await explain(id, operator)).dead_letter).toMatchObject({ error: 'TypeError: secret' });
    const letters = async () => (await rest.call('GET', '/v1/dead-letters', { as: operator })).json().data;
    expect(await letters()).toMatchObject([{ order_id: id, user_id: ann.id, params, outcome: null }]);
    await rest.call('POST', `/v1/dead-letters/${formatId('deadLetter', letterId)}/retry`, { as: operator });
    expect(await letters()).toMatchObject([{ outcome: { status: 'completed', reason: null } }]);
    const retried = await explain(id);
    expect(retried).toMatchObject({ waits_for: null, postings: [{ amount: '3.00' }] });
    expect(retried.dead_letter.retried_at).not.toBeNull();
  });
});
