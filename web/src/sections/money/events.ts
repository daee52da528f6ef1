import type { HoldingView, User, WireEventEnvelope, WirePage } from '@millrace/contract';
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { changesNothing, keys, refreshSoon } from '../../live/index.ts';
import type { DeskEvents } from '../section.ts';

/** Operators follow everybody's events; only their own change what these pages show. */
function isOwn(event: WireEventEnvelope, cache: QueryClient): boolean {
  return event.data['user_id'] === cache.getQueryData<User | null>(keys.me())?.id;
}

/** Money of one's own moved, or was set aside. */
function moved(event: WireEventEnvelope, cache: QueryClient): void {
  if (!isOwn(event, cache)) return;
  refreshSoon(cache, keys.accounts(), keys.transfers(), keys.portfolio(), keys.preview());
}

function withdrawalChanged(event: WireEventEnvelope, cache: QueryClient): void {
  if (!isOwn(event, cache)) return;
  refreshSoon(cache, keys.pendingWithdrawals());
  moved(event, cache);
}

function orderProcessed(event: WireEventEnvelope, cache: QueryClient): void {
  const { kind, status } = event.data;
  if (kind === 'withdraw') return withdrawalChanged(event, cache);
  if (status !== 'rejected') moved(event, cache);
}

/** A loan changed that may be one of the holdings: these events are everybody's. */
function holdingChanged(event: WireEventEnvelope, cache: QueryClient): void {
  const known = cache.getQueriesData<InfiniteData<WirePage<HoldingView>>>({ queryKey: keys.holdings() });
  const isHeld = known.some(([, list]) =>
    list?.pages.some(({ data }) => data.some(({ loan_id }) => loan_id === event.data['loan_id'])),
  );
  if (isHeld) refreshSoon(cache, keys.portfolio());
}

export const moneyEvents: DeskEvents<'payments'> = {
  order_processed: orderProcessed,
  deposit_received: moved,
  bonus_granted: moved,
  transfer_received: moved,
  // The money moves with the second of a payment's stages; the order's own page follows all of them.
  payment_processed: changesNothing,
  payment_paid: moved,
  payment_finalized: changesNothing,
  withdrawal_requested: withdrawalChanged,
  withdrawal_sent: withdrawalChanged,
  withdrawal_settled: withdrawalChanged,
  investment_refunded: moved,
  notes_issued: moved,
  loan_disbursed: moved,
  repayment_received: moved,
  loan_late: holdingChanged,
  loan_current: holdingChanged,
  loan_repaid: holdingChanged,
  loan_defaulted: holdingChanged,
};
