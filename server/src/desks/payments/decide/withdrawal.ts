import type { ParamsOf } from '@millrace/contract';
import type { OrderRecord } from '../../../core/order.ts';
import { formatId, parseId } from '../../../core/ids.ts';
import { type Asset, formatAmount } from '../../../core/money.ts';
import { cashOf, type HoldState, outside } from '../../../ledger/index.ts';
import {
  type Command,
  type Decision,
  type EventDraft,
  type OrderChange,
  refuse,
  reject,
  type View,
} from '../../desk.ts';
import { holdOf } from '../names.ts';
import type { PaymentsChange, PaymentsRows } from '../rows.ts';
import type { PaymentsSettings } from '../settings.ts';
import { exceedsLimit, readAmount } from './amounts.ts';
import { ownerOf } from './owner.ts';

/**
 * How far a withdrawal has come: `requested` (the money is set aside, the user may still call it back), `sent` (the bank
 * may have it), `settled`.
 */
export type Stage = 'requested' | 'sent' | 'settled';

/** A withdrawal order's result. */
interface Progress {
  stage: Stage;
  asset: string;
  amount: string;
}

/**
 * Sets money aside that is to go outside: the order is pending until the bank has answered. Result
 * `{stage: 'requested', asset, amount}`.
 *
 * Says no with, in this order: gateway_missing, unknown_asset, invalid_amount (refused), withdrawal_too_small, amount_limit,
 * insufficient_funds, withdrawals_pending.
 */
export function decideWithdraw(
  command: Command,
  view: View<PaymentsRows>,
  settings: PaymentsSettings,
): Decision<PaymentsChange> {
  const params = command.params as ParamsOf<'withdraw'>;
  if (!settings.gateway) return reject('gateway_missing');
  const read = readAmount(view, { code: params.asset, amount: params.amount, pointer: '/amount' });
  if (!read.ok) return read.decision;
  const { asset, minor } = read;
  if (minor < settings.withdrawalMinOf(asset.scale)) return reject('withdrawal_too_small');
  if (exceedsLimit(settings, 'withdraw', asset, minor)) return reject('amount_limit');
  const userId = ownerOf(command);
  const account = cashOf(userId, asset.code);
  if (view.ledger.available(account) < minor) return reject('insufficient_funds');
  if (exceedsPending(view, settings, { userId, asset, minor })) return reject('withdrawals_pending');
  const progress: Progress = { stage: 'requested', asset: asset.code, amount: formatAmount(minor, asset.scale) };
  return {
    type: 'decide',
    status: 'pending',
    reason: null,
    result: { ...progress },
    entries: [{ type: 'hold', holdId: holdOf(command.id), account, amount: minor }],
    changes: [
      { type: 'withdrawal_opened', withdrawal: { orderId: command.id, userId, asset: asset.code, amount: minor } },
    ],
    events: [eventOf('withdrawal_requested', { id: command.id, userId }, progress)],
    orders: [],
  };
}

/** Whether one more would be more than may wait at a time. Intake's shard is the user's, so that two cannot pass together. */
function exceedsPending(
  view: View<PaymentsRows>,
  settings: PaymentsSettings,
  { userId, asset, minor }: { userId: string; asset: Asset; minor: bigint },
): boolean {
  const pending = view.rows.pending.all(userId);
  let amount = minor;
  for (const waiting of pending.values()) if (waiting.asset === asset.code) amount += waiting.amount;
  return pending.size >= settings.withdrawalsPendingMax || amount > settings.withdrawalsPendingAmountMaxOf(asset.scale);
}

/** The withdrawal no longer waits. */
function closedOf(order: Readonly<OrderRecord>, hold: HoldState): PaymentsChange[] {
  const withdrawal = {
    orderId: order.id,
    userId: order.userId as string,
    asset: hold.account.asset,
    amount: hold.amount,
  };
  return [{ type: 'withdrawal_closed', withdrawal }];
}

/**
 * The user cancels a withdrawal that was not sent yet: the money is available again.
 *
 * Refused with, in this order: not_found (for somebody else's too), order_not_cancelable.
 */
export function decideCancel(command: Command, view: View<PaymentsRows>): Decision<PaymentsChange> {
  const order = targetOf(command, view);
  if (!order || order.userId !== ownerOf(command)) return refuse('not_found', 'There is no such order.', '/order_id');
  const progress = progressOf(order);
  if (order.kind !== 'withdraw' || order.status !== 'pending' || progress.stage !== 'requested') {
    return refuse('order_not_cancelable', 'The order is final already, or the bank has it.', '/order_id');
  }
  const hold = heldFor(order, view);
  return {
    type: 'decide',
    status: 'completed',
    reason: null,
    result: { order_id: formatId('order', order.id) },
    entries: [{ type: 'release', holdId: hold.id, amount: leftOf(hold) }],
    changes: closedOf(order, hold),
    events: [],
    orders: [{ id: order.id, status: 'canceled', reason: 'canceled_by_user', result: { ...progress } }],
  };
}

