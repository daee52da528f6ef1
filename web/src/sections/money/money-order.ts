import { newOrderId } from '@millrace/client';
import { readAmount, readId } from '@millrace/client/reading';
import type { WireAccount } from '@millrace/contract';
import { scaleOf } from '../../money/index.ts';
import type { Submission } from './movements.ts';
import type { MoneyOrder } from './queries.ts';

export const KINDS = ['deposit', 'withdraw', 'transfer'] as const;
export type Kind = (typeof KINDS)[number];

/** What stands in the form's fields. */
export interface Typed {
  amount: string;
  toUser: string;
}

export type TypedOrder = { ok: true; order: MoneyOrder } | { ok: false; errors: Partial<Record<keyof Typed, string>> };

/** The order that was typed, or what is wrong with it, field by field. Whether it can be done is for the server to say. */
export function readOrder(kind: Kind, typed: Typed, account: Pick<WireAccount, 'asset' | 'balance'>): TypedOrder {
  const { asset } = account;
  const amount = readAmount(typed.amount, { scale: scaleOf(account.balance), asset });
  const toUser = kind === 'transfer' ? readId(typed.toUser, 'usr') : undefined;
  if (!amount.ok || toUser?.ok === false) {
    const errors = {
      ...(!amount.ok && { amount: amount.words }),
      ...(toUser?.ok === false && { toUser: toUser.words }),
    };
    return { ok: false, errors };
  }
  if (kind === 'transfer' && toUser)
    return { ok: true, order: { kind, asset, amount: amount.value, to_user: toUser.value } };
  return { ok: true, order: { kind: kind as Exclude<Kind, 'transfer'>, asset, amount: amount.value } };
}

/** With the id under which it acts once, however often it is sent. */
export function withNewId(order: MoneyOrder): Submission['order'] {
  return { ...order, id: newOrderId() };
}
