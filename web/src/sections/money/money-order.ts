import { readAmount, readId } from '@millrace/client/reading';
import type { WireAccount } from '@millrace/contract';
import { scaleOf } from '../../money/index.ts';
import type { RequestOf } from '../../orders/index.ts';

export const KINDS = ['deposit', 'withdraw', 'transfer', 'pay'] as const;
export type Kind = (typeof KINDS)[number];
export type MoneyOrder = RequestOf<Kind>;

/** What stands in the form's fields. */
export interface Typed {
  amount: string;
  toUser: string;
  /** A handle. */
  merchant: string;
  item: string;
}

export type TypedOrder = { ok: true; order: MoneyOrder } | { ok: false; errors: Partial<Record<keyof Typed, string>> };

/** The order that was typed, or what is wrong with it, field by field. Whether it can be done is for the server to say. */
export function readOrder(kind: Kind, typed: Typed, account: Pick<WireAccount, 'asset' | 'balance'>): TypedOrder {
  const { asset } = account;
  const amount = readAmount(typed.amount, { scale: scaleOf(account.balance), asset });
  const errors: Partial<Record<keyof Typed, string>> = amount.ok ? {} : { amount: amount.words };
  if (kind === 'transfer') {
    const toUser = readId(typed.toUser, 'usr');
    if (!toUser.ok) errors.toUser = toUser.words;
    else if (amount.ok) return { ok: true, order: { kind, asset, amount: amount.value, to_user: toUser.value } };
  } else if (kind === 'pay') {
    const { merchant } = typed;
    const item = typed.item.trim();
    if (merchant === '') errors.merchant = 'Choose who is to be paid.';
    if (item === '') errors.item = 'Say what you pay for.';
    if (amount.ok && merchant !== '' && item !== '')
      return { ok: true, order: { kind, merchant, item, quantity: 1, price: amount.value, asset } };
  } else if (amount.ok) {
    return { ok: true, order: { kind, asset, amount: amount.value } };
  }
  return { ok: false, errors };
}
