import { describe, expect, test } from 'vitest';
import { uuidOfName } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import { type AccountKey, cashOf, escrowOf, type LedgerView } from '../../ledger/index.ts';
import type { Command, Decision, Loader } from '../desk.ts';
import { applyLending, summarizeLending } from './apply.ts';
import { servicingFee } from './decide/payment.ts';
import { createLendingDesk } from './desk.ts';
import type { LendingChange, LendingRows, LoanRow } from './rows.ts';
import { INVESTORS_MAX, lendingSettings } from './settings.ts';

const USD = { code: 'USD', scale: 2 };
const AT = Date.UTC(2026, 5, 1);
const LOAN = uuidOfName('loan');
const BORROWER = uuidOfName('borrower');
const ANNA = uuidOfName('anna');
const desk = createLendingDesk({ currency: USD });

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

function rowsOf(loan: LoanRow | undefined, stakes: [string, bigint][] = []): LendingRows {
  return {
    users: new Set([BORROWER]),
    loans: new Map(loan ? [[loan.id, loan]] : []),
    stakes: new Map([[LOAN, new Map(stakes)]]),
    wholeStakes: new Set([LOAN]),
    installments: new Map(),
    holders: new Map(),
    investorNumbers: new Map([[LOAN, new Map(stakes.map(([userId], index) => [userId, index + 1]))]]),
    fundings: new Map(),
    dirty: {
      newLoans: new Set(),
      loans: new Set(),
      newStakes: new Map(),
      stakes: new Map(),
      schedules: new Set(),
      installments: new Map(),
    },
  };
}

function ledgerOf(available: bigint, roomForCredit = true): LedgerView {
  return {
    available: () => available,
    balance: () => available,
    hold: () => undefined,
    canCredit: () => roomForCredit,
  };
}

const commandOf = (kind: string, params: JsonObject, userId: string | null = ANNA): Command => ({
  id: uuidOfName('command'),
  kind,
  userId,
  actorId: null,
  params,
  at: AT,
  shard: 0,
  idMayExist: false,
  fingerprint: null,
  key: null,
  retryOf: null,
});
const fund = (amount: string | number, userId = ANNA, more: JsonObject = {}): Command =>
  commandOf('fund_loan', { loan_id: `loan_${LOAN}`, amount, ...more }, userId);

function decide(command: Command, rows: LendingRows, ledger = ledgerOf(10n ** 9n)): Decision<LendingChange> {
  const assets = { currency: USD, get: (code: string) => (code === 'USD' ? USD : undefined) };
  return desk.decide(command, { rows, memory: undefined, ledger, assets, order: () => undefined });
}

const verdict = (decision: Decision<LendingChange>): string =>
  decision.type === 'refuse' ? `${decision.code} ${decision.pointer}` : (decision.reason ?? decision.status);

describe('an investment is turned down for the first reason that applies', () => {
  const poor = ledgerOf(0n);
  const others = Array.from({ length: INVESTORS_MAX }, (_, i): [string, bigint] => [uuidOfName(`investor/${i}`), 1n]);
  const full = { status: 'repaid', funded: 100_000n } as const;
  test.each<[name: string, loan: Partial<LoanRow> | undefined, command: Command, expected: string]>([
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
  ])('%s', (_name, loan, command, expected) => {
    expect(verdict(decide(command, rowsOf(loan && loanOf(loan), others), poor))).toBe(expected);
  });

  test('a loan with as many investors as it can have still takes money from them', () => {
    const [known] = others[0] as [string, bigint];
    const rows = rowsOf(loanOf({ investorCount: INVESTORS_MAX, funded: 5_000n }), others);
    expect(verdict(decide(fund('1', known), rows))).toBe('completed');
  });

  test('the last unit is refused where the borrower’s account could not take the payout', () => {
    const rows = rowsOf(loanOf({ funded: 99_900n, investorCount: 1 }), [[ANNA, 99_900n]]);
    expect(verdict(decide(fund('1'), rows, ledgerOf(10n ** 9n, false)))).toBe('balance_limit');
  });

  test('a partial investment accepts what is left and says how much', () => {
    const rows = rowsOf(loanOf({ funded: 99_000n, investorCount: 1 }), [[ANNA, 99_000n]]);
    expect(decide(fund(25, ANNA, { allow_partial: true }), rows)).toMatchObject({
      result: { accepted_amount: '10.00', asset: 'USD' },
    });
    expect(decide(fund('10.01'), rows)).toMatchObject({ reason: 'exceeds_remaining', result: { remaining: '10.00' } });
  });
});

