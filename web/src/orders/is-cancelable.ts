import type { OrderEntry, WireOrder } from '@millrace/contract';
import { ORDERS } from '@millrace/contract/vocabulary';

const ENTRIES: Readonly<Record<string, OrderEntry>> = ORDERS;

/** Whether the order can still be canceled, as far as one sees without asking. */
export function isCancelable({ kind, status, result }: Pick<WireOrder, 'kind' | 'status' | 'result'>): boolean {
  const cancelable = Object.hasOwn(ENTRIES, kind) ? ENTRIES[kind]?.cancelable : undefined;
  const isFinal = status !== 'pending' && status !== 'open';
  const { stage } = result;
  return cancelable !== undefined && !isFinal && !(typeof stage === 'string' && cancelable.notIn.includes(stage));
}
