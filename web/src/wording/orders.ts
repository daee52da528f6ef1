import type { OrderKindName, OrdersQuery } from '@millrace/contract';
import { COMMAND_LABELS, ORDER_LABELS } from '@millrace/contract/vocabulary';

export const ORDER_KINDS = Object.keys(ORDER_LABELS) as OrderKindName[];
export const ORDER_STATUSES = [
  'pending',
  'open',
  'completed',
  'rejected',
  'canceled',
  'failed',
] as const satisfies readonly NonNullable<OrdersQuery['status']>[];

export function isOrderKind(kind: string): kind is OrderKindName {
  return Object.hasOwn(ORDER_LABELS, kind);
}

/** A machine's word for people: `collect_installment` is "Collect installment". */
export function wordsOfName(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The name of a kind; one that is newer than this page has its own. */
export function kindLabel(kind: string): string {
  const labels: Readonly<Record<string, string>> = isOrderKind(kind) ? ORDER_LABELS : COMMAND_LABELS;
  return Object.hasOwn(labels, kind) ? (labels[kind] as string) : wordsOfName(kind);
}
