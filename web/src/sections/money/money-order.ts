import { newOrderId } from '@millrace/client';
import type { WireAccount } from '@millrace/contract';
import { readAmount, scaleOf } from '../../money/index.ts';
import { isUserId } from '../../wording/index.ts';
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
  const scale = scaleOf(account.balance);
  const amount = readAmount(typed.amount, scale);
  const toUser = typed.toUser.trim();
  const errors = {
    ...(amount === undefined && { amount: amountError(scale) }),
    ...(kind === 'transfer' && !isUserId(toUser) && { toUser: 'Type an id such as usr_0192… in full.' }),
  };
  if (amount === undefined || Object.keys(errors).length > 0) return { ok: false, errors };
  const { asset } = account;
  if (kind === 'transfer') return { ok: true, order: { kind, asset, amount, to_user: toUser.toLowerCase() } };
  return { ok: true, order: { kind, asset, amount } };
}

function amountError(scale: number): string {
  if (scale === 0) return 'Type a whole number above zero.';
  return `Type an amount above zero, such as 25.${'0'.repeat(scale)}, with at most ${scale} decimal places.`;
}

/** With the id under which it acts once, however often it is sent. */
export function withNewId(order: MoneyOrder): Submission['order'] {
  return { ...order, id: newOrderId() };
}
