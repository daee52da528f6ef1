import type { TransferReason } from '@millrace/contract';
import type { Page, Result } from '../core/result.ts';
import type { AccountKey } from '../ledger/index.ts';

/** Which lines of an account are summed, and what each of them is about. */
export interface SumsOf<Name extends string> {
  /** The sum that a line with this reason adds to. */
  reasons: Readonly<Partial<Record<TransferReason, Name>>>;
  /** SQL over a transfer `t` of the account `$1::uuid`: the bare UUID of what it is about; null: it is not summed. */
  subjectSql: string;
}

export interface AccountSums<Name extends string> {
  /** What it is about (bare UUID) → the sums, minor units. */
  subjects: ReadonlyMap<string, Readonly<Record<Name, bigint>>>;
  /** Business date → what came in less what went out. */
  days: ReadonlyMap<string, bigint>;
}

export interface AccountLine {
  at: Date;
  amount: bigint;
  /** Whose the account on the other side is. */
  ownerId: string;
}

export interface LinesOf {
  /** The list's name in its cursors. */
  list: string;
  reason: TransferReason;
  /** 1 to 200. */
  limit: number;
  cursor?: string | undefined;
  /** How many lines a page may look at. Default: as many as any list. */
  scanSize?: number;
}

/** The log as a desk's queries read it, behind the path of orders: everything that was committed before the call is in it. */
export interface LogReaders {
  /**
   * Sums of an account's lines that are kept in memory: only lines that came since the last call are read. One for each
   * declaration, made once. Problem: `not_ready`.
   */
  sums<Name extends string>(
    declaration: SumsOf<Name>,
  ): { read(account: AccountKey): Promise<Result<AccountSums<Name>>> };
  /** An account's lines with one reason, newest first, as they were when the first page was read. Problems: `invalid_cursor`, `not_ready`. */
  lines(account: AccountKey, options: LinesOf): Promise<Result<Page<AccountLine>>>;
}
