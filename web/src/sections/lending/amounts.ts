import { compare, sum } from '../../money/index.ts';

/** How many places amounts of the loan have: as many as the server writes. */
export function scaleOf(amount: string): number {
  return amount.split('.')[1]?.length ?? 0;
}

const QUICK = ['50', '100', '500', '1000'] as const;

/** Amounts that one press fills in: what fits into the whole loan, so that they stay while it is being funded. */
export function quickAmounts(loan: string): string[] {
  const zero = `0.${'0'.repeat(scaleOf(loan))}`;
  const whole = scaleOf(loan) === 0 ? '0' : zero;
  return QUICK.filter((amount) => compare(amount, loan) < 0).map((amount) => sum([amount, whole]));
}
