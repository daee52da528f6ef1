import type { OrderAnswer } from '../../core/order.ts';
import { type Kind, KINDS, type OrderExplanationView, REASONS } from '@millrace/contract';

const BY_KIND: Readonly<Record<string, Kind | undefined>> = KINDS;

/** What became of an order, in plain words: one or two sentences. */
export function summaryOf(order: OrderAnswer): string {
  const asked = askedFor(order);
  switch (order.status) {
    case 'completed':
      return `${asked} This was done${partOf(order)}.`;
    case 'pending':
      return `${asked} It is under way: the order is safe, and the outside has to answer before it is final.`;
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
    return { what: 'Another order has to take the other side.', since: order.created_at, until: null };
  if (order.status !== 'pending') return null;
  const stages = BY_KIND[order.kind]?.waitsFor ?? {};
  const stage = textOf(order.result['stage']);
  const what = stages[stage] ?? 'The outside has to answer.';
  // An order begins in its first stage, whatever else changed it since; it came to the others by a change.
  const isFirst = stages[stage] === undefined || stage === Object.keys(stages)[0];
  return { what, since: isFirst ? order.created_at : order.updated_at, until: null };
}

function reasonOf({ reason }: OrderAnswer): string {
  if (reason === null) return 'no reason is recorded.';
  const text: string = REASONS[reason] ?? reason;
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Less may be taken than was offered. */
function partOf({ params, result }: OrderAnswer): string {
  const accepted = result['accepted_amount'];
  if (typeof accepted !== 'string') return '';
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

/** The kind's sentence, with what the order says; what it does not say leaves no gap. */
function askedFor({ kind, params, result }: OrderAnswer): string {
  const asked = BY_KIND[kind]?.asked ?? `Millrace was to do ${kind.replaceAll('_', ' ')}.`;
  return asked
    .replaceAll(/ ?\{(\w+)\}/g, (field, name: string) => {
      const said = textOf(params[name] ?? result[name]);
      return said === '' ? '' : `${field.startsWith(' ') ? ' ' : ''}${said}`;
    })
    .trim();
}
