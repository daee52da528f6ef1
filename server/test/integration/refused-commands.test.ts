import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { systemClock } from '../../src/core/clock.ts';
import { commandName, parseId, uuidv7 } from '../../src/core/ids.ts';
import { createIntake } from '../../src/intake/create-intake.ts';
import type { Answer } from '../../src/intake/intake.ts';
import type { DeadLetterView } from '../../src/reporting/dead-letters.ts';
import { orderOf, startTestCore, type TestCore } from '../support/core.ts';
import { expectSound } from '../support/ledger.ts';

let bench: TestCore;
let operator: Caller;
beforeAll(async () => {
  bench = await startTestCore();
  operator = await bench.user({ role: 'operator', money: '0' });
});
afterAll(() => bench.stop());

async function lettersOf(kind: string): Promise<DeadLetterView[]> {
  const page = await bench.core.reporting.deadLetters.list(operator, { limit: 50 });
  if (!page.ok) throw new Error(page.problem.detail);
  return page.value.data.filter((letter) => letter.kind === kind);
}

const retry = (letter: DeadLetterView | undefined): Promise<Answer> =>
  bench.core.intake.retryDeadLetter(operator, parseId('deadLetter', letter?.id as string) as string);

async function cashOf({ userId }: Caller): Promise<bigint | undefined> {
  const { rows } = await bench.pool.query<{ balance: bigint }>(
    "select balance::bigint from accounts where owner_id = $1 and purpose = 'cash'",
    [userId],
  );
  return rows[0]?.balance;
}

/** A user whose bonus has an id that an order of theirs has already. */
async function robbed(): Promise<{
  user: Caller;
  id: string;
  grant: () => Promise<Answer>;
  free: () => Promise<void>;
}> {
  const user = await bench.user({ money: '0' });
  const id = bench.core.installation.deriveId(commandName(`bonus/${user.userId}`));
  const deposit = { kind: 'deposit', params: { asset: 'USD', amount: '1.00' } };
  const taker = parseId('order', orderOf(await bench.core.intake.submit(user, deposit)).id);
  await bench.pool.query('update orders set id = $2 where id = $1', [taker, id]);
  const params = { user_id: `usr_${user.userId}`, asset: 'USD', amount: '7.00' };
  return {
    user,
    id,
    grant: () => bench.core.intake.submitInternal('grant_bonus', `bonus/${user.userId}`, params),
    free: async () => {
      await bench.pool.query('update orders set id = $1 where id = $2', [taker, id]);
    },
  };
}

const waiting = async (id: string) =>
  (await lettersOf('grant_bonus')).filter(({ order_id, retried_at }) => order_id === `ord_${id}` && !retried_at);

test('a command of the system’s own whose id is taken is one dead letter, and a retry completes it once the id is free', async () => {
  const { user, id, grant, free } = await robbed();
  for (let time = 0; time < 3; time += 1)
    expect(await grant()).toMatchObject({ ok: false, problem: { code: 'id_taken' } });
  const letters = await waiting(id);
  expect(letters).toMatchObject([
    { kind: 'grant_bonus', error: expect.stringMatching(/^Refused: id_taken: /), params: { amount: '7.00' } },
  ]);
  // Told once, and not among the events of the order whose id it is.
  const told = "select order_id from events where type = 'dead_letter_added' and subject = $1";
  expect((await bench.pool.query(told, [`ord_${id}`])).rows).toEqual([{ order_id: null }]);
  expect(await retry(letters[0])).toMatchObject({ problem: { code: 'id_taken' } });
  expect(await waiting(id)).toHaveLength(1);

  await free();
  expect(await retry(letters[0])).toMatchObject({ order: { status: 'completed' } });
  expect(await cashOf(user)).toBe(800n);
  expect(await waiting(id)).toEqual([]);
  expect(await retry(letters[0])).toMatchObject({ problem: { code: 'dead_letter_closed' } });
});

test('a letter whose command was decided meanwhile is closed by a retry, and nothing moves twice', async () => {
  const { user, id, grant, free } = await robbed();
  await grant();
  const [letter] = await waiting(id);
  await free();
  expect(await grant()).toMatchObject({ order: { status: 'completed' } });
  expect(await retry(letter)).toMatchObject({ ok: true, replayed: true });
  expect(await waiting(id)).toEqual([]);
  expect(await cashOf(user)).toBe(800n);
});

test('a command of the system’s own that its desk refuses is one dead letter, however often it is submitted', async () => {
  const order_id = `ord_${uuidv7()}`;
  for (let time = 0; time < 3; time += 1)
    expect(
      await bench.core.intake.submitInternal('send_withdrawal', `withdrawal/${order_id}/send`, { order_id }),
    ).toMatchObject({ ok: true, replayed: time > 0, order: { status: 'failed', reason: 'internal_error' } });
  expect(await lettersOf('send_withdrawal')).toMatchObject([
    { error: expect.stringMatching(/^Refused: not_found: /), params: { order_id }, retried_at: null },
  ]);
});

test('parameters of another shape are one dead letter, which no retry decides as they are', async () => {
  const loan_id = `loan_${uuidv7()}`;
  for (const number of ['one', 'one', '\u0000\ud800'])
    expect(
      await bench.core.intake.submitInternal('collect_installment', 'malformed', { loan_id, number }),
    ).toMatchObject({
      problem: { code: 'invalid_request' },
    });
  await bench.core.intake.submitInternal('collect_installment', 'unreadable', { loan_id, number: '\u0000\ud800' });
  const letters = await lettersOf('collect_installment');
  expect(letters.map(({ params }) => params['number'])).toEqual(['\ufffd\ufffd', 'one']);
  for (const letter of letters) expect(await retry(letter)).toMatchObject({ problem: { code: 'invalid_request' } });
  expect(await lettersOf('collect_installment')).toMatchObject([{ retried_at: null }, { retried_at: null }]);
});

test('a kind that does not exist is a dead letter', async () => {
  const answer = await bench.core.intake.submitInternal('grant_wishes' as 'grant_bonus', 'wish', {});
  expect(answer).toMatchObject({ problem: { code: 'invalid_request' } });
  expect(await lettersOf('grant_wishes')).toHaveLength(1);
  expect(await retry((await lettersOf('grant_wishes'))[0])).toMatchObject({ problem: { code: 'invalid_request' } });
});

test.each(['full', 'closed', 'foreign', 'unwritable'] as const)(
  'what only has to be submitted again is none: %s',
  async (outcome) => {
    const { pool, core } = bench;
    const pipeline = { ...core.pipeline, submit: () => outcome };
    const { deriveId } = core.installation;
    const intake = createIntake({ pipeline, pool, clock: systemClock, shardCount: 1, deriveId });
    const before = await lettersOf('grant_bonus');
    const params = { user_id: `usr_${operator.userId}`, asset: 'USD', amount: '1.00' };
    expect((await intake.submitInternal('grant_bonus', `again/${outcome}`, params)).ok).toBe(false);
    expect(await lettersOf('grant_bonus')).toEqual(before);
  },
);

test('the books are sound after all of it', () => expectSound(bench.pool));
