import type { Clock } from '../../core/clock.ts';
import type pg from 'pg';
import { type DemoPlan, type DeskDemo, LAST_STEP, type Step } from '../demo.ts';
import { createMerchants } from './merchants.ts';

const DAY_MS = 86_400_000;

/** Payments and transfers of a year, and everybody who is paid in it. */
export const PAYMENTS_DEMO: DeskDemo = {
  history(plan) {
    const params = { asset: plan.currency, amount: '250' };
    return [...everydayLife(plan), { at: plan.now, name: LAST_STEP, actor: 'trader', kind: 'deposit', params }];
  },
  prepare: registerMerchants,
};

/** Those that an interrupted run has registered are there. */
async function registerMerchants(steps: readonly Step[], at: { pool: pg.Pool; clock: Clock }): Promise<void> {
  const merchants = createMerchants(at);
  const handles = new Set(steps.flatMap(({ kind, params }) => (kind === 'pay' ? [params['merchant'] as string] : [])));
  for (const handle of handles) await merchants.register({ handle, name: nameOf(handle) });
}

/** `corner-books` → "Corner books" */
function nameOf(handle: string): string {
  const words = handle.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A few orders of the other kinds, so that lists and statements show each of them, a refused one too. */
function everydayLife({ now, currency, userId }: DemoPlan): Step[] {
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
      params: { to_user: userId('investor'), asset: currency, amount: '150' },
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
      params: { to_user: userId('trader'), asset: currency, amount: '75' },
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
