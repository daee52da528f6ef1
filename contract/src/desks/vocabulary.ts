import { ENGINE_VOCABULARY } from './engine/vocabulary.ts';
import { LENDING_VOCABULARY } from './lending/vocabulary.ts';
import { each, type Merged, merged, type PartOf } from './merged.ts';
import { PAYMENTS_VOCABULARY } from './payments/vocabulary.ts';
import type { FieldEntry, Vocabulary } from './vocabulary-entry.ts';

/**
 * The names of all desks, and what they mean. Plain data, for browsers too; what needs schemas is in `index.ts`, where a
 * desk is a type error until its vocabulary stands here.
 */
export const VOCABULARIES = {
  engine: ENGINE_VOCABULARY,
  lending: LENDING_VOCABULARY,
  payments: PAYMENTS_VOCABULARY,
} as const satisfies Readonly<Record<string, Vocabulary>>;

type Words = (typeof VOCABULARIES)[keyof typeof VOCABULARIES];

/** What each says of one thing, with the name of its desk. */
export function partsOf<Name extends keyof Vocabulary>(name: Name): [desk: string, part: PartOf<Words, Name>][] {
  const words = Object.entries<Vocabulary>(VOCABULARIES);
  return words.map(([desk, one]) => [desk, (one[name] ?? {}) as PartOf<Words, Name>]);
}

function all<Name extends keyof Vocabulary>(name: Name): Merged<PartOf<Words, Name>> {
  return merged(name, partsOf(name));
}

/** The kinds of thing that have a public id, and the prefix that the id carries. */
export const ID_PREFIXES = all('ids');
export type IdKind = keyof typeof ID_PREFIXES;

/** What accounts are for. */
export const PURPOSES = all('purposes');
export type Purpose = keyof typeof PURPOSES;

/** What owns accounts. */
export type OwnerKind = (typeof PURPOSES)[Purpose]['owner'];

/** What owns accounts and has an id, which the installation has not. */
export const OWNERS_WITH_ID: readonly Exclude<OwnerKind, 'installation'>[] = [
  ...new Set(Object.values(PURPOSES).flatMap(({ owner }) => (owner === 'installation' ? [] : [owner]))),
];

const REASON_ENTRIES = all('reasons');
export type Reason = keyof typeof REASON_ENTRIES;

/**
 * Why an order was rejected, canceled or failed. A rule that says no is no error: the order exists, with one of these
 * in `reason`. The value is the sentence for people.
 */
export const REASONS = each(REASON_ENTRIES, 'text');
/** What a person can do about it, by reason. */
export const REASON_ADVICE = each(REASON_ENTRIES, 'advice');

/** Why money moved, as people say it. */
export const TRANSFERS = all('transfers');
export type TransferReason = keyof typeof TRANSFERS;

/** Why money moved: the reason of every transfer on the ledger. The value is the sentence for people. */
export const TRANSFER_REASONS = each(TRANSFERS, 'text');

/** The kinds of orders, as people say them. */
export const ORDERS = all('orders');
/** What the other commands are called, which operators see. */
export const COMMAND_LABELS = all('commands');

/** What happened, as stations of an order's way. */
export const EVENT_WORDS = all('events');

/** By kind of command: what its desk calls fields. Another desk may call one of the same name otherwise. */
const FIELDS: ReadonlyMap<string, Readonly<Record<string, FieldEntry>>> = new Map(
  Object.values<Vocabulary>(VOCABULARIES).flatMap(({ orders, commands, fields }) => {
    const entries = { ...ENGINE_VOCABULARY.fields, ...fields };
    return Object.keys({ ...orders, ...commands }).map((kind) => [kind, entries] as const);
  }),
);

/** What a field of the parameters or the result of a kind is called: as its desk says it, or else the engine. */
export function fieldOf(kind: string, name: string): FieldEntry | undefined {
  const entries = FIELDS.get(kind) ?? {};
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}

/** What can be overdue, as a label. */
export const OVERDUE_LABELS = all('overdue');
export type OverdueName = keyof typeof OVERDUE_LABELS;
