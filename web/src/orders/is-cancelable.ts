import type { WireOrder } from '@millrace/contract';

/** Only a withdrawal that has not been handed to the bank can be canceled. */
export function isCancelable({ kind, status, result }: Pick<WireOrder, 'kind' | 'status' | 'result'>): boolean {
  return kind === 'withdraw' && status === 'pending' && (result as { stage?: unknown }).stage !== 'sent';
}
