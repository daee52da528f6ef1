import type { EventDataOf, EventType, Reason } from '@millrace/contract';
import { formatId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import { type AmountFault, type Asset, BALANCE_MINOR_MAX, parseAmount } from '../../core/money.ts';
import { type AccountKey, isNote, type LedgerView, type ListedAsset, mayBeNegative } from '../../ledger/index.ts';
import { type Decision, type EventDraft, refuse, reject, type View } from '../desk.ts';

type Decided<Change> = Extract<Decision<Change>, { type: 'decide' }>;
/** What comes with a decision; whatever is left out is nothing. */
type Parts<Change> = Partial<Pick<Decided<Change>, 'entries' | 'changes' | 'events' | 'orders'>>;

export function completed<Change = never>(result: JsonObject, parts: Parts<Change> = {}): Decided<Change> {
  const { entries = [], changes = [], events = [], orders = [] } = parts;
  return { type: 'decide', status: 'completed', reason: null, result, entries, changes, events, orders };
}

/** It is final when the outside has answered. */
export function pending<Change = never>(result: JsonObject, parts: Parts<Change> = {}): Decided<Change> {
  return { ...completed(result, parts), status: 'pending' };
}

const FAULTS: Record<AmountFault, string> = {
  not_a_number: 'must be a plain decimal number, without sign and exponent',
  too_precise: 'has too many decimal places',
  not_positive: 'must be more than zero',
  too_large: 'is larger than any amount can be',
};

/** An amount at its asset's scale, or the decision that says why there is none. */
export type ReadAmount<Of extends Asset = Asset> =
  | { ok: true; asset: Of; minor: bigint }
  | { ok: false; decision: Decision<never> };

/** Refused with `invalid_amount` at `pointer`, which also says what the amount is called. */
export function amountIn<Of extends Asset>(asset: Of, amount: string | number, pointer = '/amount'): ReadAmount<Of> {
  const parsed = parseAmount(amount, asset.scale);
  if (parsed.ok) return { ok: true, asset, minor: parsed.minor };
  const detail = `The ${pointer.slice(1)} ${FAULTS[parsed.fault]}. ${asset.code} has ${asset.scale} decimal places.`;
  return { ok: false, decision: refuse('invalid_amount', detail, pointer) };
}

/**
 * The same in an asset of this installation that the command names. In order: `unknown_asset` or, where it is a note,
 * `not_a_currency` (rejected), `invalid_amount`.
 */
export function readAmount(
  { assets }: Pick<View<unknown>, 'assets'>,
  code: string,
  amount: string | number,
  pointer?: string,
): ReadAmount<ListedAsset> {
  const asset = assets.get(code);
  if (asset) return amountIn(asset, amount, pointer);
  return { ok: false, decision: reject(isNote(code) ? 'not_a_currency' : 'unknown_asset') };
}

/** Why so much cannot go from one account to another, the first that applies; undefined where it can. */
export function whyNotMoved(
  ledger: LedgerView,
  { debit, credit }: { debit: AccountKey; credit: AccountKey },
  minor: bigint,
): Extract<Reason, 'insufficient_funds' | 'balance_limit'> | undefined {
  // What stands for the world beyond the ledger gives whatever a balance can count.
  const isBoundless = mayBeNegative(debit.purpose);
  if (!isBoundless && ledger.available(debit) < minor) return 'insufficient_funds';
  const fits = ledger.canCredit(credit, minor) && (!isBoundless || ledger.balance(debit) - minor >= -BALANCE_MINOR_MAX);
  return fits ? undefined : 'balance_limit';
}

/** What an event's data has beside the fields that are added to it. */
type Rest<Name extends EventType, Added extends string> = Omit<EventDataOf<Name>, Added>;
type Draft<Name extends EventType> = Extract<EventDraft, { type: Name }>;

/** An event about one thing. `common` is what all events about it say; the compiler asks for the rest of the type's data. */
export function eventAbout<Name extends EventType, Common extends Partial<EventDataOf<EventType>>>(
  type: Name,
  about: { subject: string; userId: string | null; common: Common },
  rest: Rest<Name, keyof Common & string>,
): Draft<Name> {
  const { subject, userId, common } = about;
  return { type, subject, userId, data: { ...common, ...rest } } as unknown as Draft<Name>;
}

/** An event about a user (bare UUID), for that user. `user_id` is added to its data. */
export function userEvent<Name extends EventType>(
  type: Name,
  userId: string,
  data: Rest<Name, 'user_id'>,
): Draft<Name> {
  const subject = formatId('user', userId);
  return eventAbout(type, { subject, userId, common: { user_id: subject } }, data as never);
}

/** An event about a user's order, for that user. `order_id` and `user_id` are added to its data. */
export function orderEvent<Name extends EventType>(
  type: Name,
  { id, userId }: { id: string; userId: string },
  data: Rest<Name, 'order_id' | 'user_id'>,
): Draft<Name> {
  const subject = formatId('order', id);
  const common = { order_id: subject, user_id: formatId('user', userId) };
  return eventAbout(type, { subject, userId, common }, data as never);
}
