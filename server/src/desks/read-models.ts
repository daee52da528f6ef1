import type { EventType, FoundName, TransferReason } from '@millrace/contract';
import type Type from 'typebox';

/**
 * What a desk gives to the lists and numbers that belong to no single desk. Its part of their answers is in its contract (`lines`,
 * `totals`, `found`); here is how to read it, behind the way of orders.
 */

export type Fields = Readonly<Record<string, Type.TSchema>>;

/** One field of a statement's line: the thing that the line is about. */
export interface LineField<View> {
  /**
   * SQL over a transfer `t` of the account `$1::uuid`, and the account `other` on its other side: the bare UUID of the thing; null: it is
   * about none. Asked for each line of a page.
   */
  subjectSql: string;
  /** Columns of all the things, `id` (UUID) among them. */
  thingsSql: string;
  /** The field's value; null where the line is about no such thing. */
  view(thing: never): View;
}

export interface DeskLines<Contract extends Fields = Fields> {
  /**
   * Transfers that stand under a command of the system's own, which nobody can look up: by their reason, SQL over the transfer `t`
   * for the bare UUID of the order whose line it is.
   */
  orders?: Readonly<Partial<Record<TransferReason, string>>>;
  fields: { readonly [Name in keyof Contract]: LineField<NonNullable<Type.Static<Contract[Name]>>> };
}

/** What was counted and summed of all that was ever committed. Throws where the desk has not declared it. */
export interface Counted {
  events(type: EventType): number;
  /** In the installation's currency, minor units. */
  moved(reason: TransferReason): bigint;
  /** As a decimal string of that currency. */
  amount(minor: bigint): string;
}

/** Numbers of the desk among those of the whole installation: they are kept as the log is indexed, so that nobody counts rows. */
export interface DeskTotals<Contract extends Fields = Fields> {
  /** Events that are counted. One that is added later is counted from then on, unless a migration sets the index back. */
  events: readonly EventType[];
  /** Reasons whose transfers are summed; of each the side that few transfers of a batch differ in, to find the asset by. */
  transfers: Readonly<Partial<Record<TransferReason, 'debit' | 'credit'>>>;
  of(counted: Counted): { [Name in keyof Contract]: Type.Static<Contract[Name]> };
}

/** How operators find one type of a desk's things. Each statement returns `id`, `title` and `subtitle`, newest first. */
export interface FoundThings {
  /** Of those with an id from `$1::uuid` to `$2::uuid`, at most `$3`: ids of this type have a prefix. Absent: they have none. */
  byId?: string;
  /** Of those that hold the text `$1` (made by `searchTerm`), at most `$2`. Absent: only ids find them. */
  byText?: string;
}

export type FoundOf<Names extends FoundName = FoundName> = { readonly [Name in Names]: FoundThings };
