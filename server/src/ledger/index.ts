export { type AccountKey, accountKey, cashOf, escrowOf, outside, type Purpose, SYSTEM_OWNER } from './accounts.ts';
export type { HoldState, LedgerEntry, LedgerView } from './entries.ts';
