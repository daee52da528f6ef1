import { ENGINE_VOCABULARY } from './engine/vocabulary.ts';
import { LENDING_VOCABULARY } from './lending/vocabulary.ts';
import { each, merged } from './merged.ts';
import { PAYMENTS_VOCABULARY } from './payments/vocabulary.ts';
import type { Vocabulary } from './vocabulary-entry.ts';

/**
 * The names of all desks, and what they mean. Plain data, for browsers too; what needs schemas is in `index.ts`, where a
 * desk is a type error until its vocabulary stands here.
 */
export const VOCABULARIES = [
  ENGINE_VOCABULARY,
  LENDING_VOCABULARY,
  PAYMENTS_VOCABULARY,
] as const satisfies readonly Vocabulary[];

/** The kinds of thing that have a public id, and the prefix that the id carries. */
export const ID_PREFIXES = merged(VOCABULARIES.map(({ ids }) => ids));
export type IdKind = keyof typeof ID_PREFIXES;

/** What accounts are for. */
export const PURPOSES = merged(VOCABULARIES.map(({ purposes }) => purposes));
export type Purpose = keyof typeof PURPOSES;

/** What owns accounts. */
export type OwnerKind = (typeof PURPOSES)[Purpose]['owner'];

/** What owns accounts and has an id, which the installation has not. */
export const OWNERS_WITH_ID: readonly Exclude<OwnerKind, 'installation'>[] = [
  ...new Set(Object.values(PURPOSES).flatMap(({ owner }) => (owner === 'installation' ? [] : [owner]))),
];

const REASON_ENTRIES = merged(VOCABULARIES.map(({ reasons }) => reasons));
export type Reason = keyof typeof REASON_ENTRIES;

/**
 * Why an order was rejected, canceled or failed. A rule that says no is no error: the order exists, with one of these
 * in `reason`. The value is the sentence for people.
 */
export const REASONS = each(REASON_ENTRIES, 'text');
/** What a person can do about it, by reason. */
export const REASON_ADVICE = each(REASON_ENTRIES, 'advice');

/** The desks' part of the registry of errors: see `errors.ts`. */
export const DESK_ERRORS = merged(VOCABULARIES.flatMap((one) => ('errors' in one ? [one.errors] : [])));

/** Why money moved, as people say it. */
export const TRANSFERS = merged(VOCABULARIES.map(({ transfers }) => transfers));
export type TransferReason = keyof typeof TRANSFERS;

/** Why money moved: the reason of every transfer on the ledger. The value is the sentence for people. */
export const TRANSFER_REASONS = each(TRANSFERS, 'text');

/** The kinds of orders, as people say them. */
export const ORDERS = merged(VOCABULARIES.map(({ orders }) => orders));
/** What the other commands are called, which operators see. */
export const COMMAND_LABELS = merged(VOCABULARIES.map(({ commands }) => commands));

/** What happened, as stations of an order's way. */
export const EVENT_WORDS = merged(VOCABULARIES.map(({ events }) => events));

/** What parameters and results of orders hold. */
export const FIELDS = merged(VOCABULARIES.map(({ fields }) => fields));

/** What can be overdue, as a label. */
export const OVERDUE_LABELS = merged(VOCABULARIES.map(({ overdue }) => overdue));
export type OverdueName = keyof typeof OVERDUE_LABELS;
