import type { TransferReason } from '@millrace/contract';
import type { AccountKey } from './accounts.ts';

/** One movement that a decision asks for. Amounts are positive minor units. */
export type LedgerEntry =
  | { type: 'transfer'; debit: AccountKey; credit: AccountKey; amount: bigint; reason: TransferReason }
  /** Not on an account of the installation. */
  | { type: 'hold'; holdId: string; account: AccountKey; amount: bigint }
  /** Part or all of what is left of a hold goes to `credit`. */
  | { type: 'capture'; holdId: string; credit: AccountKey; amount: bigint; reason: TransferReason }
  /** Part or all of what is left of a hold becomes available again. */
  | { type: 'release'; holdId: string; amount: bigint };

/** The hold that keeps an order's money: an order has one at most, under its own id, by which its explanation finds it. */
export const holdOf = (orderId: string): string => orderId;

export interface HoldState {
  readonly id: string;
  readonly account: AccountKey;
  readonly orderId: string;
  readonly amount: bigint;
  readonly captured: bigint;
  readonly released: bigint;
}

/** What a decision may see of the ledger. Only accounts and holds that the desk's `load` named. */
export interface LedgerView {
  /**
   * balance − held; 0 for an account that does not exist yet. Of an account of the installation, what this shard has moved: one
   * that must not be negative is so in each shard, and a shard pays out of it what came in there.
   */
  available(account: AccountKey): bigint;
  balance(account: AccountKey): bigint;
  hold(id: string): HoldState | undefined;
  /**
   * Whether `amount` more can be credited without passing what a balance can hold. Decisions that credit an account
   * ask first and reject with `balance_limit`.
   */
  canCredit(account: AccountKey, amount: bigint): boolean;
}
