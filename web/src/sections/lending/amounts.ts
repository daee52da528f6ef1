import { compare, scaleOf, withPlaces } from '../../money/index.ts';

const QUICK = ['50', '100', '500', '1000'] as const;

/** Amounts that one press fills in: what fits into the whole loan, so that they stay while it is being funded. */
export function quickAmounts(loan: string): string[] {
  return QUICK.filter((amount) => compare(amount, loan) < 0).map((amount) => withPlaces(amount, scaleOf(loan)));
}
