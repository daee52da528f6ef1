import { holdOf, outside } from '../../ledger/index.ts';
import { type CommandOf, type Named, uuidIn } from '../kit/index.ts';
import { accountOf, parsePayee, promotions } from './names.ts';
import type { PaymentsRows } from './rows.ts';
import type { PaymentsSettings } from './settings.ts';

type PaymentsNamed = Named<PaymentsRows, PaymentsSettings>;
type GoesOn = CommandOf<'cancel_withdrawal' | 'send_withdrawal' | 'settle_withdrawal'>;

// No row is locked: where a user or a merchant is disabled while the batch runs, the money came before that.

export function namesDeposit({ userId, params: { asset } }: CommandOf<'deposit'>, named: PaymentsNamed): void {
  named.cash(userId, asset);
  named.account(outside(asset));
}

export function namesWithdrawal({ id, userId, params: { asset } }: CommandOf<'withdraw'>, named: PaymentsNamed): void {
  named.rows.begun.set(id, asset);
  if (userId !== null) named.rows.pending.askAll(userId);
  named.cash(userId, asset);
}

export function namesTransfer({ userId, params }: CommandOf<'transfer'>, named: PaymentsNamed): void {
  const receiver = uuidIn('user', params.to_user);
  named.rows.users.ask(receiver);
  named.cash(userId, params.asset);
  named.cash(receiver, params.asset);
}

export function namesBonus({ params: { user_id, asset } }: CommandOf<'grant_bonus'>, named: PaymentsNamed): void {
  const userId = uuidIn('user', user_id);
  named.rows.users.ask(userId);
  named.cash(userId, asset);
  named.account(promotions(asset));
}

export const payment = {
  names({ userId, params }: CommandOf<'pay'>, named: PaymentsNamed): void {
    const asset = params.asset ?? named.settings.currency.code;
    named.cash(userId, asset);
    const payee = parsePayee(params.merchant);
    if (!payee) return;
    if (payee.userId !== null) named.rows.users.ask(payee.userId);
    else named.rows.merchants.ask(payee.name);
    // A merchant's own: one that has an owner has none, and nothing is locked for it.
    named.account(accountOf(payee, asset));
  },
  accounts({ params }: CommandOf<'pay'>, named: PaymentsNamed): void {
    const payee = parsePayee(params.merchant);
    const owner = payee && named.rows.merchants.get(payee.name)?.ownerId;
    if (owner !== undefined) named.cash(owner, params.asset ?? named.settings.currency.code);
  },
};

/** A withdrawal that goes on: what it is captured to is in the asset of its hold, which a row tells, or of this very batch. */
export const goingOn = {
  names({ params }: GoesOn, named: PaymentsNamed): void {
    const orderId = uuidIn('order', params.order_id);
    const hold = holdOf(orderId);
    named.order(orderId);
    named.hold(hold);
    named.rows.heldAssets.ask(hold);
  },
  accounts({ params }: GoesOn, named: PaymentsNamed): void {
    const asset = named.rows.begun.get(uuidIn('order', params.order_id));
    if (asset !== undefined) named.account(outside(asset));
  },
};

export function accountsOutside(named: PaymentsNamed): void {
  for (const asset of named.rows.heldAssets.values()) named.account(outside(asset));
}
