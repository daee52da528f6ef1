import type { Check, Unproven } from '../desks/desk.ts';

/** A check of the core, with the table whose rows it looks at. */
export interface CoreCheck extends Check {
  counted: CountedTable;
  since?(unproven: UnprovenRows): string;
}

/** Which rows no verification has proven before. */
export interface UnprovenRows extends Unproven {
  keys(alias: string): string;
}

export const COUNTED_TABLES = [
  'accounts',
  'assets',
  'transfers',
  'holds',
  'orders',
  'idempotency_keys',
  'events',
  'user_orders',
  'user_events',
  'account_lines',
  'event_counts',
  'transfer_totals',
  'event_gaps',
] as const;
export type CountedTable = (typeof COUNTED_TABLES)[number];
