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

/** A desk's names and what they mean: plain data. */
export interface Vocabulary {
  /** Kinds of thing that have a public id → the prefix of the id. */
  ids: Readonly<Record<string, string>>;
  purposes: Readonly<Record<string, PurposeEntry>>;
  reasons: Readonly<Record<string, ReasonEntry>>;
  transfers: Readonly<Record<string, TransferEntry>>;
  /** Labels of the kinds that are orders. */
  orders: Readonly<Record<string, string>>;
  /** Labels of all other kinds. */
  commands: Readonly<Record<string, string>>;
  /** What of the desk's business can be overdue, as labels. */
  overdue: Readonly<Record<string, string>>;
}