/**
 * The withdrawal is about to be handed to the bank, and can no longer be called back. Rejected with order_final where it
 * was called back before; refused with not_found where there is no such withdrawal.
 */
export function decideSend(command: Command, view: View<PaymentsRows>): Decision<never> {
  const order = targetOf(command, view);
  if (order?.kind !== 'withdraw') return refuse('not_found', 'There is no such withdrawal.', '/order_id');
  if (order.status !== 'pending') return reject('order_final');
  const progress: Progress = { ...progressOf(order), stage: 'sent' };
  return {
    ...followUp(order, { status: 'pending', reason: null, result: { ...progress } }),
    events: [{ ...eventOf('withdrawal_sent', order, progress), orderId: order.id }],
  };
}

/**
 * The bank's answer. Approved: the held money goes outside, the order is completed. Otherwise the money is available
 * again, and the order is rejected (declined_outside), or failed where it expired unpaid (deadline_passed). Result
 * `{order_id, status}`, which says what became of the order. Rejected with order_final where the order was final before;
 * refused with not_found where there is no such withdrawal.
 */
export function decideSettle(command: Command, view: View<PaymentsRows>): Decision<PaymentsChange> {
  const order = targetOf(command, view);
  if (order?.kind !== 'withdraw') return refuse('not_found', 'There is no such withdrawal.', '/order_id');
  if (order.status !== 'pending')
    return reject('order_final', { order_id: formatId('order', order.id), status: order.status });
  const { approved, reason } = command.params as ParamsOf<'settle_withdrawal'>;
  const hold = heldFor(order, view);
  const amount = leftOf(hold);
  const progress: Progress = { ...progressOf(order), stage: 'settled' };
  const base = followUp(order, { ...verdict(approved, reason), result: { ...progress } });
  return {
    ...base,
    entries: approved
      ? [{ type: 'capture', holdId: hold.id, credit: outside(hold.account.asset), amount, reason: 'withdrawal' }]
      : [{ type: 'release', holdId: hold.id, amount }],
    changes: closedOf(order, hold),
    events: [
      {
        type: 'withdrawal_settled',
        subject: formatId('order', order.id),
        userId: order.userId,
        orderId: order.id,
        data: { ...withdrawalData(order, progress), approved },
      },
    ],
  };
}

function verdict(approved: boolean, reason: string | undefined): Pick<OrderChange, 'status' | 'reason'> {
  if (approved) return { status: 'completed', reason: null };
  return reason === 'deadline_passed'
    ? { status: 'failed', reason: 'deadline_passed' }
    : { status: 'rejected', reason: 'declined_outside' };
}

function targetOf(command: Command, view: View<PaymentsRows>): Readonly<OrderRecord> | undefined {
  return view.order(parseId('order', (command.params as ParamsOf<'send_withdrawal'>).order_id) as string);
}

function progressOf(order: Readonly<OrderRecord>): Progress {
  return order.result as unknown as Progress;
}

function heldFor(order: Readonly<OrderRecord>, view: View<PaymentsRows>): HoldState {
  const hold = view.ledger.hold(holdOf(order.id));
  if (!hold) throw new Error(`the pending withdrawal ${order.id} has no hold`);
  return hold;
}

function leftOf(hold: HoldState): bigint {
  return hold.amount - hold.captured - hold.released;
}

/** An internal command that is done, and what becomes of the order that it is about. */
function followUp(
  { id }: Readonly<OrderRecord>,
  change: Omit<OrderChange, 'id'>,
): Extract<Decision<never>, { type: 'decide' }> {
  return {
    type: 'decide',
    status: 'completed',
    reason: null,
    result: { order_id: formatId('order', id), status: change.status },
    entries: [],
    changes: [],
    events: [],
    orders: [{ id, ...change }],
  };
}

/** What every event about a withdrawal carries. */
function withdrawalData({ id, userId }: Pick<OrderRecord, 'id' | 'userId'>, { asset, amount }: Progress) {
  if (userId === null) throw new Error(`withdrawal ${id} is nobody’s`);
  return { order_id: formatId('order', id), user_id: formatId('user', userId), asset, amount };
}

function eventOf(
  type: 'withdrawal_requested' | 'withdrawal_sent',
  order: Pick<OrderRecord, 'id' | 'userId'>,
  progress: Progress,
): EventDraft {
  return { type, subject: formatId('order', order.id), userId: order.userId, data: withdrawalData(order, progress) };
}
