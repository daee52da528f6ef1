import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { systemClock } from '../../src/core/clock.ts';
import { formatId } from '../../src/core/ids.ts';
import { createPool } from '../../src/db/pool.ts';
import type { Command, Desk, Writer } from '../../src/desks/desk.ts';
import { createPaymentsDesk } from '../../src/desks/payments/index.ts';
import { createIntake } from '../../src/intake/create-intake.ts';
import type { Answer, Intake } from '../../src/intake/intake.ts';
import { createAccountIds, loadAssets } from '../../src/ledger/index.ts';
import { openInstallation } from '../../src/ops/installation.ts';
import { createLog } from '../../src/ops/log.ts';
import { createPipeline, type Pipeline } from '../../src/pipeline/pipeline.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { orderOf } from '../support/core.ts';

/** Breaks in the way that a deposit's amount asks for, until it is repaired. */
function sabotage(desk: Desk, broken: () => boolean): Desk {
  const amountOf = (command: Command): unknown => command.params['amount'];
  let writeNonsense = false;
  return {
    ...desk,
    decide(command, view) {
      if (broken() && amountOf(command) === '6.66') throw new TypeError('decide broke');
      const decision = desk.decide(command, view);
      if (broken() && amountOf(command) === '7.77' && decision.type === 'decide')
        return { ...decision, changes: ['break'] };
      if (broken() && amountOf(command) === '8.88') writeNonsense = true;
      if (broken() && amountOf(command) === '9.99' && decision.type === 'decide') {
        return {
          ...decision,
          entries: [...decision.entries, ...decision.entries.map((entry) => ({ ...entry, amount: -1n }))],
        };
      }
      return decision;
    },
    apply(rows, change, memory) {
      if (change === 'break') throw new TypeError('apply broke');
      desk.apply(rows, change, memory);
    },
    write(writer: Writer, rows) {
      desk.write(writer, rows);
      if (writeNonsense) writer.write({ name: 'sabotage', text: 'select 1 / $1::int' }, [0]);
      writeNonsense = false;
    },
  };
}

let database: TestDatabase;
let pool: ReturnType<typeof createPool>;
let pipeline: Pipeline;
let intake: Intake;
let broken = true;
const user: Caller = {
  userId: '01900000-0000-7000-8000-000000000001',
  actingFor: '01900000-0000-7000-8000-000000000001',
  role: 'operator',
  scopes: new Set(['orders:write', 'operate'] as const),
};

beforeAll(async () => {
  database = await createDatabase();
  pool = createPool(database.connection);
  const { deriveId } = await openInstallation(pool, { demo: false, shards: 1 });
  const assets = await loadAssets(pool, { code: 'USD', scale: 2 });
  const payments: unknown = createPaymentsDesk({ currency: assets.currency });
  const desks = [sabotage(payments as Desk, () => broken)];
  pipeline = createPipeline({
    connection: database.connection,
    desks,
    assets,
    accountIds: createAccountIds(deriveId),
    shards: [0],
    queueSizeMax: 10_000,
    log: createLog('silent'),
    committed: () => undefined,
    fenced: () => undefined,
  });
  await pipeline.start();
  intake = createIntake({ pipeline, pool, clock: systemClock, shardCount: 1, deriveId });
});
afterAll(async () => {
  await pipeline.drain();
  await pool.end();
  await database.drop();
});

const deposit = (amount: string): Promise<Answer> =>
  intake.submit(user, { kind: 'deposit', params: { asset: 'USD', amount } });
const balance = async (): Promise<bigint> => {
  const { rows } = await pool.query<{ balance: bigint }>("select balance::bigint from accounts where purpose = 'cash'");
  return rows[0]?.balance ?? 0n;
};

test.each([
  ['the decision throws', '6.66', /decide broke/],
  ['the change cannot be applied', '7.77', /apply broke/],
  ['the database refuses the write', '8.88', /division by zero/],
  ['the ledger refuses the posting', '9.99', /cannot move/],
])(
  'when %s, that command alone becomes a dead letter, and a retry completes it once it is repaired',
  async (_, amount, error) => {
    broken = true;
    const before = await balance();
    const answers = await Promise.all(Array.from({ length: 41 }, (_, i) => deposit(i === 20 ? amount : '1.00')));
    const orders = answers.map(orderOf);
    expect(orders.filter((order) => order.status === 'completed')).toHaveLength(40);
    expect(orders[20]).toMatchObject({ status: 'failed', reason: 'internal_error' });
    expect((await balance()) - before).toBe(4_000n);

    const { rows } = await pool.query(
      'select id, order_id, error, retried_at from dead_letters where retried_at is null',
    );
    expect(rows).toHaveLength(1);
    expect(formatId('order', rows[0].order_id)).toBe(orders[20]?.id);
    expect(rows[0].error).toMatch(error);
    const events = async () => {
      const found = await pool.query(
        `select type || case when opens_order then ' opens' else '' end as event from events where order_id = $1 order by seq`,
        [rows[0].order_id],
      );
      return found.rows.map((row) => row.event);
    };
    expect(await events()).toEqual(['dead_letter_added', 'order_processed opens']);

    broken = false;
    const retried = await Promise.all([
      intake.retryDeadLetter(user, rows[0].id),
      intake.retryDeadLetter(user, rows[0].id),
    ]);
    // The second finds the letter open and gets the first one's answer, or closed.
    const outcomes = retried.map((answer) => (answer.ok ? answer.order.status : answer.problem.code));
    expect(outcomes).toContain('completed');
    expect(outcomes.every((outcome) => outcome === 'completed' || outcome === 'dead_letter_closed')).toBe(true);
    expect((await balance()) - before).toBe(4_000n + BigInt(amount.replace('.', '')));
    // The order was known before the retry: it must not be listed twice.
    expect((await events()).filter((event) => event.endsWith('opens'))).toHaveLength(1);
    expect(await intake.retryDeadLetter(user, rows[0].id)).toMatchObject({
      ok: false,
      problem: { code: 'dead_letter_closed' },
    });
  },
);

test('a refused write among thousands that wait: it alone is set aside, each of the others acts once', async () => {
  broken = true;
  const before = await balance();
  const answers = await Promise.all(Array.from({ length: 2_400 }, (_, i) => deposit(i % 800 === 7 ? '8.88' : '1.00')));
  const statuses = answers.map((answer) => orderOf(answer).status);
  expect(statuses.filter((status) => status === 'failed')).toHaveLength(3);
  expect(statuses.filter((status) => status === 'completed')).toHaveLength(2_397);
  expect((await balance()) - before).toBe(239_700n);
  const { rows } = await pool.query(
    'select count(*)::int as gaps from generate_series(1, (select event_seq from shards)) n left join events e on e.seq = n where e.seq is null',
  );
  expect(rows).toEqual([{ gaps: 0 }]);
});

test('only operators retry', async () => {
  const stranger: Caller = { ...user, role: 'investor' };
  expect(await intake.retryDeadLetter(stranger, user.userId)).toMatchObject({
    ok: false,
    problem: { code: 'forbidden' },
  });
});
