import type { OrderKindName, OrdersQuery } from '@millrace/contract';
import { COMMAND_LABELS, ORDERS } from '@millrace/contract/vocabulary';

export const ORDER_KINDS = Object.keys(ORDERS) as OrderKindName[];
export const ORDER_STATUSES = [
  'pending',
  'open',
  'completed',
  'rejected',
  'canceled',
  'failed',
] as const satisfies readonly NonNullable<OrdersQuery['status']>[];

export function isOrderKind(kind: string): kind is OrderKindName {
  return Object.hasOwn(ORDERS, kind);
}

/** A machine's word for people: `collect_installment` is "Collect installment". */
export function wordsOfName(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The name of a kind; one that is newer than this page has its own. */
export function kindLabel(kind: string): string {
  if (isOrderKind(kind)) return ORDERS[kind].label;
  return Object.hasOwn(COMMAND_LABELS, kind) ? COMMAND_LABELS[kind as keyof typeof COMMAND_LABELS] : wordsOfName(kind);
}
