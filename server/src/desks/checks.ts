import type { Check, Overdue } from './desk.ts';
import { LENDING_CHECKS } from './lending/checks.ts';
import { lendingOverdue } from './lending/overdue.ts';
import { PAYMENTS_CHECKS } from './payments/checks.ts';
import { PAYMENTS_OVERDUE } from './payments/overdue.ts';

/** What all desks say about their own rows, for `millrace verify`, which needs no running desk. */
export const DESK_CHECKS: readonly Check[] = [...LENDING_CHECKS, ...PAYMENTS_CHECKS];

/** What of their business others wait for, the same way. */
export const DESK_OVERDUE: readonly Overdue[] = [...lendingOverdue(), ...PAYMENTS_OVERDUE];
