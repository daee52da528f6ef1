import type { WireEventEnvelope } from '@millrace/contract';
import { nameOf, textOf } from '../../live/index.ts';
import { formatMoney } from '../../money/index.ts';
import { type DeskNotices, type Notice, untold } from '../section.ts';

function moneyOf(event: WireEventEnvelope): string {
  return formatMoney(textOf(event, 'amount'), textOf(event, 'asset'));
}

function withdrawalSettled(event: WireEventEnvelope): Notice {
  const to = `/orders/${textOf(event, 'order_id')}`;
  if (event.data['approved'] === true) {
    return { title: `${moneyOf(event)} was paid out`, detail: 'The bank has sent it.', tone: 'good', to };
  }
  const detail = 'The money is available again.';
  return { title: `The withdrawal of ${moneyOf(event)} was not paid out`, detail, tone: 'bad', to };
}

/** What these events say to the person whose money it is. What one did on this page oneself is only in the bell. */
export const moneyNotices: DeskNotices<'payments'> = {
  deposit_received: (event) => ({
    title: `${moneyOf(event)} was deposited`,
    tone: 'good',
    to: `/orders/${textOf(event, 'order_id')}`,
    quiet: true,
  }),
  bonus_granted: (event) => ({
    title: `You start with ${moneyOf(event)}`,
    detail: 'A starting balance was granted to you.',
    tone: 'good',
    to: '/cash',
  }),
  transfer_received: (event) => ({
    title: `${moneyOf(event)} was sent to you`,
    detail: 'By another user.',
    tone: 'good',
    to: '/statement',
  }),
  withdrawal_requested: (event) => ({
    title: `${moneyOf(event)} is set aside for a withdrawal`,
    tone: 'neutral',
    to: `/orders/${textOf(event, 'order_id')}`,
    quiet: true,
  }),
  withdrawal_sent: (event) => ({
    title: `${moneyOf(event)} was handed to your bank`,
    detail: 'The withdrawal cannot be canceled any more.',
    tone: 'neutral',
    to: `/orders/${textOf(event, 'order_id')}`,
    quiet: true,
  }),
  withdrawal_settled: withdrawalSettled,
  // Stages of a payment, of which the last one tells.
  payment_processed: untold,
  payment_paid: untold,
  payment_finalized: (event) => ({
    title: `${moneyOf(event)} was paid to ${nameOf(event, 'merchant')}`,
    tone: 'neutral',
    to: `/orders/${textOf(event, 'order_id')}`,
    quiet: true,
  }),
};
