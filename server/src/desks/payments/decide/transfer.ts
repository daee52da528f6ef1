import type { ParamsOf } from '@millrace/contract';
import { formatId, parseId } from '../../../core/ids.ts';
import { formatAmount } from '../../../core/money.ts';
import { cashOf } from '../../../ledger/index.ts';
import { type Command, type Decision, type EventDraft, reject, type View } from '../../desk.ts';
import type { PaymentsRows } from '../rows.ts';
import type { PaymentsSettings } from '../settings.ts';
import { exceedsLimit, readAmount } from './amounts.ts';
import { ownerOf } from './owner.ts';

/**
 * Money goes from one user to another. Result `{asset, amount, to_user}`.
 *
 * Says no with, in this order: unknown_asset, invalid_amount (refused), amount_limit, same_account, user_not_found,
 * receiver_unavailable, insufficient_funds, balance_limit.
 */
export function decideTransfer(
  command: Command,
  view: View<PaymentsRows>,
  settings: PaymentsSettings,
): Decision<never> {
  const params = command.params as ParamsOf<'transfer'>;
  const read = readAmount(view, { code: params.asset, amount: params.amount, pointer: '/amount' });
  if (!read.ok) return read.decision;
  const { asset, minor } = read;
  if (exceedsLimit(settings, 'transfer', asset, minor)) return reject('amount_limit');
  const sender = ownerOf(command);
  const receiver = parseId('user', params.to_user) as string;
  if (receiver === sender) return reject('same_account');
  const user = view.rows.users.get(receiver);
  if (!user) return reject('user_not_found');
  if (!user.receives) return reject('receiver_unavailable');
  const debit = cashOf(sender, asset.code);
  const credit = cashOf(receiver, asset.code);
  if (view.ledger.available(debit) < minor) return reject('insufficient_funds');
  if (!view.ledger.canCredit(credit, minor)) return reject('balance_limit');
  const amount = formatAmount(minor, asset.scale);
  return {
    type: 'decide',
    status: 'completed',
    reason: null,
    result: { asset: asset.code, amount, to_user: formatId('user', receiver) },
    entries: [{ type: 'transfer', debit, credit, amount: minor, reason: 'transfer' }],
    changes: [],
    events: [received(command, receiver, asset.code, amount)],
    orders: [],
  };
}

/** Tells a user of money that another user's order has brought. */
export function received(command: Command, receiver: string, asset: string, amount: string): EventDraft {
  const user = formatId('user', receiver);
  const data = { user_id: user, asset, amount, order_id: formatId('order', command.id) };
  return { type: 'transfer_received', subject: user, userId: receiver, data };
}
