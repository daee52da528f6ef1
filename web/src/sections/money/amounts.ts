import type { WireTransfer } from '@millrace/contract';
import { negate, parseDecimal } from '../../money/index.ts';

/** With its sign: what left the account is negative. */
export function signedAmount({ amount, direction }: Pick<WireTransfer, 'amount' | 'direction'>): string {
  return direction === 'debit' ? negate(amount) : amount;
}

/** The decimal places of the asset that a balance is in. */
export function scaleOf(balance: string): number {
  return parseDecimal(balance).scale;
}
