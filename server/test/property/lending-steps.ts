import fc from 'fast-check';
import { uuidOfName } from '../../src/core/ids.ts';

/** One drawn step; indexes point into the world's users and loans. Days pass before its batch. */
export type Step =
  | {
      op: 'create';
      loan: number;
      ownId: boolean;
      borrower: number;
      asset: string;
      amount: string;
      apr: string;
      term: number;
      days: number;
    }
  | { op: 'fund'; user: number; loan: number; amount: string | number; partial: boolean }
  | { op: 'repay'; user: number; loan: number }
  | { op: 'recover'; user: number; loan: number }
  | { op: 'close'; loan: number }
  | { op: 'fill'; loan: number }
  | { op: 'repay_own'; loan: number }
  | { op: 'rescue'; loan: number }
  | { op: 'drain'; loan: number }
  | { op: 'expire'; loan: number }
  | { op: 'collect'; loan: number; number: number }
  | { op: 'collect_next'; loan: number }
  | { op: 'default'; loan: number }
  | { op: 'deposit'; user: number; asset: string; amount: string };

export interface StepBatch {
  days: number;
  steps: Step[];
}

export interface World {
  users: string[];
  loans: string[];
}

const USERS = 5;
const LOANS = 3;
export const START_MS = Date.UTC(2026, 0, 31, 12);

export function makeWorld(name: string): World {
  const ids = (what: string, count: number): string[] =>
    Array.from({ length: count }, (_, i) => uuidOfName(`${name}/${what}/${i}`));
  // One user more than exists: a borrower whom nobody knows.
  return { users: ids('user', USERS + 1), loans: ids('loan', LOANS + 1) };
}

export const existingUsers = (world: World): string[] => world.users.slice(0, USERS);

const loan = fc.oneof({ weight: 12, arbitrary: fc.nat(LOANS - 1) }, { weight: 1, arbitrary: fc.constant(LOANS) });
const user = fc.nat(USERS - 1);
const asset = fc.oneof({ weight: 5, arbitrary: fc.constant('USD') }, { weight: 2, arbitrary: fc.constant('JPY') });
const terms = {
  asset,
  amount: fc.constantFrom('1', '5', '10', '97', '100', '250'),
  apr: fc.constantFrom('0', '0.0725', '0.12', '0.999999', '7.5', '600'),
  // The longest most often: it has an instalment to come when a loan is in default.
  term: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(5)),
  days: fc.constantFrom(10, 30, 60),
};
/** A loan that can be created, for the place that it is drawn for. */
const goodLoan = (place: number) =>
  fc.record({
    op: fc.constant('create' as const),
    loan: fc.constant(place),
    ownId: fc.constant(false),
    borrower: user,
    ...terms,
  });
const anyLoan = fc.record({
  op: fc.constant('create' as const),
  loan: fc.nat(LOANS - 1),
  ownId: fc.boolean(),
  borrower: fc.nat(USERS),
  ...terms,
  asset: fc.constantFrom('USD', 'JPY', 'XYZ'),
  amount: fc.constantFrom('0', '12.5', '0.001', '20'),
  days: fc.constantFrom(-1, 0, 30),
});
const amounts = fc.constantFrom<string | number>(
  '0.01',
  '1',
  2,
  '3.34',
  '10',
  '33',
  '50',
  '100',
  '0',
  '0.001',
  '2.50',
  2.5,
);
const fund = fc.record({ op: fc.constant('fund' as const), user, loan, amount: amounts, partial: fc.boolean() });
const rescue = fc.record({ op: fc.constant('rescue' as const), loan });
const drain = fc.record({ op: fc.constant('drain' as const), loan });
const collectNext = fc.record({ op: fc.constant('collect_next' as const), loan });
const recover = fc.record({ op: fc.constant('recover' as const), user, loan });
const close = fc.record({ op: fc.constant('close' as const), loan });
const anything: fc.Arbitrary<Step> = fc.oneof(
  anyLoan,
  fund,
  fc.record({ op: fc.constant('repay' as const), user, loan }),
  fc.record({ op: fc.constant('repay_own' as const), loan }),
  rescue,
  drain,
  fc.record({ op: fc.constant('expire' as const), loan }),
  recover,
  fc.record({ op: fc.constant('collect' as const), loan, number: fc.integer({ min: 1, max: 6 }) }),
  collectNext,
  fc.record({ op: fc.constant('default' as const), loan }),
  fc.record({ op: fc.constant('deposit' as const), user, asset, amount: fc.constantFrom('1', '40') }),
);
const mostlyFunding = fc.oneof(
  { weight: 40, arbitrary: fund },
  { weight: 8, arbitrary: anything },
  { weight: 1, arbitrary: close },
);
const mostlyServicing = fc.oneof(
  { weight: 3, arbitrary: collectNext },
  { weight: 1, arbitrary: rescue },
  { weight: 1, arbitrary: drain },
  { weight: 1, arbitrary: recover },
  { weight: 4, arbitrary: anything },
);

