import type { ParamsOf } from '@millrace/contract';
import { formatId, parseId } from '../../../core/ids.ts';
import { formatAmount } from '../../../core/money.ts';
import { cashOf, outside } from '../../../ledger/index.ts';
import { type Command, type Decision, reject, type View } from '../../desk.ts';
import { promotions } from '../names.ts';
import type { PaymentsRows } from '../rows.ts';
import type { PaymentsSettings } from '../settings.ts';
import { canDebit, exceedsLimit, readAmount } from './amounts.ts';
import { ownerOf } from './owner.ts';

/**
 * Money comes in from outside. Result `{asset, amount}`.
 *
 * Says no with, in this order: gateway_missing, unknown_asset, invalid_amount (refused), amount_limit, balance_limit.
 */
export function decideDeposit(command: Command, view: View<PaymentsRows>, settings: PaymentsSettings): Decision<never> {
  const params = command.params as ParamsOf<'deposit'>;
  if (!settings.gateway) return reject('gateway_missing');
  const read = readAmount(view, { code: params.asset, amount: params.amount, pointer: '/amount' });
  if (!read.ok) return read.decision;
  const { asset, minor } = read;
  if (exceedsLimit(settings, 'deposit', asset, minor)) return reject('amount_limit');
  const userId = ownerOf(command);
  const debit = outside(asset.code);
  const credit = cashOf(userId, asset.code);
  if (!view.ledger.canCredit(credit, minor) || !canDebit(view.ledger, debit, minor)) return reject('balance_limit');
  const amount = formatAmount(minor, asset.scale);
  const user = formatId('user', userId);
  const data = { user_id: user, asset: asset.code, amount, order_id: formatId('order', command.id) };
  return {
    type: 'decide',
    status: 'completed',
    reason: null,
    result: { asset: asset.code, amount },
    entries: [{ type: 'transfer', debit, credit, amount: minor, reason: 'deposit' }],
    changes: [],
    events: [{ type: 'deposit_received', subject: user, userId, data }],
    orders: [],
  };
}

/**
 * A new user's starting balance. Result `{asset, amount}`.
 *
 * Says no with, in this order: unknown_asset, invalid_amount (refused), user_not_found, balance_limit.
 */
export function decideBonus(command: Command, view: View<PaymentsRows>): Decision<never> {
  const params = command.params as ParamsOf<'grant_bonus'>;
  const read = readAmount(view, { code: params.asset, amount: params.amount, pointer: '/amount' });
  if (!read.ok) return read.decision;
  const { asset, minor } = read;
  const userId = parseId('user', params.user_id) as string;
  if (!view.rows.users.has(userId)) return reject('user_not_found');
  const debit = promotions(asset.code);
  const credit = cashOf(userId, asset.code);
  if (!view.ledger.canCredit(credit, minor) || !canDebit(view.ledger, debit, minor)) return reject('balance_limit');
  const amount = formatAmount(minor, asset.scale);
  const user = formatId('user', userId);
  return {
    type: 'decide',
    status: 'completed',
    reason: null,
    result: { asset: asset.code, amount },
    entries: [{ type: 'transfer', debit, credit, amount: minor, reason: 'bonus' }],
    changes: [],
    events: [{ type: 'bonus_granted', subject: user, userId, data: { user_id: user, asset: asset.code, amount } }],
    orders: [],
  };
}
