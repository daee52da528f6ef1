export { isOutcomeUnknown } from './outcome.ts';
export { isOwnerId, isUserId } from './ids.ts';
export { isReason, type ReasonWords, reasonWords } from './reasons.ts';
