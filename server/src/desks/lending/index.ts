export { createLendingDesk } from './desk.ts';
export type { LendingChange, LendingRows } from './rows.ts';
export { INVESTORS_MAX, type LendingOptions } from './settings.ts';
