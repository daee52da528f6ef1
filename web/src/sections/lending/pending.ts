import type { LoanFundingView, WireOrder } from '@millrace/contract';
import { compare } from '../../money/index.ts';
import type { Ticket } from '../../orders/index.ts';
import { fundingKey } from './reducers.ts';

/** An investment that was sent from this page, and may not be in the list yet. */
export interface Placed {
  order: Ticket<'fund_loan'>;
  at: string;
  /** What was listed before: everything else came since. */
  before: ReadonlySet<string>;
  /** As it was decided; undefined: not known yet. */
  answer: WireOrder | undefined;
}

/** What a decided investment, or its preview, says that the loan takes. */
export function acceptedAmount(decided: { result: object } | undefined): string | undefined {
  const { accepted_amount: accepted } = (decided?.result ?? {}) as { accepted_amount?: unknown };
  return typeof accepted === 'string' ? accepted : undefined;
}

/** What the loan takes of it, as far as one can say. */
export function amountOf({ order, answer }: Placed): string {
  return acceptedAmount(answer) ?? String(order.amount);
}

/**
 * The entry by which the list or a live event has brought the investment already, so that it must not be shown twice.
 * `ownAlias`: how others see the investor; before one's first investment is answered nobody knows the alias that it gets, and
 * the first new entry of the same amount counts until the list has been read again.
 */
export function listedEntry(
  placed: Placed,
  fundings: readonly LoanFundingView[],
  ownAlias: string | undefined,
): LoanFundingView | undefined {
  const amount = amountOf(placed);
  return fundings.find((funding) => {
    if (placed.before.has(fundingKey(funding)) || compare(funding.amount, amount) !== 0) return false;
    return funding.own || ownAlias === undefined || funding.alias === ownAlias;
  });
}