const batchesOf = (
  steps: fc.Arbitrary<Step>,
  days: fc.Arbitrary<number>,
  maxLength: number,
): fc.Arbitrary<StepBatch[]> =>
  fc.array(fc.record({ days, steps: fc.array(steps, { minLength: 1, maxLength: 8 }) }), {
    minLength: 1,
    maxLength,
    size: 'max',
  });

/** Two investors with money to fund whole loans, two with less, one with none. */
const OPENING: Step[] = ['900', '900', '300', '100'].flatMap((amount, index): Step[] => [
  { op: 'deposit', user: index, asset: 'USD', amount },
  { op: 'deposit', user: index, asset: 'JPY', amount },
]);

/**
 * Loans that are filled, asked for in vain, given up, and then paid by their borrowers or by others: a way that chance alone
 * hardly ever walks to its end.
 */
const lostAndFound: fc.Arbitrary<StepBatch[]> = fc
  .record({
    loans: fc.subarray([0, 1, 2], { minLength: 1 }),
    days: fc.constantFrom(90, 91),
    after: batchesOf(
      fc.oneof(
        recover,
        fc.record({ op: fc.constant('recover' as const), user: fc.constant(USERS - 1), loan }),
        fc.record({ op: fc.constant('repay_own' as const), loan }),
        collectNext,
        anything,
      ),
      fc.constantFrom(0, 0, 1, 7, 31),
      4,
    ),
    rescued: fc.array(fc.tuple(fc.nat(2), fc.constantFrom(1, 4, 4, 5)), { maxLength: 3 }),
  })
  .map(({ loans, days, after, rescued }) => {
    const each = (op: 'fill' | 'drain' | 'collect_next' | 'default'): Step[] =>
      loans.map((place) => ({ op, loan: place }));
    const payments = rescued.flatMap(([place, times]): Step[] => [
      { op: 'rescue', loan: place },
      ...Array.from({ length: times }, (): Step => ({ op: 'repay_own', loan: place })),
    ]);
    return [
      { days: 1, steps: [...each('fill'), ...each('drain')] },
      { days: 31, steps: each('collect_next') },
      { days, steps: each('default') },
      { days: 0, steps: [{ op: 'deposit', user: USERS - 1, asset: 'USD', amount: '400' }, ...payments] },
      ...after,
    ] satisfies StepBatch[];
  });

/** Money and loans first, then some days of funding and perhaps the rest, then months of servicing; at any time also anything else. */
export const history: fc.Arbitrary<StepBatch[]> = fc
  .tuple(
    fc.tuple(goodLoan(0), goodLoan(1), goodLoan(2)),
    batchesOf(mostlyFunding, fc.nat(2), 8),
    fc.subarray([0, 1, 2]).map((loans): Step[] => loans.map((place) => ({ op: 'fill', loan: place }))),
    fc.oneof(
      { weight: 3, arbitrary: batchesOf(mostlyServicing, fc.constantFrom(0, 0, 1, 15, 31, 31, 91), 16) },
      { weight: 1, arbitrary: lostAndFound },
    ),
  )
  .map(([loans, funding, fills, servicing]) => [
    { days: 0, steps: [...OPENING, ...loans] },
    ...funding,
    ...(fills.length === 0 ? [] : [{ days: 1, steps: fills }]),
    ...servicing,
  ]);
