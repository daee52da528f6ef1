import { formatId } from '../../../core/ids.ts';
import { formatAmount } from '../../../core/money.ts';
import { cashOf, outside } from '../../../ledger/index.ts';
import { type Decision, reject, type View } from '../../desk.ts';
import { type CommandOf, completed, ownerOf, readAmount, userEvent, uuidIn, whyNotMoved } from '../../kit/index.ts';
import { promotions } from '../names.ts';
import type { PaymentsRows } from '../rows.ts';
import { exceedsLimit, type PaymentsSettings } from '../settings.ts';

/**
 * Money comes in from outside. Result `{asset, amount}`.
 *
 * Says no with, in this order: gateway_missing, unknown_asset, invalid_amount (refused), not_a_currency, amount_limit, balance_limit.
 */
export function decideDeposit(
  command: CommandOf<'deposit'>,
  view: View<PaymentsRows>,
  settings: PaymentsSettings,
): Decision<never> {
  if (!settings.deposits) return reject('gateway_missing');
  const read = readAmount(view, command.params.asset, command.params.amount);
  if (!read.ok) return read.decision;
  const { asset, minor } = read;
  if (asset.class !== 'currency') return reject('not_a_currency');
  if (exceedsLimit(settings, 'deposit', asset, minor)) return reject('amount_limit');
  const userId = ownerOf(command);
  const way = { debit: outside(asset.code), credit: cashOf(userId, asset.code) };
  const impossible = whyNotMoved(view.ledger, way, minor);
  if (impossible) return reject(impossible);
  const paid = { asset: asset.code, amount: formatAmount(minor, asset.scale) };
  return completed(paid, {
    entries: [{ type: 'transfer', ...way, amount: minor, reason: 'deposit' }],
    events: [userEvent('deposit_received', userId, { ...paid, order_id: formatId('order', command.id) })],
  });
}

/**
 * A new user's starting balance. Result `{asset, amount}`.
 *
 * Says no with, in this order: unknown_asset, invalid_amount (refused), not_a_currency, user_not_found, balance_limit.
 */
export function decideBonus({ params }: CommandOf<'grant_bonus'>, view: View<PaymentsRows>): Decision<never> {
  const read = readAmount(view, params.asset, params.amount);
  if (!read.ok) return read.decision;
  const { asset, minor } = read;
  if (asset.class !== 'currency') return reject('not_a_currency');
  const userId = uuidIn('user', params.user_id);
  if (!view.rows.users.has(userId)) return reject('user_not_found');
  const way = { debit: promotions(asset.code), credit: cashOf(userId, asset.code) };
  const impossible = whyNotMoved(view.ledger, way, minor);
  if (impossible) return reject(impossible);
  const paid = { asset: asset.code, amount: formatAmount(minor, asset.scale) };
  return completed(paid, {
    entries: [{ type: 'transfer', ...way, amount: minor, reason: 'bonus' }],
    events: [userEvent('bonus_granted', userId, paid)],
  });
}
