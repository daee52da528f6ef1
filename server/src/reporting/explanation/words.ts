import { type OrderExplanationView, type Reason, REASONS } from '@millrace/contract';
import type { OrderAnswer } from '../../intake/intake.ts';

/** What became of an order, in plain words: one or two sentences. */
export function summaryOf(order: OrderAnswer): string {
  const asked = askedFor(order);
  switch (order.status) {
    case 'completed':
      return `${asked} This was done${partOf(order)}.`;
    case 'pending':
      return `${asked} It is under way: the order is safe, and somebody outside has to answer before it is final.`;
    case 'open':
      return `${asked} The order is open and waits for its other side.`;
    case 'rejected':
      return `${asked} This was not done: ${reasonOf(order)}`;
    case 'canceled':
      return `${asked} This was canceled: ${reasonOf(order)}`;
    case 'failed':
      return `${asked} This could not be done: ${reasonOf(order)}`;
  }
}

/** What the order waits for; null where it is final. `deadLetterAt`: since when its dead letter waits, where it has one. */
export function waitOf(order: OrderAnswer, deadLetterAt: string | null): OrderExplanationView['waits_for'] {
  if (order.status === 'failed' && deadLetterAt !== null)
    return { what: 'An operator has to look at its dead letter and retry it.', since: deadLetterAt, until: null };
  if (order.status === 'open')
    return { what: 'Somebody has to take the other side.', since: order.created_at, until: null };
  if (order.status !== 'pending') return null;
  // Only the bank knows whether it has paid: however late its answer comes, nothing else ends a withdrawal.
  if (order.kind === 'withdraw' && order.result['stage'] === 'sent')
    return { what: 'The bank has the withdrawal and has to answer.', since: order.updated_at, until: null };
  if (order.kind === 'withdraw')
    return { what: 'The withdrawal has to be handed to the bank.', since: order.created_at, until: null };
  return { what: 'Somebody outside has to answer.', since: order.created_at, until: null };
}

function reasonOf({ reason }: OrderAnswer): string {
  if (reason === null) return 'no reason is recorded.';
  const text: string = REASONS[reason as Reason] ?? reason;
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** A loan may take less than was offered. */
function partOf({ kind, params, result }: OrderAnswer): string {
  const accepted = result['accepted_amount'];
  if (kind !== 'fund_loan' || typeof accepted !== 'string') return '';
  return plain(accepted) === plain(textOf(params['amount']))
    ? ' in full'
    : ` in part: ${accepted} was still open and accepted`;
}

/** The same text for the same amount: `50.00` → `50`. */
function plain(amount: string): string {
  return amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount;
}

/** Parameters are texts and numbers; anything else is not for a sentence. */
function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function askedFor({ kind, params, result }: OrderAnswer): string {
  const text = (name: string): string => textOf(params[name] ?? result[name]);
  const money = `${text('amount')} ${text('asset')}`.trim();
  switch (kind) {
    case 'fund_loan':
      return `${text('amount')} was to be invested in the loan ${text('loan_id')}.`;
    case 'repay_loan':
      return `The next instalment of the loan ${text('loan_id')} was to be paid.`;
    case 'recover_loan':
      return `An instalment of the loan ${text('loan_id')}, which is in default, was to be paid out of what was recovered.`;
    case 'deposit':
      return `${money} was to come in.`;
    case 'withdraw':
      return `${money} was to be sent outside.`;
    case 'transfer':
      return `${money} was to go to ${text('to_user')}.`;
    case 'pay':
      return `${text('merchant')} was to be paid for ${text('quantity')} × ${text('item')} at ${text('price')} ${text('asset')}.`.replace(
        ' .',
        '.',
      );
    case 'grant_bonus':
      return `A starting balance of ${money} was to be given.`;
    default:
      return `Millrace was to do ${kind.replaceAll('_', ' ')}.`;
  }
}
