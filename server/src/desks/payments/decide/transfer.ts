import { formatId } from '../../../core/ids.ts';
import { formatAmount } from '../../../core/money.ts';
import { cashOf } from '../../../ledger/index.ts';
import { type Decision, type EventDraft, reject, type View } from '../../desk.ts';
import { type CommandOf, completed, ownerOf, readAmount, userEvent, uuidIn, whyNotMoved } from '../../kit/index.ts';
import type { PaymentsRows } from '../rows.ts';
import { exceedsLimit, type PaymentsSettings } from '../settings.ts';

/**
 * Money goes from one user to another. Result `{asset, amount, to_user}`.
 *
 * Says no with, in this order: unknown_asset or (a note) not_a_currency, invalid_amount (refused), amount_limit,
 * same_account, user_not_found, receiver_unavailable, insufficient_funds, balance_limit.
 */
export function decideTransfer(
  command: CommandOf<'transfer'>,
  view: View<PaymentsRows>,
  settings: PaymentsSettings,
): Decision<never> {
  const { params } = command;
  const read = readAmount(view, params.asset, params.amount);
  if (!read.ok) return read.decision;
  const { asset, minor } = read;
  if (exceedsLimit(settings, 'transfer', asset, minor)) return reject('amount_limit');
  const sender = ownerOf(command);
  const receiver = uuidIn('user', params.to_user);
  if (receiver === sender) return reject('same_account');
  const user = view.rows.users.get(receiver);
  if (!user) return reject('user_not_found');
  if (!user.receives) return reject('receiver_unavailable');
  const way = { debit: cashOf(sender, asset.code), credit: cashOf(receiver, asset.code) };
  const impossible = whyNotMoved(view.ledger, way, minor);
  if (impossible) return reject(impossible);
  const paid = { asset: asset.code, amount: formatAmount(minor, asset.scale) };
  return completed(
    { ...paid, to_user: formatId('user', receiver) },
    {
      entries: [{ type: 'transfer', ...way, amount: minor, reason: 'transfer' }],
      events: [received(command, receiver, paid)],
    },
  );
}

/** Tells a user of money that another user's order has brought. */
export function received(
  { id }: { id: string },
  receiver: string,
  paid: { asset: string; amount: string },
): EventDraft {
  return userEvent('transfer_received', receiver, { ...paid, order_id: formatId('order', id) });
}
