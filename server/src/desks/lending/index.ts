export { createLendingDesk } from './desk.ts';
export type { DueCommand } from './due.ts';
export {
  createLendingQueries,
  type LendingQueries,
  type LendingQueriesOptions,
  type LoanFilter,
  type LoanReader,
} from './queries.ts';
export type { LendingChange, LendingRows } from './rows.ts';
export { INVESTORS_MAX, type LendingOptions } from './settings.ts';
