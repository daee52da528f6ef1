import { MillraceError } from '@millrace/client';

/** Errors after which an order may have been placed all the same. */
const UNCERTAIN: ReadonlySet<string> = new Set<MillraceError['code']>([
  'connection_failed',
  'timed_out',
  'unexpected_answer',
  'outcome_unknown',
  'internal_error',
  'idempotency_in_flight',
]);

/** Whether nobody knows if the order was placed; otherwise the server has said that it was not. */
export function isOutcomeUnknown(error: unknown): boolean {
  return !(error instanceof MillraceError) || UNCERTAIN.has(error.code);
}
