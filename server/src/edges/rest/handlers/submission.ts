import type { Submission } from '../../../intake/intake.ts';
import type { Idempotency } from '../idempotency.ts';

/** An order as it comes over the wire: the parameters of its kind lie flat beside `kind` and `id`. */
export interface FlatOrder {
  kind: string;
  id?: string;
  [parameter: string]: unknown;
}

export function submissionOf({ kind, id, ...params }: FlatOrder, idempotency: Idempotency | undefined): Submission {
  return { kind, id, params, idempotency };
}
