import { formatId } from '../../../core/ids.ts';
import { type Asset, formatAmount } from '../../../core/money.ts';
import type { OrderRecord } from '../../../core/order.ts';
import { cashOf, holdOf, type HoldState, outside } from '../../../ledger/index.ts';
import { type Decision, type OrderChange, refuse, reject, type View } from '../../desk.ts';
import { type CommandOf, completed, orderEvent, ownerOf, pending, readAmount, uuidIn } from '../../kit/index.ts';
import type { PaymentsChange, PaymentsRows } from '../rows.ts';
import { exceedsLimit, type PaymentsSettings } from '../settings.ts';

/**
 * How far a withdrawal has come: `requested` (the money is set aside, the user may still cancel it), `sent` (the bank
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
 * Says no with, in this order: gateway_missing, unknown_asset, invalid_amount (refused), not_a_currency, withdrawal_too_small,
 * amount_limit, insufficient_funds, withdrawals_pending.
 */
export function decideWithdraw(
  command: CommandOf<'withdraw'>,
  view: View<PaymentsRows>,
  settings: PaymentsSettings,
): Decision<PaymentsChange> {
  if (!settings.gateway) return reject('gateway_missing');
  const read = readAmount(view, command.params.asset, command.params.amount);
  if (!read.ok) return read.decision;
  const { asset, minor } = read;
  if (asset.class !== 'currency') return reject('not_a_currency');
  if (minor < settings.withdrawalMinOf(asset.scale)) return reject('withdrawal_too_small');
  if (exceedsLimit(settings, 'withdraw', asset, minor)) return reject('amount_limit');
  const userId = ownerOf(command);
  const account = cashOf(userId, asset.code);
  if (view.ledger.available(account) < minor) return reject('insufficient_funds');
  if (exceedsPending(view, settings, { userId, asset, minor })) return reject('withdrawals_pending');
  const { id: orderId } = command;
  const amount = formatAmount(minor, asset.scale);
  return pending<PaymentsChange>({ stage: 'requested', asset: asset.code, amount } satisfies Progress, {
    entries: [{ type: 'hold', holdId: holdOf(orderId), account, amount: minor }],
    changes: [{ type: 'withdrawal_opened', withdrawal: { orderId, userId, asset: asset.code, amount: minor } }],
    events: [orderEvent('withdrawal_requested', { id: orderId, userId }, { asset: asset.code, amount })],
  });
}

/** Whether one more would be more than may wait at a time. Intake's shard is the user's, so that two cannot pass together. */
function exceedsPending(
  view: View<PaymentsRows>,
  settings: PaymentsSettings,
  { userId, asset, minor }: { userId: string; asset: Asset; minor: bigint },
): boolean {
  const waiting = view.rows.pending.all(userId);
  if (waiting.size >= settings.withdrawalsPendingMax) return true;
  let amount = minor;
  for (const one of waiting.values()) if (one.asset === asset.code) amount += one.amount;
  return amount > settings.withdrawalsPendingAmountMaxOf(asset.scale);
}

/** The withdrawal no longer waits. */
function closedOf({ id, userId }: Withdrawal, { account, amount }: HoldState): PaymentsChange[] {
  return [{ type: 'withdrawal_closed', withdrawal: { orderId: id, userId, asset: account.asset, amount } }];
}

/**
 * The user cancels a withdrawal that was not sent yet: the money is available again.
 *
 * Refused with, in this order: not_found (for another user’s too), order_not_cancelable.
 */
export function decideCancel(
  command: CommandOf<'cancel_withdrawal'>,
  view: View<PaymentsRows>,
): Decision<PaymentsChange> {
  const order = targetOf(command, view);
  if (!order || order.userId !== ownerOf(command)) return refuse('not_found', 'There is no such order.', '/order_id');
  const progress = progressOf(order);
  if (!isWithdrawal(order) || order.status !== 'pending' || progress.stage !== 'requested') {
    return refuse('order_not_cancelable', 'The order is final already, or the bank has it.', '/order_id');
  }
  const hold = heldFor(order, view);
  return completed<PaymentsChange>(
    { order_id: formatId('order', order.id) },
    {
      entries: [{ type: 'release', holdId: hold.id, amount: leftOf(hold) }],
      changes: closedOf(order, hold),
      orders: [{ id: order.id, status: 'canceled', reason: 'canceled_by_user', result: { ...progress } }],
    },
  );
}

