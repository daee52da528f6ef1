import type { WireTransfer } from '@millrace/contract';
import { negate } from '../../money/index.ts';
import type { MoneyOrder } from './money-order.ts';

/** With its sign: what left the account is negative. */
export function signedAmount({ amount, direction }: Pick<WireTransfer, 'amount' | 'direction'>): string {
  return direction === 'debit' ? negate(amount) : amount;
}

/** What an order moves. The form pays for one thing at a time. */
export function amountOf(order: MoneyOrder): string {
  return String(order.kind === 'pay' ? order.price : order.amount);
}
