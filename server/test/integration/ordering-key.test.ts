import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { formatId, parseId, shardOf, uuidv7 } from '../../src/core/ids.ts';
import { orderOf, startTestCore, type TestCore } from '../support/core.ts';

const SHARDS = 2;
let core: TestCore;
beforeAll(async () => {
  core = await startTestCore({ flags: ['--shards', String(SHARDS)] });
});
afterAll(() => core.stop());

/** A pending withdrawal of a user, under an id that ends as those of the other shard do. */
async function withdrawal(): Promise<{ user: Caller; id: string; shard: number }> {
  const user = await core.user();
  const shard = shardOf(user.userId, SHARDS);
  let id = uuidv7();
  while (shardOf(id, SHARDS) === shard) id = uuidv7();
  const params = { asset: 'USD', amount: '5.00' };
  const order = orderOf(await core.core.intake.submit(user, { kind: 'withdraw', id: formatId('order', id), params }));
  expect(order.status).toBe('pending');
  return { user, id: order.id, shard };
}

/** The shards in which the log tells of an order, and those of the commands about it. */
async function shardsOf(id: string): Promise<number[]> {
  const { rows } = await core.pool.query<{ shard: number }>(
    "select shard from events where order_id = $1 union select shard from orders where params ->> 'order_id' = $2 or id = $1",
    [parseId('order', id), id],
  );
  return rows.map(({ shard }) => shard);
}

test('what follows on an order is decided in the order’s shard: the request, the bank’s answer, a cancellation', async () => {
  const { intake } = core.core;
  const paid = await withdrawal();
  orderOf(await intake.submitInternal('send_withdrawal', `${paid.id}/send`, { order_id: paid.id }));
  orderOf(await intake.submitInternal('settle_withdrawal', `${paid.id}/settle`, { order_id: paid.id, approved: true }));
  expect(await shardsOf(paid.id)).toEqual([paid.shard]);
  const canceled = await withdrawal();
  expect(await intake.cancel(canceled.user, parseId('order', canceled.id)!)).toMatchObject({
    order: { status: 'canceled' },
  });
  expect(await shardsOf(canceled.id)).toEqual([canceled.shard]);
});

test('a command about an order that there is not is refused as ever', async () => {
  const about = { order_id: formatId('order', uuidv7()) };
  const answer = orderOf(await core.core.intake.submitInternal('send_withdrawal', 'nothing/send', about));
  expect(answer).toMatchObject({ status: 'failed', reason: 'internal_error' });
});

test('a dead letter is retried in the shard in which it was written, wherever its kind would go today', async () => {
  const operator = await core.user({ role: 'operator' });
  for (const shard of [0, 1]) {
    const { id, shard: own } = await withdrawal();
    const letter = uuidv7();
    const command = {
      id: uuidv7(),
      kind: 'send_withdrawal',
      userId: null,
      actorId: null,
      params: { order_id: id },
      at: Date.now(),
      shard,
      idMayExist: true,
      fingerprint: null,
      key: null,
      retryOf: null,
    };
    await core.pool.query(
      "insert into dead_letters (id, order_id, kind, command, error, created_at) values ($1, $2, 'send_withdrawal', $3, 'x', now())",
      [letter, command.id, JSON.stringify(command)],
    );
    expect(orderOf(await core.core.intake.retryDeadLetter(operator, letter))).toMatchObject({ status: 'completed' });
    const { rows } = await core.pool.query('select shard from orders where id = $1', [command.id]);
    expect(rows).toEqual([{ shard }]);
    expect([0, 1]).toContain(own);
  }
});
