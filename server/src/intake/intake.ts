import type { Caller } from '../core/caller.ts';
import type { Answer, OrderStatus } from '../core/order.ts';
import type { Side } from '../ledger/index.ts';
import type { KindName } from '@millrace/contract';
import type { JsonObject } from '../core/json.ts';
import type { Result } from '../core/result.ts';

export type { Answer } from '../core/order.ts';

export interface Submission {
  kind: string;
  /** Parameters as they came, not yet validated. */
  params: unknown;
  /** The order id that the caller chose (`ord_…`). */
  id?: string | undefined;
  /** `Idempotency-Key`, with the operation it belongs to and a hash over the whole request. */
  idempotency?: { operation: string; key: string; fingerprint: string } | undefined;
}

/** A preview's answer: what would happen now. Amounts are decimal strings. */
export interface PreviewAnswer {
  status: OrderStatus;
  reason: string | null;
  result: JsonObject;
  postings: { debit: Side; credit: Side; asset: string; amount: string; reason: string }[];
  balances: { account: string; purpose: string; asset: string; balance: string; held: string; available: string }[];
  events: { type: string; subject: string; data: JsonObject }[];
}

/** The one way in. Every edge, the scheduler and the effects use it. */
export interface Intake {
  /** Validates, authorises and admits; resolves when it is committed, with one answer. Never rejects. */
  submit(caller: Caller, submission: Submission): Promise<Answer>;
  /** A command of the system itself; `name` makes the id, so that the same cause acts once. */
  submitInternal(kind: KindName, name: string, params: JsonObject): Promise<Answer>;
  /** Cancels an order. The answer's order is the one that was canceled. */
  cancel(caller: Caller, orderId: string, idempotency?: Submission['idempotency']): Promise<Answer>;
  /**
   * Keeps the key of a batch, whose orders have keys of their own (`keyInBatch`), until the returned function is called. Waits
   * for a batch with this key that is under way in this process.
   *
   * Errors: `idempotency_in_flight` (it has waited as long as it may), `idempotency_mismatch` (an order of another batch has it). Throws the database's errors.
   */
  holdBatchKey(caller: Caller, idempotency: NonNullable<Submission['idempotency']>): Promise<Result<() => void>>;
  /**
   * Operators: decides a dead letter's command once more, or has its job done again: then the answer is the order as it stands. One
   * that contradicts the books is only closed, and answered in the same way.
   */
  retryDeadLetter(caller: Caller, deadLetterId: string): Promise<Answer>;
  preview(caller: Caller, submission: Submission): Promise<Result<PreviewAnswer>>;
}
