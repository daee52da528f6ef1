/** The payments desk has no tables of its own: all that it owns are orders, holds and postings. */
export interface PaymentsRows {
  /** Those of the users that the commands name who exist. */
  readonly users: ReadonlySet<string>;
}

export type PaymentsChange = never;
