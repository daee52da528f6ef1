import type { Check } from './desk.ts';
import { LENDING_CHECKS } from './lending/checks.ts';
import { PAYMENTS_CHECKS } from './payments/checks.ts';

/** What all desks say about their own rows, for `millrace verify`, which needs no running desk. */
export const DESK_CHECKS: readonly Check[] = [...LENDING_CHECKS, ...PAYMENTS_CHECKS];
