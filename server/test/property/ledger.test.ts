import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AccountKey,
  accountKey,
  type LedgerEntry,
  LedgerFault,
  LedgerWorkingSet,
} from '../../src/ledger/index.ts';

const OWNERS = ['a', 'b', 'c'].map((letter) => `${letter.repeat(8)}-0000-7000-8000-000000000000`);
const WORLD = accountKey('00000000-0000-0000-0000-000000000000', 'outside', 'USD');
const ACCOUNTS: AccountKey[] = [WORLD, ...OWNERS.map((owner) => accountKey(owner, 'cash', 'USD'))];
const EUROS = accountKey(OWNERS[0] as string, 'cash', 'EUR');

const account = fc.nat(ACCOUNTS.length - 1).map((i) => ACCOUNTS[i] as AccountKey);
const amount = fc.bigInt(-2n, 60n);
const holdId = fc.constantFrom('h1', 'h2', 'h3', 'h4');
const entry: fc.Arbitrary<LedgerEntry> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('transfer' as const),
      debit: account,
      credit: account,
      amount,
      reason: fc.constant('transfer' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('transfer' as const),
      debit: account,
      credit: fc.constant(EUROS),
      amount,
      reason: fc.constant('transfer' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('hold' as const), holdId, account, amount }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('capture' as const),
      holdId,
      credit: account,
      amount,
      reason: fc.constant('transfer' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('release' as const), holdId, amount }) },
);

interface Model {
  balances: Record<string, bigint>;
  holds: Record<string, { account: string; left: bigint }>;
}

const heldOf = (model: Model, id: string): bigint =>
  Object.values(model.holds).reduce((sum, hold) => (hold.account === id ? sum + hold.left : sum), 0n);

/** One entry on a copy of the model, by the book: undefined where the book says no. Shares no code with the ledger. */
function step(model: Model, e: LedgerEntry): Model | undefined {
  const next: Model = structuredClone(model);
  const add = (id: string, by: bigint): void => {
    next.balances[id] = (next.balances[id] ?? 0n) + by;
  };
  if (e.amount <= 0n) return undefined;
  let checked: AccountKey[] = [];
  if (e.type === 'transfer') {
    if (e.debit.name === e.credit.name || e.debit.asset !== e.credit.asset) return undefined;
    add(e.debit.name, -e.amount);
    add(e.credit.name, e.amount);
    checked = [e.debit];
  } else if (e.type === 'hold') {
    if (next.holds[e.holdId] || e.account === WORLD) return undefined;
    next.holds[e.holdId] = { account: e.account.name, left: e.amount };
    checked = [e.account];
  } else {
    const hold = next.holds[e.holdId];
    if (!hold || hold.left < e.amount) return undefined;
    hold.left -= e.amount;
    if (e.type === 'capture') {
      if (hold.account === e.credit.name) return undefined;
      add(hold.account, -e.amount);
      add(e.credit.name, e.amount);
    }
  }
  const overdrawn = checked.some((key) => key !== WORLD && (next.balances[key.name] ?? 0n) < heldOf(next, key.name));
  return overdrawn ? undefined : next;
}

test('any sequence of decisions leaves the ledger as the slow model has it: each decision whole or not at all', () => {
  fc.assert(
    fc.property(fc.array(fc.array(entry, { minLength: 1, maxLength: 4 }), { maxLength: 60 }), (decisions) => {
      const set = new LedgerWorkingSet(new Map([...ACCOUNTS, EUROS].map((key) => [key.name, key])));
      let model: Model = { balances: {}, holds: {} };
      decisions.forEach((entries, i) => {
        const after = entries.reduce<Model | undefined>((state, e) => state && step(state, e), model);
        if (after) {
          set.post(entries, `order ${i}`, 0);
          model = after;
        } else {
          expect(() => set.post(entries, `order ${i}`, 0)).toThrow(LedgerFault);
        }
        for (const key of [...ACCOUNTS, EUROS]) {
          expect(set.balance(key)).toBe(model.balances[key.name] ?? 0n);
          expect(set.balance(key) - set.available(key)).toBe(heldOf(model, key.name));
        }
      });
      set.assertSound();
      const sums = new Map<string, bigint>();
      for (const { debit, credit, amount: moved } of set.transfers) {
        sums.set(debit.name, (sums.get(debit.name) ?? 0n) - moved);
        sums.set(credit.name, (sums.get(credit.name) ?? 0n) + moved);
      }
      for (const key of ACCOUNTS) expect(sums.get(key.name) ?? 0n).toBe(set.balance(key));
    }),
    { numRuns: 300 },
  );
});

test('an account that was not asked for cannot be looked at or moved', () => {
  const set = new LedgerWorkingSet(new Map([[WORLD.name, WORLD]]));
  const cash = ACCOUNTS[1] as AccountKey;
  expect(() => set.available(cash)).toThrow(LedgerFault);
  expect(() =>
    set.post([{ type: 'transfer', debit: WORLD, credit: cash, amount: 1n, reason: 'transfer' }], 'o', 0),
  ).toThrow(LedgerFault);
  expect(set.balance(WORLD)).toBe(0n);
});
