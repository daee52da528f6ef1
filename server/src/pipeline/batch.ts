import type { ErrorCode } from '@millrace/contract';
import type { OrderRecord } from '../core/order.ts';
import type { Problem } from '../core/result.ts';
import type { AssetBook, Command, Desk } from '../desks/desk.ts';
import type { StoredEvent } from '../events/event.ts';
import type { AccountIds, LedgerWorkingSet } from '../ledger/index.ts';
import type { BatchRefusals } from './remembered-refusals.ts';

/** An order that this batch records. */
export interface NewOrder extends OrderRecord {
  /** The events of the decision that records it lie between these sequences of the shard; null: it has none. */
  firstEventSeq: number | null;
  lastEventSeq: number | null;
}

/** What became of a command. */
export type Outcome =
  | { type: 'order'; order: OrderRecord; replayed: boolean }
  /** No order was recorded. */
  | { type: 'problem'; problem: Problem };

export interface KnownKey {
  fingerprint: string;
  order: OrderRecord;
}

export interface DeadLetter {
  id: string;
  orderId: string;
  kind: string;
  command: Command;
  error: string;
  at: number;
}

/** A desk with its part of the working set. */
export interface DeskPart {
  readonly desk: Desk;
  readonly rows: unknown;
  readonly memory: unknown;
}

/** Everything that one batch knows and has decided. Nobody else sees it before the commit. */
export interface Batch {
  readonly shard: number;
  readonly commands: readonly Command[];
  readonly assets: AssetBook;
  readonly accountIds: AccountIds;
  readonly ledger: LedgerWorkingSet;
  /** One for each desk that has a command in this batch, in the desks' order. */
  readonly parts: readonly DeskPart[];
  /** Orders by id: known before, and decided in this batch. */
  readonly orders: Map<string, OrderRecord>;
  /** Idempotency keys, known before and used in this batch, by `keyName`. */
  readonly keys: Map<string, KnownKey>;
  /** What was refused a while ago, and in this batch, and has no order. */
  readonly refusals: BatchRefusals;
  /** The shard's sequences as they were before this batch. */
  readonly lastEventSeq: number;
  readonly lastTransferSeq: bigint;
  // what was decided, in order
  readonly outcomes: Outcome[];
  readonly newOrders: Set<NewOrder>;
  /** Of those that were known before. */
  readonly changedOrders: Set<OrderRecord>;
  readonly newKeys: { command: Command; order: OrderRecord }[];
  readonly events: StoredEvent[];
  readonly deadLetters: DeadLetter[];
  readonly retriedDeadLetters: string[];
}

export function keyName(key: { userId: string; operation: string; key: string }): string {
  return `${key.userId}\n${key.operation}\n${key.key}`;
}

export function problemOutcome(
  code: ErrorCode,
  detail: string,
  pointer?: string,
): Extract<Outcome, { type: 'problem' }> {
  return {
    type: 'problem',
    problem: { code, detail, ...(pointer === undefined ? {} : { errors: [{ pointer, detail }] }) },
  };
}
