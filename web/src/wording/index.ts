export { isOutcomeUnknown } from './outcome.ts';
export { isReason, type ReasonWords, reasonWords } from './reasons.ts';
