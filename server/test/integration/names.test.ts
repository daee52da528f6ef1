import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { uuidv7 } from '../../src/core/ids.ts';
import { createAuditQueries } from '../../src/reporting/audit-log.ts';
import { createLedgerQueries } from '../../src/reporting/ledger-explorer.ts';
import { orderOf } from '../support/core.ts';
import { openLoan } from '../support/ledger.ts';
import { type LendingWorld, startLendingWorld } from '../support/lending-world.ts';

let here: LendingWorld;
let anna: Caller;
let bob: Caller;
let operator: Caller;
let loan: string;
const nameOf = new Map<string, string>();

beforeAll(async () => {
  here = await startLendingWorld();
  anna = await here.user({ money: '500.00' });
  bob = await here.user({ money: '0' });
  operator = await here.user({ role: 'operator' });
  loan = await openLoan(here, bob, '100.00');
  const { rows } = await here.pool.query<{ id: string; name: string }>(
    "select 'usr_' || id as id, name from users union all select 'loan_' || id, purpose from loans",
  );
  for (const { id, name } of rows) nameOf.set(id, name);
  await here.fund(anna, loan, '100.00');
  for (const amount of ['5.00', '9999.00']) {
    const params = { to_user: `usr_${bob.userId}`, asset: 'USD', amount };
    orderOf(await here.core.intake.submit(anna, { kind: 'transfer', params }));
  }
});
afterAll(() => here.stop());

const named = (...ids: string[]) => Object.fromEntries(ids.map((id) => [id, nameOf.get(id)]));

test('orders say what the loans and receivers in them are called, and no name to an order that moved nothing', async () => {
  const { orders } = here.core.reporting;
  const page = await orders.list(anna, { limit: 10 });
  if (!page.ok) throw new Error(page.problem.detail);
  const found = page.value.data.map(({ kind, status, names }) => ({ kind, status, names: names ?? {} }));
  expect(found).toEqual([
    { kind: 'transfer', status: 'rejected', names: {} },
    { kind: 'transfer', status: 'completed', names: named(`usr_${bob.userId}`) },
    { kind: 'fund_loan', status: 'completed', names: named(loan) },
    { kind: 'deposit', status: 'completed', names: {} },
  ]);
  expect(nameOf.get(loan)).toBeTruthy();
  const funding = page.value.data[2];
  expect(await orders.get(anna, (funding?.id ?? '').slice(4))).toEqual(funding);
});

test('a payment says what the merchant is called', async () => {
  await here.pool.query("insert into merchants (handle, name, created_at) values ('acme', 'Acme Ltd', now())");
  const params = { merchant: 'Acme', item: 'nails', quantity: 1, price: '2.00' };
  orderOf(await here.core.intake.submit(bob, { kind: 'pay', params }));
  const page = await here.core.reporting.orders.list(bob, { limit: 1 });
  expect(page.ok && page.value.data[0]).toMatchObject({
    kind: 'pay',
    status: 'completed',
    names: { acme: 'Acme Ltd' },
  });
  const told = await here.core.reporting.events.newest(bob, { limit: 10 });
  const final = told.ok && told.value.data.find(({ type }) => type === 'payment_finalized');
  expect(final).toMatchObject({ names: { acme: 'Acme Ltd' } });
});

test('operators see the names of all whom an order is about', async () => {
  const page = await here.core.reporting.orders.list(operator, { limit: 10, everybody: true, kind: 'transfer' });
  if (!page.ok) throw new Error(page.problem.detail);
  const both = named(`usr_${anna.userId}`, `usr_${bob.userId}`);
  expect(page.value.data.map(({ names }) => names)).toEqual([both, both]);
});

test('one’s own events name the loans that they are about', async () => {
  const page = await here.core.reporting.events.newest(anna, { limit: 50 });
  if (!page.ok) throw new Error(page.problem.detail);
  const about = (type: string) => page.value.data.filter((event) => event.type === type).map(({ names }) => names);
  expect(about('notes_issued')).toEqual([named(loan)]);
  expect(about('order_processed')).toContainEqual(named(loan));
});

test('accounts, dead letters and the audit log name owners, users and subjects', async () => {
  const ledger = createLedgerQueries({ pool: here.pool });
  const accounts = await ledger.accounts({ owner: `usr_${anna.userId}`, limit: 10 });
  if (!accounts.ok) throw new Error(accounts.problem.detail);
  const own = `usr_${anna.userId}`;
  expect(accounts.value.data.map(({ purpose, names }) => ({ purpose, names }))).toEqual([
    { purpose: 'cash', names: named(own) },
    { purpose: 'notes', names: named(own, loan) },
  ]);
  const balance = await ledger.trialBalance();
  expect(balance.ok && balance.value.names).toEqual(named(loan));

  await here.pool.query(
    `insert into dead_letters (id, order_id, kind, command, error, created_at)
     values ($1, $2, 'fund_loan', json_build_object('userId', $3::text, 'params', json_build_object('loan_id', $4::text)), 'x', now())`,
    [uuidv7(), uuidv7(), anna.userId, loan],
  );
  const letters = await here.core.reporting.deadLetters.list(operator, { limit: 1 });
  expect(letters.ok && letters.value.data[0]?.names).toEqual(named(own, loan));

  await here.pool.query(
    `insert into audit_log (id, at, act, subject, outcome) values ($1, now(), 'closeLoan', $2, 'done')`,
    [uuidv7(), loan],
  );
  const log = await createAuditQueries({ pool: here.pool }).list({ limit: 1 });
  expect(log.ok && log.value.data[0]).toMatchObject({ subject: loan, names: named(loan) });
});