test('what tells somebody of money says in which asset', () => {
  const rows = rowsOf(loanOf({ funded: 99_900n, investorCount: 1 }), [[ANNA, 99_900n]]);
  const decision = decide(fund('1'), rows);
  const own = decision.type === 'decide' ? decision.events.filter(({ userId }) => userId !== null) : [];
  expect(own).toMatchObject([
    { type: 'loan_disbursed', data: { asset: 'USD', amount: '1000.00' } },
    { type: 'notes_issued', data: { asset: 'USD', amount: '1000.00' } },
  ]);
});

test('a batch of many investments in one loan makes one loan_progress, with the newest twenty under aliases', () => {
  const rows = rowsOf(loanOf());
  for (let i = 1; i <= 30; i += 1) {
    const decision = decide(fund(`${i}.00`, uuidOfName(`investor/${i % 7}`)), rows);
    if (decision.type === 'decide') for (const change of decision.changes) applyLending(rows, change);
  }
  const events = summarizeLending(rows);
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

test('creating with a purpose that the database cannot hold, or less than a unit a month, is refused', () => {
  const params = {
    borrower_id: `usr_${BORROWER}`,
    purpose: 'Roof',
    amount: '0.12',
    apr: '0',
    term_months: 12,
    grade: 'B',
    funding_deadline: '2026-07-01T00:00:00Z',
  };
  const outcome = (changes: JsonObject): string =>
    verdict(decide(commandOf('create_loan', { ...params, ...changes }, null), rowsOf(undefined)));
  expect(outcome({})).toBe('completed');
  expect(outcome({ purpose: 'Ro\u0000of' })).toBe('invalid_request /purpose');
  expect(outcome({ amount: '0.11' })).toBe('invalid_amount /amount');
  expect(outcome({ funding_deadline: '2026-12-31T23:59:60Z' })).toBe('invalid_request /funding_deadline');
  expect(outcome({ asset: `loan:${LOAN}` })).toBe('invalid_request /asset');
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
  const record = {
    id: LOAN,
    borrower_id: BORROWER,
    asset: 'USD',
    scale: 2,
    amount: 100_000n,
    status: 'open',
    funded: 90_000n,
    investor_count: 4_000,
    funding_deadline: new Date(AT + 1),
    created_at: new Date(0),
    funded_at: null,
  };
  async function load(commands: Command[]) {
    const statements: string[] = [];
    const early: AccountKey[] = [];
    const loader: Loader = {
      forUpdate: ' for update',
      lockEarly: (named) => void early.push(...named),
      select<Row>(statement: { name: string }): Promise<Row[]> {
        statements.push(statement.name);
        return Promise.resolve((statement.name === 'lending_select_loans' ? [record] : []) as Row[]);
      },
    };
    const { accounts } = await desk.load(loader, commands, AT, undefined);
    return { statements, accounts, early };
  }

  test('is only the batch’s own stakes while the loan cannot complete', async () => {
    // Neither what is more than is open nor what is malformed can bring it nearer to its end.
    const { statements, accounts, early } = await load([fund('40.00'), fund('59.99'), fund('5000'), fund('0.001')]);
    expect(statements).toEqual(['lending_select_loans', 'lending_select_stakes']);
    expect(new Set(accounts.map(({ name }) => name))).toEqual(
      new Set([cashOf(ANNA, 'USD').name, escrowOf(LOAN, 'USD').name]),
    );
    expect(new Set(early)).toEqual(new Set(accounts));
  });

  test.each([[[fund('40.00'), fund('60.00')]], [[fund('5000', ANNA, { allow_partial: true })]]])(
    'is every stake as soon as it may complete',
    async (commands) => {
      const { statements, accounts } = await load(commands);
      expect(statements).toContain('lending_select_whole_stakes');
      expect(accounts.map(({ purpose }) => purpose)).toEqual(
        expect.arrayContaining(['cash', 'escrow', 'issuance', 'notes']),
      );
    },
  );
});
