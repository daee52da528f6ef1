import type { WireTransfer } from '@millrace/contract';
import { negate } from '../../money/index.ts';

/** With its sign: what left the account is negative. */
export function signedAmount({ amount, direction }: Pick<WireTransfer, 'amount' | 'direction'>): string {
  return direction === 'debit' ? negate(amount) : amount;
}
