import type { ErrorEntry } from '../error-entry.ts';

/** What an account is for. */
export interface PurposeEntry {
  /** What owns its accounts: a kind of id, or the installation itself. An owner is a kind and a UUID. */
  owner: string;
  /** Whether a balance may be below zero: only where the account stands for the world beyond the ledger. */
  mayBeNegative: boolean;
  /** As it goes on in a sentence: "your loan notes". */
  words: string;
}

/** Why an order was rejected, canceled or failed. */
export interface ReasonEntry {
  /** What was wrong, as a sentence. */
  text: string;
  /** What the person can do about it, as a sentence. */
  advice: string;
}

/** Why money moved. */
export interface TransferEntry {
  /** As a sentence. */
  text: string;
  /** As a label for readers who look at both sides. */
  label: string;
  /** As a label for a choice of many. */
  plural: string;
  /** As its person says it whose account it left, or came to. */
  debit: string;
  credit: string;
  /**
   * The side whose owner placed the order that moved it, and can look at that order. Absent: a schedule or another person
   * caused it.
   */
  byOrderOf?: 'debit' | 'credit';
}

/** A kind of order, for those who place it. */
export interface OrderEntry {
  label: string;
  /**
   * What its user does, as the beginning of a sentence in the imperative; explanations tell it afterwards (`asked` of the kind). `{field}` stands for a field of the parameters or of the result, by its
   * name where it has one; `{field|words}` for these words where it has none.
   */
  doing: string;
  /** Whether events of its own tell its user that it is under way or done; otherwise `order_processed` has to. */
  toldByItsEvents: boolean;
  /** It may be canceled as long as it is not final, except in these stages (`stage` of its result). Absent: never. */
  cancelable?: { notIn: readonly string[] };
  /** What is still to come of an order that waits, until the event has come. */
  ahead?: readonly { event: string; title: string }[];
}

/** An event, as a station of an order's way. */
export interface EventWords {
  title: string;
  tone: 'accent' | 'good' | 'bad' | 'calm';
}

/** A field of parameters or results. */
export interface FieldEntry {
  label: string;
  /** Whether it is an amount of the order's asset. */
  isAmount?: true;
}

/** A desk's names and what they mean: plain data. */
export interface Vocabulary {
  /** Kinds of thing that have a public id → the prefix of the id. */
  ids: Readonly<Record<string, string>>;
  purposes: Readonly<Record<string, PurposeEntry>>;
  reasons: Readonly<Record<string, ReasonEntry>>;
  /** Refusals of requests that no order records. */
  errors?: Readonly<Record<string, ErrorEntry>>;
  transfers: Readonly<Record<string, TransferEntry>>;
  /** The kinds that are orders. */
  orders: Readonly<Record<string, OrderEntry>>;
  /** Labels of all other kinds. */
  commands: Readonly<Record<string, string>>;
  events: Readonly<Record<string, EventWords>>;
  /** What parameters and results hold. */
  fields: Readonly<Record<string, FieldEntry>>;
  /** What of the desk's business can be overdue, as labels. */
  overdue: Readonly<Record<string, string>>;
}
