import fc from 'fast-check';
import { expect, test } from 'vitest';
import { uuidOfName } from '../../src/core/ids.ts';
import { accountKey, cashOf, SYSTEM_OWNER } from '../../src/ledger/index.ts';
import { escrowOf, issuanceOf, loans, notesOf } from '../../src/desks/lending/rows.ts';
import { type BatchResult, MemoryLending } from './lending-driver.ts';
import { type ModelCommand, type ModelState, modelStep, newModel, SCALES, sum } from './lending-model.ts';
import { eventText, outcomeText, resolve, toCommand } from './lending-commands.ts';
import { faultsOf } from '../support/catalogue.ts';
import { existingUsers, history, makeWorld, START_MS, type StepBatch } from './lending-steps.ts';

const SEED = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);
const DAY_MS = 86_400_000;

test(`any history of commands leaves loans, money and events as the slow model has them (seed ${SEED})`, async () => {
  const reached = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(history, async (batches) => {
      for (const text of await replay(batches)) reached.set(text, (reached.get(text) ?? 0) + 1);
    }),
    { seed: SEED, numRuns: 400 },
  );
  // A generator that never gets anywhere would agree with any model.
  const outcomes = [
    'completed',
    'completed missed',
    'loan_not_found',
    'loan_fully_funded',
    'loan_closed',
    'own_loan',
    'exceeds_remaining',
  ];
  outcomes.push('insufficient_funds', 'not_borrower', 'loan_not_repaying', 'already_paid', 'not_due', 'earlier_unpaid');
  outcomes.push('refused invalid_amount /amount', 'refused id_taken /loan_id', 'refused invalid_request /borrower_id');
  outcomes.push(
    'loan open',
    'loan repaying',
    'loan late',
    'loan repaid',
    'loan defaulted',
    'loan expired',
    'loan closed',
    'loan_current',
  );
  outcomes.push('loan_not_defaulted', 'same_account', 'recovered', 'cured');
  expect(outcomes.filter((outcome) => !reached.has(outcome))).toEqual([]);
});

/** Runs one history through desk and model, comparing after each batch; returns what kinds of outcome it reached. */
async function replay(batches: readonly StepBatch[]): Promise<string[]> {
  const world = makeWorld('memory');
  const model = newModel(existingUsers(world));
  const memory = new MemoryLending(existingUsers(world));
  const reached: string[] = [];
  let at = START_MS;
  for (const [b, { days, steps }] of batches.entries()) {
    at += days * DAY_MS;
    const before = structuredClone(model.loans);
    const commands = steps.map((step, i) => resolve(step, world, model, at, uuidOfName(`${b}/${i}`)));
    const result = await memory.run(commands.map((command) => toCommand(command, at)));
    model.events = [];
    const expected = commands.map((command) => modelStep(model, command, at));
    expect(result.outcomes.map((outcome, i) => decisionText(outcome, commands[i]!, model))).toEqual(expected);
    compareEvents(result, model, before);
    compareState(memory, model);
    reached.push(
      ...expected.map((text) => text.replace(/ \d+$/, '')),
      ...model.events.map((text) => text.split(' ')[0]!),
      ...afterDefault(model, before, commands, expected),
    );
  }
  return [...reached, ...Object.values(model.loans).map(({ status }) => `loan ${status}`)];
}

/** What brought a loan back: the ways out of a default are to be walked, not only allowed. */
function afterDefault(
  model: ModelState,
  before: ModelState['loans'],
  commands: readonly ModelCommand[],
  outcomes: readonly string[],
): string[] {
  const recovered = commands.some(({ op }, i) => op === 'recover' && outcomes[i] === 'completed') ? ['recovered'] : [];
  const cured = Object.keys(before).some(
    (id) => before[id]!.status === 'defaulted' && model.loans[id]!.status === 'repaying',
  );
  return cured ? [...recovered, 'cured'] : recovered;
}

function decisionText(outcome: BatchResult['outcomes'][number], command: ModelCommand, model: ModelState): string {
  if (outcome === 'moved') return 'completed';
  if (outcome.type === 'refuse') return `refused ${outcome.code} ${outcome.pointer}`;
  return outcomeText(outcome, command, model);
}

function compareEvents({ events }: BatchResult, model: ModelState, before: ModelState['loans']): void {
  for (const { type, data } of events) expect([type, faultsOf(type, data)]).toEqual([type, []]);
  const progress = events.filter((event) => event.type === 'loan_progress');
  const others = events.flatMap((event) => eventText(event, model) ?? []);
  expect(others.toSorted()).toEqual(model.events.toSorted());
  expect(progress.length + others.length).toBe(events.length);
  const stakesOf = (loans: ModelState['loans'], id: string): bigint => sum(Object.values(loans[id]?.stakes ?? {}));
  const moved = Object.keys(model.loans).filter((id) => stakesOf(model.loans, id) !== stakesOf(before, id));
  expect(progress.map(({ subject }) => subject.slice(5)).toSorted()).toEqual(moved.toSorted());
  for (const event of progress) {
    const { subject, data } = event;
    const loan = model.loans[subject.slice(5)]!;
    expect([data.status, data.investors]).toEqual([loan.status, Object.keys(loan.stakes).length]);
  }
}

function compareState({ ledger, tables }: MemoryLending, model: ModelState): void {
  const expected = new Map<string, bigint>();
  const statuses = new Map(tables.rows(loans).map(({ id, status }) => [id, status]));
  for (const user of model.users)
    for (const code of Object.keys(SCALES)) expected.set(cashOf(user, code).name, model.cash[`${user}/${code}`] ?? 0n);
  for (const [code, fee] of Object.entries(model.fees)) expected.set(accountKey(SYSTEM_OWNER, 'fees', code).name, fee);
  for (const [id, loan] of Object.entries(model.loans)) {
    expected.set(escrowOf(id, loan.asset).name, loan.status === 'open' ? sum(Object.values(loan.stakes)) : 0n);
    expected.set(issuanceOf(id).name, -sum(Object.values(loan.notes)));
    for (const [user, notes] of Object.entries(loan.notes)) expected.set(notesOf(id, user).name, notes);
    expect(statuses.get(id)).toBe(loan.status);
    const unpaid = loan.schedule.reduce(
      (total, { state, principal }) => (state === 'paid' ? total : total + principal),
      0n,
    );
    expect(sum(Object.values(loan.notes))).toBe(unpaid);
  }
  expect(statuses.size).toBe(Object.keys(model.loans).length);
  const sums: Record<string, bigint> = {};
  for (const [id, { key, balance }] of ledger.balances) {
    sums[key.asset] = (sums[key.asset] ?? 0n) + balance;
    if (key.purpose !== 'outside') expect([key.purpose, balance]).toEqual([key.purpose, expected.get(id)]);
  }
  for (const [id, balance] of expected) expect(ledger.balances.get(id)?.balance ?? 0n).toBe(balance);
  expect(Object.values(sums).every((total) => total === 0n)).toBe(true);
}
