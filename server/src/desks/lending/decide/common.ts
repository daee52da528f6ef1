import type { EventDataOf, EventType, KindName, ParamsOf, Reason } from '@millrace/contract';
import { formatId, parseId } from '../../../core/ids.ts';
import type { JsonObject } from '../../../core/json.ts';
import { type AmountFault, type Asset, formatAmount } from '../../../core/money.ts';
import { type Command, type Decision, type EventDraft, refuse, reject, type View } from '../../desk.ts';
import type { LendingChange, LendingRows, LoanRow } from '../rows.ts';

export type LendingView = View<LendingRows>;
export type LendingDecision = Decision<LendingChange>;
export type CommandOf<Name extends KindName> = Command<ParamsOf<Name>>;

const FAULTS: Record<AmountFault, string> = {
  not_a_number: 'The amount is not a plain decimal number.',
  too_precise: 'The amount has more decimal places than the asset.',
  not_positive: 'The amount must be more than zero.',
  too_large: 'The amount is too large.',
};

export function refuseAmount(fault: AmountFault, asset: Asset): LendingDecision {
  return refuse('invalid_amount', `${FAULTS[fault]} ${asset.code} has ${asset.scale} decimal places.`, '/amount');
}

/** The UUID of a loan id that the schema has admitted. */
export function loanUuid(id: string): string {
  const uuid = parseId('loan', id);
  if (uuid === undefined) throw new Error(`${id} is no loan id`);
  return uuid;
}

export const amountText = (loan: LoanRow, minor: bigint): string => formatAmount(minor, loan.scale);

/** A rejection that names the loan, so that clients can show it beside the loan. */
export function rejectFor(loanId: string, reason: Reason, more: JsonObject = {}): LendingDecision {
  return reject(reason, { loan_id: formatId('loan', loanId), ...more });
}

export function completed(
  result: JsonObject,
  parts: Partial<Pick<Extract<LendingDecision, { type: 'decide' }>, 'entries' | 'changes' | 'events'>>,
): LendingDecision {
  const { entries = [], changes = [], events = [] } = parts;
  return { type: 'decide', status: 'completed', reason: null, result, entries, changes, events, orders: [] };
}

/** What an event carries beside the fields that every event of its kind has. */
type More<Name extends EventType, Common extends string> = Omit<EventDataOf<Name>, Common>;

/** An event that everybody may see. `loan_id` is added to the data. */
export function loanEvent<Name extends EventType>(
  type: Name,
  loanId: string,
  data: More<Name, 'loan_id'>,
): Extract<EventDraft, { type: Name }> {
  const id = formatId('loan', loanId);
  const draft = { type, subject: id, userId: null, data: { loan_id: id, ...data } };
  return draft as unknown as Extract<EventDraft, { type: Name }>;
}

/** An event about one user's money. `loan_id`, `user_id` and `asset` are added to the data. */
export function ownEvent<Name extends EventType>(
  type: Name,
  loan: LoanRow,
  userId: string,
  data: More<Name, 'loan_id' | 'user_id' | 'asset'>,
): Extract<EventDraft, { type: Name }> {
  const id = formatId('loan', loan.id);
  const common = { loan_id: id, user_id: formatId('user', userId), asset: loan.asset };
  return { type, subject: id, userId, data: { ...common, ...data } } as unknown as Extract<EventDraft, { type: Name }>;
}
