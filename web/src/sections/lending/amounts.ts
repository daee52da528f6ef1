import { compare, sum } from '../../money/index.ts';

/** How many places amounts of the loan have: as many as the server writes. */
export function scaleOf(amount: string): number {
  return amount.split('.')[1]?.length ?? 0;
}

const QUICK = ['50', '100', '500', '1000'] as const;

/** Amounts that one press fills in: what fits into what is open. */
export function quickAmounts(remaining: string): string[] {
  const zero = `0.${'0'.repeat(scaleOf(remaining))}`;
  const whole = scaleOf(remaining) === 0 ? '0' : zero;
  return QUICK.filter((amount) => compare(amount, remaining) < 0).map((amount) => sum([amount, whole]));
}
