import type { DeskModule } from '../module.ts';
import { LENDING_CHECKS } from './checks.ts';
import { createLendingDesk } from './desk.ts';
import { lendingDue } from './due.ts';
import { lendingOverdue } from './overdue.ts';
import { LENDING_CONFIG, lendingOptions } from './settings.ts';

export { createLendingDesk } from './desk.ts';
export {
  createLendingQueries,
  type LendingQueries,
  type LendingQueriesOptions,
  type LoanReader,
} from './queries.ts';
export type { LoanFilter } from './loan-list.ts';
export type { LendingChange, LendingRows } from './rows.ts';
export { aliasOf } from './rows.ts';
export { type LendingOptions, lendingOptions, lendingSettings } from './settings.ts';
export { fraction, shortRate } from './views.ts';

/** Loans: investors fund them, instalments come back. */
export const LENDING = {
  options: LENDING_CONFIG,
  checks: LENDING_CHECKS,
  overdue: lendingOverdue(),
  create({ pool, assets, config }) {
    const options = lendingOptions(config, assets.currency);
    return { desk: createLendingDesk(options), due: lendingDue(pool, options) };
  },
} as const satisfies DeskModule<typeof LENDING_CONFIG>;
