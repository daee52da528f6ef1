import { VIRTUAL_INVESTORS } from './cast.ts';
import { CATALOGUE } from './catalogue.ts';
import { type Actor, planLoan, type Step } from './plan-loan.ts';
import { seededRandom } from './random.ts';

const DAY_MS = 86_400_000;
/** Before the oldest loan: twelve months of instalments, and the time until they were due. */
const BEGIN_DAYS = 430;
const DEPOSITS: readonly (readonly [actor: Actor, amount: string])[] = [
  ['investor', '50000'],
  ['trader', '60000'],
  ...VIRTUAL_INVESTORS.map((_, index) => [`investor-${index + 1}`, '100000'] as const),
];

/** The last command of the history: where it is known, nothing is left to be done. */
export const LAST_STEP = 'history/complete';

/**
 * The history that a new demonstration gets: a year of loans up to `now`, in order of time. The same for the same `now`,
 * so that a seeding that was interrupted can be repeated.
 */
export function planHistory(now: number): Step[] {
  const random = seededRandom(20_261_121);
  const begin = now - BEGIN_DAYS * DAY_MS;
  const investors = ['investor', 'trader', ...VIRTUAL_INVESTORS.map((_, index) => `investor-${index + 1}`)];
  const deposits = DEPOSITS.map(
    ([actor, amount]): Step => ({ at: begin, name: `deposit/${actor}`, actor, kind: 'deposit', params: { amount } }),
  );
  const loans = CATALOGUE.flatMap((loan, index) => planLoan(loan, { index, now, random, investors }));
  const steps = [...deposits, ...loans, ...everydayLife(now)].sort((a, b) => a.at - b.at);
  return [...steps, { at: now, name: LAST_STEP, actor: 'trader', kind: 'deposit', params: { amount: '250' } }];
}

/** A few orders of the other kinds, so that lists and statements show each of them, a refused one too. */
function everydayLife(now: number): Step[] {
  const daysAgo = (days: number): number => now - days * DAY_MS;
  const pay = (merchant: string, item: string, quantity: number, price: string): Step['params'] => ({
    merchant,
    item,
    quantity,
    price,
  });
  return [
    {
      at: daysAgo(63),
      name: 'life/1',
      actor: 'investor',
      kind: 'pay',
      params: pay('corner-books', 'Accounting for investors', 1, '39'),
    },
    {
      at: daysAgo(41),
      name: 'life/2',
      actor: 'trader',
      kind: 'transfer',
      params: { to_user: 'investor', amount: '150' },
    },
    {
      at: daysAgo(20),
      name: 'life/3',
      actor: 'investor',
      kind: 'pay',
      params: pay('harbour-cafe', 'Lunch for two', 2, '18'),
    },
    {
      at: daysAgo(9),
      name: 'life/4',
      actor: 'investor',
      kind: 'transfer',
      params: { to_user: 'trader', amount: '75' },
    },
    {
      at: daysAgo(4),
      name: 'life/5',
      actor: 'investor',
      kind: 'pay',
      params: pay('skyline-estates', 'Apartment with a view', 1, '480000'),
      expect: 'rejected',
    },
    {
      at: daysAgo(2),
      name: 'life/6',
      actor: 'trader',
      kind: 'pay',
      params: pay('screen-and-key', 'Second screen', 1, '260'),
    },
  ];
}
