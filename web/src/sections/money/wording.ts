import type { TransferEntry, WireTransfer } from '@millrace/contract';
import { TRANSFERS, type TransferReason } from '@millrace/contract/vocabulary';
import type { NoRate } from '../../money/index.ts';
import { TRANSFER_REASON_NAMES } from '../../wording/index.ts';

type Side = WireTransfer['direction'];

const ENTRIES: Readonly<Record<TransferReason, TransferEntry>> = TRANSFERS;

/** Why money moved, as the person says it whose account it is: for what left, and for what came. */
export function wordsOfMove(reason: TransferReason, direction: Side): string {
  return ENTRIES[reason][direction];
}

/** For a choice, where the side is not known. */
export const REASON_CHOICES: readonly { value: TransferReason; label: string }[] = TRANSFER_REASON_NAMES.map(
  (value) => ({
    value,
    label: ENTRIES[value].plural,
  }),
);

/** Whether an order of the account's own user, which has a page, moved it; a schedule or another person did the rest. */
export function hasOrderPage({ reason, direction }: Pick<WireTransfer, 'reason' | 'direction'>): boolean {
  return ENTRIES[reason].byOrderOf === direction;
}

export const NO_RATE: Readonly<Record<NoRate, string>> = {
  no_flows: 'There is no return yet: nothing was put into loans.',
  one_way: 'There is no return yet: money has gone into loans, and nothing is there to compare it with.',
  one_day: 'There is no return yet: everything happened on one day. Come back tomorrow.',
  no_rate: 'The return cannot be said as a yearly rate: it is beyond any sensible range.',
};
