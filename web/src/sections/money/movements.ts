import type { WireOrder, WireTransfer } from '@millrace/contract';
import { negate } from '../../money/index.ts';
import { isCancelable, type Submission } from '../../orders/index.ts';
import { amountOf, signedAmount } from './amounts.ts';
import type { Kind } from './money-order.ts';
import { hasOrderPage, wordsOfMove } from './wording.ts';

/** A line of what has happened lately, and of what is about to. */
export interface Movement {
  id: string;
  at: string;
  what: string;
  /** With its sign. */
  amount: string;
  /** As `StatusBadge` knows it; lines of the account are completed. */
  status: 'sending' | 'pending' | 'completed' | 'rejected' | 'unsure' | 'turned_down';
  orderId: string | null;
  /** It can still be canceled. */
  isCancelable: boolean;
  submission: Submission<Kind> | null;
  /** That the money went into or came from. */
  loan?: WireTransfer['loan'];
}

const NAMES = {
  deposit: 'Deposit',
  withdraw: 'Withdrawal',
  transfer: 'Sent to another user',
  pay: 'Payment to a merchant',
} as const;
const STATUS = {
  sending: 'sending',
  accepted: 'completed',
  refused: 'rejected',
  unsure: 'unsure',
  turned_down: 'turned_down',
} as const;

export interface MovementSources {
  submissions: readonly Submission<Kind>[];
  pending: readonly WireOrder[];
  lines: readonly WireTransfer[];
  asset: string;
}

/**
 * What was just asked for, then what waits for the bank, then the account's newest lines. Each order stands there once: the
 * server's word takes the place of what the page assumed.
 */
export function movementsOf({ submissions, pending, lines, asset }: MovementSources): Movement[] {
  const waiting = pending.filter(({ params }) => textIn(params, 'asset') === asset);
  const known = new Set([...waiting.map(({ id }) => id), ...lines.map(({ order_id }) => order_id)]);
  const asked = submissions.filter(({ order }) => order.asset === asset && !known.has(order.id));
  return [...asked.map(ofSubmission), ...waiting.map(ofPending), ...lines.map(ofLine)];
}

/** An order whose answer was lost, and which has arrived all the same: the server knows it, so there is nothing to send again. */
export function landedOf({ submissions, pending, lines }: Omit<MovementSources, 'asset'>): string | undefined {
  const known = new Set([...pending.map(({ id }) => id), ...lines.map(({ order_id }) => order_id)]);
  return submissions.find(({ order, state }) => state.name === 'unsure' && known.has(order.id))?.order.id;
}

function ofSubmission(submission: Submission<Kind>): Movement {
  const { order, at, state } = submission;
  const amount = amountOf(order);
  return {
    id: order.id,
    at,
    what: NAMES[order.kind],
    amount: order.kind === 'deposit' ? amount : negate(amount),
    status: STATUS[state.name],
    orderId: state.name === 'accepted' || state.name === 'refused' ? order.id : null,
    isCancelable: false,
    submission,
  };
}

function ofPending(order: WireOrder): Movement {
  const { id, created_at, params } = order;
  return {
    id,
    at: created_at,
    what: NAMES.withdraw,
    amount: negate(textIn(params, 'amount')),
    status: 'pending',
    orderId: id,
    isCancelable: isCancelable(order),
    submission: null,
  };
}

function ofLine(line: WireTransfer): Movement {
  return {
    id: line.id,
    at: line.at,
    what: wordsOfMove(line.reason, line.direction),
    amount: signedAmount(line),
    status: 'completed',
    orderId: hasOrderPage(line) ? line.order_id : null,
    isCancelable: false,
    submission: null,
    loan: line.loan,
  };
}

function textIn(object: object, name: string): string {
  return String((object as Record<string, unknown>)[name]);
}
