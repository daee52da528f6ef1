import type { EventDataOf, EventType, Reason } from '@millrace/contract';
import { formatId } from '../../../core/ids.ts';
import type { JsonObject } from '../../../core/json.ts';
import { formatAmount } from '../../../core/money.ts';
import { type Decision, type EventDraft, reject, type View } from '../../desk.ts';
import { eventAbout, uuidIn } from '../../kit/index.ts';
import type { LendingChange, LendingRows, LoanRow } from '../rows.ts';

export type LendingView = View<LendingRows>;
export type LendingDecision = Decision<LendingChange>;

/** The UUID of a loan id that the schema has admitted. */
export const loanUuid = (id: string): string => uuidIn('loan', id);

export const amountText = (loan: LoanRow, minor: bigint): string => formatAmount(minor, loan.scale);

/** A rejection that names the loan, so that clients can show it beside the loan. */
export function rejectFor(loanId: string, reason: Reason, more: JsonObject = {}): LendingDecision {
  return reject(reason, { loan_id: formatId('loan', loanId), ...more });
}

/** What an event carries beside the fields that every event of its kind has. */
type More<Name extends EventType, Common extends string> = Omit<EventDataOf<Name>, Common>;
type Draft<Name extends EventType> = Extract<EventDraft, { type: Name }>;

/** An event that everybody may see. `loan_id` is added to the data. */
export function loanEvent<Name extends EventType>(
  type: Name,
  loanId: string,
  data: More<Name, 'loan_id'>,
): Draft<Name> {
  const subject = formatId('loan', loanId);
  return eventAbout(type, { subject, userId: null, common: { loan_id: subject } }, data);
}

/** An event about one user's money. `loan_id`, `user_id` and `asset` are added to the data. */
export function ownEvent<Name extends EventType>(
  type: Name,
  loan: LoanRow,
  userId: string,
  data: More<Name, 'loan_id' | 'user_id' | 'asset'>,
): Draft<Name> {
  const subject = formatId('loan', loan.id);
  const common = { loan_id: subject, user_id: formatId('user', userId), asset: loan.asset };
  return eventAbout(type, { subject, userId, common }, data);
}
