import { REASON_ADVICE, REASONS, type Reason } from '@millrace/contract/vocabulary';

export interface ReasonWords {
  /** What was wrong, as a sentence. */
  title: string;
  /** What to do about it. */
  advice: string;
}

/** A reason in plain words. One that this page does not know yet is shown as it is. */
export function reasonWords(reason: Reason): ReasonWords {
  return { title: REASONS[reason] ?? `${reason.replaceAll('_', ' ')}.`, advice: REASON_ADVICE[reason] ?? '' };
}

export function isReason(value: unknown): value is Reason {
  return typeof value === 'string' && value in REASONS;
}
