import type { WireOverview } from '@millrace/contract';

type Minute = WireOverview['orders']['last_hour'][number];
type Status = Exclude<keyof Minute, 'minute'>;

/** How an order can come out, in the order in which the picture stacks them. */
export const OUTCOMES: readonly { status: Status; label: string; color: string }[] = [
  { status: 'completed', label: 'Completed', color: 'var(--mr-accent)' },
  { status: 'pending', label: 'Pending', color: 'var(--mr-wait)' },
  { status: 'open', label: 'Open', color: 'var(--mr-good)' },
  { status: 'rejected', label: 'Rejected', color: 'var(--mr-bad)' },
  { status: 'canceled', label: 'Canceled', color: 'var(--mantine-color-dimmed)' },
  { status: 'failed', label: 'Failed', color: 'var(--mantine-color-text)' },
];

/** How many orders came to each status within the hour. */
export function totalsOf(minutes: readonly Minute[]): Record<Status, number> {
  const totals = { completed: 0, rejected: 0, failed: 0, pending: 0, open: 0, canceled: 0 };
  for (const minute of minutes) {
    for (const { status } of OUTCOMES) totals[status] += minute[status];
  }
  return totals;
}

/** The hour's minutes in which anything happened, newest first. */
export function busyMinutes(minutes: readonly Minute[]): Minute[] {
  return minutes.filter((minute) => OUTCOMES.some(({ status }) => minute[status] > 0)).toReversed();
}

/** "14:05", in the reader's own time. */
export function clockOf(time: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' }).format(new Date(time));
}
