export { createLendingDesk } from './desk.ts';
export type { DueCommand } from './due.ts';
export {
  createLendingQueries,
  type LendingQueries,
  type LendingQueriesOptions,
  type LoanReader,
} from './queries.ts';
export type { LoanFilter } from './loan-list.ts';
export type { LendingChange, LendingRows } from './rows.ts';
export { aliasOf } from './rows.ts';
export { type LendingOptions, lendingSettings } from './settings.ts';
export { fraction, shortRate } from './views.ts';
