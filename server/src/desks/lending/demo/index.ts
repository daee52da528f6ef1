import { actorOf, type DemoPlan, type DeskDemo, type Step } from '../../demo.ts';
import { createLendingBeat } from './beat.ts';
import { CATALOGUE } from './catalogue.ts';
import { BORROWERS, INVESTORS } from './people.ts';
import { planLoan } from './plan-loan.ts';

const DEPOSITS: readonly (readonly [actor: string, amount: string])[] = [
  ['investor', '50000'],
  ['trader', '60000'],
  ...INVESTORS.map((person) => [actorOf(person), '100000'] as const),
];

/** A year of forty loans, and what makes the marketplace live. */
export const LENDING_DEMO = {
  people: [...INVESTORS, ...BORROWERS],
  groups: { borrowers: BORROWERS.map(actorOf) },
  history(plan: DemoPlan): Step[] {
    const investors = DEPOSITS.map(([actor]) => actor);
    return [
      ...DEPOSITS.map(([actor, amount]): Step => {
        const params = { asset: plan.currency, amount };
        return { at: plan.begin, name: `deposit/${actor}`, actor, kind: 'deposit', params };
      }),
      ...CATALOGUE.flatMap((loan, index) => planLoan(loan, { ...plan, index, investors })),
    ];
  },
  createBeat: createLendingBeat,
} satisfies DeskDemo;
