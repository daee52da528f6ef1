import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { uuidOfName, uuidv7 } from '../../src/core/ids.ts';
import { createPool } from '../../src/db/pool.ts';
import type { Command, Desk } from '../../src/desks/desk.ts';
import { createLendingDesk, LENDING } from '../../src/desks/lending/index.ts';
import { escrowOf, notesOf } from '../../src/desks/lending/rows.ts';
import { LOAN_LIMITS_DEFAULT } from '../../src/desks/lending/settings.ts';
import { cashOf, loadAssets, outside } from '../../src/ledger/index.ts';
import { createLog } from '../../src/ops/log.ts';
import type { Outcome } from '../../src/pipeline/batch.ts';
import { createPipeline, type Pipeline } from '../../src/pipeline/pipeline.ts';
import { assets, movement } from '../property/lending-driver.ts';
import { type ModelCommand, type ModelState, modelStep, newModel, SCALES, sum } from '../property/lending-model.ts';
import { eventText, outcomeText, resolve, toCommand } from '../property/lending-commands.ts';
import { existingUsers, history, makeWorld, START_MS, type StepBatch } from '../property/lending-steps.ts';
import { accountIds, writeInstallation } from '../support/account-ids.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { createShards } from '../support/events.ts';
import { expectSound } from '../support/ledger.ts';

const SEED = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);
const DAY_MS = 86_400_000;

/** Moves money in and out, in the place of the payments desk, whose rules are not the matter here. */
const moneyDesk: Desk = {
  name: 'money',
  kinds: ['deposit', 'withdraw'],
  load: (_loader, commands) => {
    const accounts = commands.flatMap(({ userId, params }) => [
      cashOf(userId!, params['asset'] as string),
      outside(params['asset'] as string),
    ]);
    return Promise.resolve({ rows: undefined, accounts, holds: [], orders: [] });
  },
  decide: (command, view) => ({
    type: 'decide',
    status: 'completed',
    reason: null,
    result: {},
    entries: movement(command, view.ledger),
    changes: [],
    events: [],
    orders: [],
  }),
  apply: () => undefined,
  summarize: () => [],
  write: () => undefined,
};
const lendingDesk = createLendingDesk({
  currency: assets.currency,
  // Extreme rates try the arithmetic hardest; the limit has tests of its own.
  loanLimits: { ...LOAN_LIMITS_DEFAULT, rateMax: '999' },
});

let database: TestDatabase;
let pool: pg.Pool;
let pipeline: Pipeline;
beforeAll(async () => {
  database = await createDatabase();
  pool = createPool(database.connection);
  await loadAssets(pool, assets.get('JPY')!);
  pipeline = createPipeline({
    connection: database.connection,
    desks: [lendingDesk, moneyDesk] as Desk[],
    assets: await loadAssets(pool, assets.currency),
    accountIds,
    shards: [0],
    queueSizeMax: 1_000,
    log: createLog('silent'),
    committed: () => undefined,
    fenced: () => undefined,
  });
  await writeInstallation(pool);
  await createShards(pool, [0]);
  await pipeline.start();
});
afterAll(async () => {
  await pipeline.drain();
  await pool.end();
  await database.drop();
});

test(`histories through the real pipeline and database end as the slow model has them (seed ${SEED})`, async () => {
  await fc.assert(fc.asyncProperty(history, replay), { seed: SEED, numRuns: 25, endOnFailure: true });
  await expectSound(pool, [LENDING]);
});

async function replay(batches: readonly StepBatch[]): Promise<void> {
  const run = uuidv7();
  const world = makeWorld(run);
  const model = newModel(existingUsers(world));
  for (const id of model.users) {
    await pool.query(
      "insert into users (id, email, email_key, name, role, created_at) values ($1, $2, $2, 'Test', 'investor', now())",
      [id, `${id}@test`],
    );
  }
  let at = START_MS;
  for (const [b, { days, steps }] of batches.entries()) {
    at += days * DAY_MS;
    const { rows } = await pool.query<{ seq: bigint }>('select event_seq as seq from shards where id = 0');
    const commands = steps.map((step, i) => resolve(step, world, model, at, uuidOfName(`${run}/${b}/${i}`)));
    const sent = commands.map((command) => toCommand(command, at));
    const outcomes = await Promise.all(sent.map(submit));
    model.events = [];
    // A command of the system's own that is refused is a dead letter, and its order failed.
    const expected = commands.map((command, i) => {
      const text = modelStep(model, command, at);
      return sent[i]!.userId === null && text.startsWith('refused ') ? 'internal_error' : text;
    });
    expect(outcomes.map((outcome, i) => textOf(outcome, commands[i]!, model))).toEqual(expected);
    await compareEvents(rows[0]!.seq, model);
    await compareState(model);
  }
}

function submit(command: Command): Promise<Outcome> {
  const outcome = pipeline.submit(command);
  if (typeof outcome === 'string') throw new Error(outcome);
  return outcome;
}

function textOf(outcome: Outcome, command: ModelCommand, model: ModelState): string {
  if (outcome.type === 'problem') return `refused ${outcome.problem.code} ${outcome.problem.errors?.[0]?.pointer}`;
  return outcomeText(outcome.order, command, model);
}

async function compareEvents(after: bigint, model: ModelState): Promise<void> {
  const { rows } = await pool.query('select type, user_id as "userId", data from events where seq > $1', [after]);
  expect(rows.flatMap((event) => eventText(event, model) ?? []).toSorted()).toEqual(model.events.toSorted());
}

async function compareState(model: ModelState): Promise<void> {
  const expected = new Map<string, bigint>();
  for (const user of model.users)
    for (const code of Object.keys(SCALES))
      expected.set(accountIds(cashOf(user, code)), model.cash[`${user}/${code}`] ?? 0n);
  for (const [id, loan] of Object.entries(model.loans)) {
    expected.set(accountIds(escrowOf(id, loan.asset)), loan.status === 'open' ? sum(Object.values(loan.stakes)) : 0n);
    for (const [user, notes] of Object.entries(loan.notes)) expected.set(accountIds(notesOf(id, user)), notes);
  }
  const accounts = await pool.query<{ id: string; balance: bigint }>(
    'select id, balance::bigint from accounts where id = any($1::uuid[])',
    [[...expected.keys()]],
  );
  const found = new Map(accounts.rows.map(({ id, balance }) => [id, balance]));
  expect([...expected].map(([id]) => [id, found.get(id) ?? 0n])).toEqual([...expected]);
  const loans = await pool.query<{ id: string; status: string }>(
    'select id, status from loans where id = any($1::uuid[]) order by id',
    [Object.keys(model.loans)],
  );
  expect(loans.rows).toEqual(
    Object.entries(model.loans)
      .map(([id, { status }]) => ({ id, status }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
}
