export { PURPOSE_NAMES, purposeLabel, purposeWords, reasonLabel, TRANSFER_REASON_NAMES } from './ledger.ts';
export { GRADES } from './loans.ts';
export { isOrderKind, kindLabel, ORDER_KINDS, ORDER_STATUSES, wordsOfName } from './orders.ts';
export { assetLabel, type Names } from './names.ts';
export { isOutcomeUnknown } from './outcome.ts';
export { isOwnerId, isUserId } from './ids.ts';
export { isReason, type ReasonWords, reasonWords } from './reasons.ts';
