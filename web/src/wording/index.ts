export { isReason, type ReasonWords, reasonWords } from './reasons.ts';
