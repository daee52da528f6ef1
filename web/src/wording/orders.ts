import type { OrderKindName, OrdersQuery } from '@millrace/contract';

/** The kinds of orders, in everybody's words. The compiler says when one is missing. */
const KIND_LABELS: Readonly<Record<OrderKindName, string>> = {
  fund_loan: 'Investment',
  repay_loan: 'Repayment',
  recover_loan: 'Recovery',
  deposit: 'Deposit',
  withdraw: 'Withdrawal',
  transfer: 'Transfer',
  pay: 'Payment',
};

export const ORDER_KINDS = Object.keys(KIND_LABELS) as OrderKindName[];
export const ORDER_STATUSES = [
  'pending',
  'open',
  'completed',
  'rejected',
  'canceled',
  'failed',
] as const satisfies readonly NonNullable<OrdersQuery['status']>[];

export function isOrderKind(kind: string): kind is OrderKindName {
  return Object.hasOwn(KIND_LABELS, kind);
}

/** A machine's word for people: `collect_installment` is "Collect installment". */
export function wordsOfName(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The name of a kind; a command of Millrace itself has its own name. */
export function kindLabel(kind: string): string {
  return isOrderKind(kind) ? KIND_LABELS[kind] : wordsOfName(kind);
}
