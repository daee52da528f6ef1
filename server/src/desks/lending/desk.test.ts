import { describe, expect, test } from 'vitest';
import { type Ask, createWorld, type DeskWorld, USD } from '../../../test/support/desk-world.ts';
import { uuidOfName } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import { BALANCE_MINOR_MAX } from '../../core/money.ts';
import { cashOf } from '../../ledger/index.ts';
import type { Outcome } from '../../pipeline/batch.ts';
import { servicingFee } from './decide/payment.ts';
import { createLendingDesk } from './desk.ts';
import { escrowOf, type LoanRow, loans, stakes } from './rows.ts';
import { INVESTORS_MAX, lendingSettings } from './settings.ts';

const AT = Date.UTC(2026, 5, 1);
const LOAN = uuidOfName('loan');
const BORROWER = uuidOfName('borrower');
const ANNA = uuidOfName('anna');

function loanOf(changes: Partial<LoanRow> = {}): LoanRow {
  return {
    id: LOAN,
    borrowerId: BORROWER,
    purpose: 'Roof',
    asset: 'USD',
    scale: 2,
    amount: 100_000n,
    apr: '0.12',
    termMonths: 12,
    grade: 'B',
    fundingDeadline: AT + 1,
    createdAt: 0,
    status: 'open',
    funded: 0n,
    investorCount: 0,
    fundedAt: null,
    nextNumber: null,
    nextDue: null,
    collectOn: null,
    askedOn: null,
    ...changes,
  };
}

/** A world with that loan, whose escrow holds what the stakes say; Anna has the cash. */
function worldOf(loan?: LoanRow, invested: readonly [string, bigint][] = [], cash = 10n ** 9n): DeskWorld {
  const world = createWorld(createLendingDesk({ currency: USD }), { users: [BORROWER] });
  if (loan) world.put(loans, loan);
  for (const [index, [userId, amount]] of invested.entries()) {
    world.put(stakes, { loanId: LOAN, userId, amount, number: index + 1 });
    world.fill(escrowOf(LOAN, 'USD'), amount);
  }
  if (cash > 0n) world.give(ANNA, cash);
  return world;
}

const fund = (amount: string | number, userId = ANNA, more: JsonObject = {}): Ask => ({
  kind: 'fund_loan',
  params: { loan_id: `loan_${LOAN}`, amount, ...more },
  userId,
  at: AT,
});

function verdict(outcome: Outcome): string {
  if (outcome.type === 'order') return outcome.order.reason ?? outcome.order.status;
  return `${outcome.problem.code} ${outcome.problem.errors?.[0]?.pointer}`;
}

describe('an investment is turned down for the first reason that applies', () => {
  const others = Array.from({ length: INVESTORS_MAX }, (_, i): [string, bigint] => [uuidOfName(`investor/${i}`), 1n]);
  const full = { status: 'repaid', funded: 100_000n } as const;
  test.each<[name: string, loan: Partial<LoanRow> | undefined, ask: Ask, expected: string]>([
    ['malformed amount of an unknown loan', undefined, fund('1.001', BORROWER), 'invalid_amount /amount'],
    ['malformed amount of a full loan', full, fund('0', BORROWER), 'invalid_amount /amount'],
    ['unknown loan', undefined, fund('1', BORROWER), 'loan_not_found'],
    [
      'full loan past its deadline, by its borrower',
      { ...full, fundingDeadline: AT },
      fund('9999', BORROWER),
      'loan_fully_funded',
    ],
    ['deadline at this moment, by the borrower', { fundingDeadline: AT }, fund('9999', BORROWER), 'loan_closed'],
    ['expired loan', { status: 'expired' }, fund('9999', BORROWER), 'loan_closed'],
    ['more than is open, by the borrower', {}, fund('1000.01', BORROWER), 'own_loan'],
    [
      'more than is open, by one investor too many',
      { investorCount: INVESTORS_MAX },
      fund('1000.01'),
      'exceeds_remaining',
    ],
    ['one investor too many without money', { investorCount: INVESTORS_MAX }, fund('1'), 'investor_limit'],
    ['no money', {}, fund('1'), 'insufficient_funds'],
    ['no money for what is left', { funded: 99_999n }, fund('5', ANNA, { allow_partial: true }), 'insufficient_funds'],
  ])('%s', async (_name, loan, ask, expected) => {
    expect(verdict(await worldOf(loan && loanOf(loan), others, 0n).one(ask))).toBe(expected);
  });

  test('a loan with as many investors as it can have still takes money from them', async () => {
    const [known] = others[0] as [string, bigint];
    const world = worldOf(loanOf({ investorCount: INVESTORS_MAX, funded: 5_000n }), others);
    world.give(known, 100n);
    expect(verdict(await world.one(fund('1', known)))).toBe('completed');
  });

  test('the last unit is refused where the borrower’s account could not take the payout', async () => {
    const world = worldOf(loanOf({ funded: 99_900n, investorCount: 1 }), [[ANNA, 99_900n]]);
    world.give(BORROWER, BALANCE_MINOR_MAX - 99_999n);
    expect(verdict(await world.one(fund('1')))).toBe('balance_limit');
  });

  test('a partial investment accepts what is left and says how much', async () => {
    const world = worldOf(loanOf({ funded: 99_000n, investorCount: 1 }), [[ANNA, 99_000n]]);
    expect(await world.one(fund('10.01'))).toMatchObject({
      order: { reason: 'exceeds_remaining', result: { remaining: '10.00' } },
    });
    expect(await world.one(fund(25, ANNA, { allow_partial: true }))).toMatchObject({
      order: { result: { accepted_amount: '10.00', asset: 'USD' } },
    });
  });
});

