import type { Reason } from '@millrace/contract';
import { formatAmount } from '../../../core/money.ts';
import { cashOf } from '../../../ledger/index.ts';
import { type Decision, type EventDraft, reject, type View } from '../../desk.ts';
import { type CommandOf, completed, orderEvent, ownerOf, readAmount, whyNotMoved } from '../../kit/index.ts';
import { accountOf, type Payee, parsePayee } from '../names.ts';
import type { PaymentsRows } from '../rows.ts';
import { exceedsLimit, type PaymentsSettings } from '../settings.ts';
import { received } from './transfer.ts';

/**
 * Pays a merchant quantity × price. The three stages (process, pay, finalize) share one commit, since nobody outside is
 * asked between them: a payment that stands half done cannot exist, and needs no hold. Each is an event of its own, in
 * order. Result `{merchant, asset, amount, stage: 'finalized'}`.
 *
 * Says no with, in this order: unknown_asset or (a note) not_a_currency, invalid_amount (refused, at `/price`), amount_limit (of
 * quantity × price), merchant_unknown, merchant_disabled, same_account, user_not_found, receiver_unavailable, insufficient_funds, balance_limit.
 */
export function decidePay(
  command: CommandOf<'pay'>,
  view: View<PaymentsRows>,
  settings: PaymentsSettings,
): Decision<never> {
  const { params } = command;
  const code = params.asset ?? view.assets.currency.code;
  const read = readAmount(view, code, params.price, '/price');
  if (!read.ok) return read.decision;
  const { asset } = read;
  const minor = read.minor * BigInt(params.quantity);
  if (exceedsLimit(settings, 'pay', asset, minor)) return reject('amount_limit');
  const payer = ownerOf(command);
  const payee = payeeOf(params.merchant, payer, view.rows);
  if (typeof payee === 'string') return reject(payee);
  const way = { debit: cashOf(payer, code), credit: accountOf(payee, code) };
  const impossible = whyNotMoved(view.ledger, way, minor);
  if (impossible) return reject(impossible);
  const paid = { asset: code, amount: formatAmount(minor, asset.scale) };
  return completed(
    { merchant: payee.name, ...paid, stage: 'finalized' },
    {
      entries: [{ type: 'transfer', ...way, amount: minor, reason: 'payment' }],
      events: stages(command, payer, payee, paid),
    },
  );
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

function stages(
  { id, params: { item, quantity } }: CommandOf<'pay'>,
  payer: string,
  payee: Payee,
  paid: { asset: string; amount: string },
): EventDraft[] {
  const order = { id, userId: payer };
  const data = { merchant: payee.name, ...paid };
  const events: EventDraft[] = [
    orderEvent('payment_processed', order, { ...data, item, quantity }),
    orderEvent('payment_paid', order, data),
    orderEvent('payment_finalized', order, data),
  ];
  if (payee.userId !== null) events.push(received(order, payee.userId, paid));
  return events;
}