/**
 * The withdrawal is about to be handed to the bank, and can no longer be canceled. Rejected with order_final where it
 * was canceled before; refused with not_found where there is no such withdrawal.
 */
export function decideSend(command: CommandOf<'send_withdrawal'>, view: View<PaymentsRows>): Decision<PaymentsChange> {
  const order = targetOf(command, view);
  if (!order || !isWithdrawal(order)) return refuse('not_found', 'There is no such withdrawal.', '/order_id');
  if (order.status !== 'pending') return reject('order_final');
  const { asset, amount } = progressOf(order);
  return followUp(
    order,
    { status: 'pending', reason: null, result: { stage: 'sent', asset, amount } satisfies Progress },
    { events: [{ ...orderEvent('withdrawal_sent', order, { asset, amount }), orderId: order.id }] },
  );
}

/**
 * The bank's answer. Approved: the held money goes outside, the order is completed. Otherwise the money is available
 * again, and the order is rejected (declined_outside), or failed where it expired unpaid (deadline_passed). Result
 * `{order_id, status}`, which says what became of the order. Rejected with order_final where the order was final before;
 * refused with not_found where there is no such withdrawal.
 */
export function decideSettle(
  command: CommandOf<'settle_withdrawal'>,
  view: View<PaymentsRows>,
): Decision<PaymentsChange> {
  const order = targetOf(command, view);
  if (!order || !isWithdrawal(order)) return refuse('not_found', 'There is no such withdrawal.', '/order_id');
  if (order.status !== 'pending')
    return reject('order_final', { order_id: formatId('order', order.id), status: order.status });
  const { approved, reason } = command.params;
  const hold = heldFor(order, view);
  const left = leftOf(hold);
  const { asset, amount } = progressOf(order);
  return followUp(
    order,
    { ...verdict(approved, reason), result: { stage: 'settled', asset, amount } satisfies Progress },
    {
      entries: approved
        ? [{ type: 'capture', holdId: hold.id, credit: outside(asset), amount: left, reason: 'withdrawal' }]
        : [{ type: 'release', holdId: hold.id, amount: left }],
      changes: closedOf(order, hold),
      events: [{ ...orderEvent('withdrawal_settled', order, { asset, amount, approved }), orderId: order.id }],
    },
  );
}

function verdict(approved: boolean, reason: string | undefined): Pick<OrderChange, 'status' | 'reason'> {
  if (approved) return { status: 'completed', reason: null };
  return reason === 'deadline_passed'
    ? { status: 'failed', reason: 'deadline_passed' }
    : { status: 'rejected', reason: 'declined_outside' };
}

/** A withdrawal has a user. */
type Withdrawal = Readonly<OrderRecord> & { userId: string };

function isWithdrawal(order: Readonly<OrderRecord>): order is Withdrawal {
  return order.kind === 'withdraw' && order.userId !== null;
}

type AboutAnOrder = CommandOf<'cancel_withdrawal' | 'send_withdrawal' | 'settle_withdrawal'>;

function targetOf({ params }: AboutAnOrder, view: View<PaymentsRows>): Readonly<OrderRecord> | undefined {
  return view.order(uuidIn('order', params.order_id));
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
  { id }: Withdrawal,
  change: Omit<OrderChange, 'id'>,
  parts: Parameters<typeof completed<PaymentsChange>>[1],
): Decision<PaymentsChange> {
  return completed(
    { order_id: formatId('order', id), status: change.status },
    { ...parts, orders: [{ id, ...change }] },
  );
}