test('what tells a user of money says in which asset', async () => {
  const world = worldOf(loanOf({ funded: 99_900n, investorCount: 1 }), [[ANNA, 99_900n]]);
  await world.one(fund('1'));
  const own = world.events.filter(({ userId, type }) => userId !== null && type !== 'order_processed');
  expect(own).toMatchObject([
    { type: 'loan_disbursed', data: { asset: 'USD', amount: '1000.00' } },
    { type: 'notes_issued', data: { asset: 'USD', amount: '1000.00' } },
  ]);
});

test('a batch of many investments in one loan makes one loan_progress, with the newest twenty under aliases', async () => {
  const world = worldOf(loanOf());
  const investors = Array.from({ length: 7 }, (_, i) => uuidOfName(`investor/${i}`));
  for (const investor of investors) world.give(investor, 100_000n);
  await world.submit(Array.from({ length: 30 }, (_, i) => fund(`${i + 1}.00`, investors[(i + 1) % 7])));
  const events = world.events.filter(({ type }) => type === 'loan_progress');
  expect(events).toHaveLength(1);
  expect(events[0]?.data).toMatchObject({ status: 'open', funded: '465.00', remaining: '535.00', investors: 7 });
  const newest = Array.from({ length: 20 }, (_, i) => i + 11);
  // The first investment was investor/1's, so that investor/n is Investor n, and investor/0 the seventh.
  const fundings = newest.map((i) => ({
    at: new Date(AT).toISOString(),
    amount: `${i}.00`,
    alias: `Investor ${i % 7 === 0 ? 7 : i % 7}`,
  }));
  expect(events[0]).toMatchObject({ data: { fundings } });
});

test('creating with a purpose that the database cannot hold, or less than a unit a month, is refused', async () => {
  const params = {
    borrower_id: `usr_${BORROWER}`,
    purpose: 'Roof',
    amount: '0.12',
    apr: '0',
    term_months: 12,
    grade: 'B',
    funding_deadline: '2026-07-01T00:00:00Z',
  };
  // In the name of a user: what a command of the system's own asks in vain is a dead letter.
  const outcome = async (changes: JsonObject): Promise<string> =>
    verdict(await worldOf().one({ kind: 'create_loan', params: { ...params, ...changes }, userId: ANNA, at: AT }));
  expect(await outcome({})).toBe('completed');
  expect(await outcome({ purpose: 'Ro\u0000of' })).toBe('invalid_request /purpose');
  expect(await outcome({ amount: '0.11' })).toBe('invalid_amount /amount');
  expect(await outcome({ funding_deadline: '2026-12-31T23:59:60Z' })).toBe('invalid_request /funding_deadline');
  expect(await outcome({ asset: `loan:${LOAN}` })).toBe('invalid_request /asset');
});

describe('the servicing fee', () => {
  const settings = lendingSettings({ currency: USD });
  test.each([
    [8_785n, 100n, 89n],
    [8_749n, 100n, 88n],
    [8_796n, 88n, 88n],
    [50n, 0n, 0n],
    [0n, 49n, 0n],
    [0n, 50n, 1n],
  ])(
    'of principal %s and interest %s is %s: a hundredth, half up, at most the interest',
    (principal, interest, fee) => {
      expect(servicingFee({ principal, interest }, settings)).toBe(fee);
    },
  );

  test('settings that make no sense are refused at the start', () => {
    expect(() => lendingSettings({ currency: USD, servicingFeeRate: '1.01' })).toThrow(RangeError);
    expect(() => lendingSettings({ currency: USD, servicingFeeRate: '-0.01' })).toThrow(RangeError);
    expect(() => lendingSettings({ currency: USD, defaultAfterDays: 0 })).toThrow(RangeError);
  });
});

describe('what a batch reads', () => {
  const world = worldOf(loanOf({ funded: 90_000n, investorCount: 4_000 }));

  test('is only the batch’s own stakes while the loan cannot complete', async () => {
    // Neither what is more than is open nor what is malformed can bring it nearer to its end.
    const asks = [fund('40.00'), fund('59.99'), fund('5000'), fund('0.001')];
    const { statements, accounts, early } = await world.read(asks);
    expect(statements).toEqual(['loans_by_id_locked', 'loan_stakes_by_loan_id_and_user_id']);
    expect(new Set(accounts.map(({ name }) => name))).toEqual(
      new Set([cashOf(ANNA, 'USD').name, escrowOf(LOAN, 'USD').name]),
    );
    expect(new Set(early)).toEqual(new Set(accounts));
  });

  test.each([[[fund('40.00'), fund('60.00')]], [[fund('5000', ANNA, { allow_partial: true })]]])(
    'is every stake as soon as it may complete',
    async (asks) => {
      const { statements, accounts } = await world.read(asks);
      expect(statements).toContain('loan_stakes_by_loan_id');
      expect(accounts.map(({ purpose }) => purpose)).toEqual(
        expect.arrayContaining(['cash', 'escrow', 'issuance', 'notes']),
      );
    },
  );
});
