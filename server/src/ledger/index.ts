export {
  type AccountIds,
  type AccountKey,
  accountKey,
  cashOf,
  createAccountIds,
  isOfUser,
  MAY_BE_NEGATIVE,
  mayBeNegative,
  ofUsers,
  outside,
  ownerKindOf,
  purposesOf,
  SYSTEM_OWNER,
} from './accounts.ts';
export { type AssetBook, type AssetClass, GrowingAssetBook, isNote, type ListedAsset, loadAssets } from './assets.ts';
export { holdOf, type HoldState, type LedgerEntry, type LedgerView } from './entries.ts';
export { INSTALLATION, ownerName, type Side, sideFor } from './sides.ts';
export { type AccountRows, accountRows, TRANSFERS_OF_ACCOUNT, wholeAccountId } from './system-accounts.ts';
export { loadLedger, lockAccounts, type LockedAccounts, writeLedger } from './store.ts';
export { LedgerFault, LedgerWorkingSet } from './working-set.ts';
