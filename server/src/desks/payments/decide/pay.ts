import type { ParamsOf, Reason } from '@millrace/contract';
import { formatId } from '../../../core/ids.ts';
import { formatAmount } from '../../../core/money.ts';
import { cashOf } from '../../../ledger/index.ts';
import { type Command, type Decision, type EventDraft, reject, type View } from '../../desk.ts';
import { accountOf, type Payee, parsePayee } from '../names.ts';
import type { PaymentsRows } from '../rows.ts';
import type { PaymentsSettings } from '../settings.ts';
import { exceedsLimit, readAmount } from './amounts.ts';
import { ownerOf } from './owner.ts';
import { received } from './transfer.ts';

/**
 * Pays a merchant quantity × price. The three stages (process, pay, finalize) share one commit, since nobody outside is
 * asked between them: a payment that stands half done cannot exist, and needs no hold. Each is an event of its own, in
 * order. Result `{merchant, asset, amount, stage: 'finalized'}`.
 *
 * Says no with, in this order: unknown_asset, invalid_amount (refused, at `/price`), amount_limit (of quantity × price),
 * merchant_unknown, merchant_disabled, same_account, user_not_found, receiver_unavailable, insufficient_funds, balance_limit.
 */
export function decidePay(command: Command, view: View<PaymentsRows>, settings: PaymentsSettings): Decision<never> {
  const params = command.params as ParamsOf<'pay'>;
  const code = params.asset ?? view.assets.currency.code;
  const read = readAmount(view, { code, amount: params.price, pointer: '/price' });
  if (!read.ok) return read.decision;
  const { asset } = read;
  const minor = read.minor * BigInt(params.quantity);
  if (exceedsLimit(settings, 'pay', asset, minor)) return reject('amount_limit');
  const payer = ownerOf(command);
  const payee = payeeOf(params.merchant, payer, view.rows);
  if (typeof payee === 'string') return reject(payee);
  const debit = cashOf(payer, code);
  const credit = accountOf(payee, code);
  if (view.ledger.available(debit) < minor) return reject('insufficient_funds');
  if (!view.ledger.canCredit(credit, minor)) return reject('balance_limit');
  const amount = formatAmount(minor, asset.scale);
  return {
    type: 'decide',
    status: 'completed',
    reason: null,
    result: { merchant: payee.name, asset: code, amount, stage: 'finalized' },
    entries: [{ type: 'transfer', debit, credit, amount: minor, reason: 'payment' }],
    changes: [],
    events: stages(command, payer, payee, { asset: code, amount }),
    orders: [],
  };
}

/** Who gets the money: a merchant's owner, where it has one. Or why nobody does. */
function payeeOf(text: string, payer: string, rows: PaymentsRows): Payee | Reason {
  const payee = parsePayee(text);
  if (!payee) return 'user_not_found';
  const { name, userId } = payee;
  if (userId !== null) {
    if (userId === payer) return 'same_account';
    const user = rows.users.get(userId);
    if (!user) return 'user_not_found';
    return user.receives ? payee : 'receiver_unavailable';
  }
  const merchant = rows.merchants.get(name);
  if (!merchant) return 'merchant_unknown';
  const { ownerId, ownerReceives, disabledAt } = merchant;
  if (disabledAt !== null) return 'merchant_disabled';
  if (ownerId === null) return payee;
  if (ownerId === payer) return 'same_account';
  return ownerReceives ? { name, userId: ownerId } : 'receiver_unavailable';
}

function stages(command: Command, payer: string, payee: Payee, paid: { asset: string; amount: string }): EventDraft[] {
  const { item, quantity } = command.params as ParamsOf<'pay'>;
  const subject = formatId('order', command.id);
  const data = { order_id: subject, user_id: formatId('user', payer), merchant: payee.name, ...paid };
  const events: EventDraft[] = [
    { type: 'payment_processed', subject, userId: payer, data: { ...data, item, quantity } },
    { type: 'payment_paid', subject, userId: payer, data },
    { type: 'payment_finalized', subject, userId: payer, data },
  ];
  if (payee.userId !== null) events.push(received(command, payee.userId, paid.asset, paid.amount));
  return events;
}
