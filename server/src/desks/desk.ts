import type { ErrorCode, EventDataOf, EventType, KindName, OverdueName, Reason } from '@millrace/contract';
import type { JsonObject } from '../core/json.ts';
import type { OrderRecord, OrderStatus } from '../core/order.ts';
import type { Statement } from '../db/transaction.ts';
import type { AccountKey, AssetBook, LedgerEntry, LedgerView } from '../ledger/index.ts';

export type { AssetBook } from '../ledger/index.ts';

/** An intent to change something, admitted by intake. Ids are bare UUIDs. */
export interface Command<Params = JsonObject> {
  /** The command's id, which is also its order's: acts once, forever. */
  id: string;
  kind: string;
  /** Whose order it is; null for a command of the system itself. */
  userId: string | null;
  /** Who placed it, where that is another user than `userId`. */
  actorId: string | null;
  /** As the schema of its kind admitted them: amounts are still decimal strings or exact numbers. */
  params: Params;
  /** Business time of admission, ms since the epoch. The only time a decision may use. */
  at: number;
  shard: number;
  /** Whether others may know the id already (chosen by the caller, derived, retried), so that it must be looked up. */
  idMayExist: boolean;
  /** Hash over kind and parameters where the caller chose the id, to tell a repetition from another order with the same id. */
  fingerprint: string | null;
  key: { userId: string; operation: string; key: string; fingerprint: string } | null;
  /** The dead letter that this command retries. */
  retryOf: string | null;
}

interface EventOf<Name extends EventType> {
  type: Name;
  /** The public id of what it is about: `ord_…`, `loan_…`, `usr_…`. */
  subject: string;
  /** Whose event it is (bare UUID); null for a public one. */
  userId: string | null;
  /**
   * The order (bare UUID) among whose events it is found, where that is not the command's own. One that `load` asked for, or that
   * this batch recorded before.
   */
  orderId?: string;
  /** As the catalogue has it for the type. */
  data: EventDataOf<Name>;
}

export type EventDraft = { [Name in EventType]: EventOf<Name> }[EventType];

/** Another order that gets another status by this decision (a withdrawal that the bank has answered). */
export interface OrderChange {
  id: string;
  status: OrderStatus;
  reason: Reason | null;
  result: JsonObject;
}

/** What a desk decided: plain data, nothing has happened yet. */
export type Decision<Change> =
  | {
      /** The request itself is wrong, which only the loaded state could tell: no order is recorded, the caller gets the error. */
      type: 'refuse';
      code: ErrorCode;
      detail: string;
      /** JSON pointer into the command's parameters. */
      pointer?: string;
    }
  | {
      type: 'decide';
      status: OrderStatus;
      reason: Reason | null;
      result: JsonObject;
      entries: LedgerEntry[];
      changes: Change[];
      /**
       * Beside `order_processed`, which the pipeline writes for each visible order that is decided or changed. The log has the
       * events of a decision in this order: these as they stand here, `order_processed` of the command's own order, and that of
       * each order in `orders` as they stand there. What `summarize` says comes behind all decisions of the batch.
       */
      events: EventDraft[];
      /** Any number of them; each is looked at once. */
      orders: OrderChange[];
    };

/** What a decision can see. */
export interface View<Rows, Memory = unknown> {
  rows: Rows;
  /** What the desk remembers; undefined where it remembers nothing. */
  memory: Memory;
  ledger: LedgerView;
  assets: AssetBook;
  /** An order that `load` asked for. */
  order(id: string): Readonly<OrderRecord> | undefined;
}

/** Reads rows inside the batch's transaction. */
export interface Loader {
  /** `' for update'` in a batch, `''` in a preview: append it to every select of rows that a decision may change. */
  readonly forUpdate: string;
  select<Row>(statement: Statement, parameters: readonly unknown[]): Promise<Row[]>;
  /**
   * Names accounts that are known before any row is, so that they are locked on the first way to the database and not on
   * one of their own. Only before the first await of `load`; naming too many does no harm.
   */
  lockEarly(accounts: readonly AccountKey[]): void;
}

/** Sends set-based writes inside the batch's transaction; answers are awaited by the pipeline. */
export interface Writer {
  write(statement: Statement, parameters: readonly unknown[]): void;
}

export interface Loaded<Rows> {
  rows: Rows;
  /** Every account that a decision may touch, locked early or not; those that do not exist yet are opened when first posted to. */
  accounts: AccountKey[];
  holds: string[];
  orders: string[];
}

/** SQL conditions: which rows of the logs, of tables that are called so, no verification has proven before. */
export interface Unproven {
  events(alias: string, seq?: string): string;
  transfers(alias: string, seq?: string): string;
}

/** A property of the desk's rows that must always hold. The statement returns one row for each violation. */
export interface Check {
  name: string;
  /** Returns columns `subject` and `detail`. */
  sql: string;
  /** The same, where rows of the logs were proven before. Absent: all rows are read each time. */
  since?(unproven: Unproven): string;
}

/** Who does it: the scheduler, which waits while the clock is not believed and makes up for a long stop at a pace, or jobs. */
type Doer = { doneBy: 'scheduler' /** The command that time has made due. */; kind: KindName } | { doneBy: 'jobs' };

/** Something that ought to be done by now, if everything works. No rule is broken by it, but users wait. */
export type Overdue = Doer & {
  name: OverdueName;
  /** How long after its time a thing is on its way, ms. */
  graceMs: number;
  /** $1 of the statement, for what should have been done at `at` (ms since the epoch). Absent: it has no parameter. */
  until?(at: number): string;
  /**
   * Columns `subject` (a public id where there is one), `since` (timestamptz: when it should have been done) and `detail`; ends
   * with its order, what has waited longest first. Finds rows by an index: the overview asks while it is watched.
   */
  sql: string;
  /** A table that is made at the first start only: where it is not there, nothing is overdue. */
  table?: string;
};

/**
 * What a desk keeps from batch to batch in the worker that owns a shard, so that it need not be read again: the order books of the
 * shard's symbols. Only rows that no other shard changes can be remembered. Changed by `apply` only, and by each change in the same
 * way as the rows, so that what is remembered is what `rebuild` would read. After anything that goes wrong with a batch – a command
 * that breaks, a commit that fails or is not heard of, a batch that runs again or in halves – it is forgotten and read again.
 */
export interface DeskMemory<Memory> {
  /**
   * Reads it as it was committed: when the worker starts, and before the desk's next command after it was forgotten. `only`: the
   * commands of a preview, which is made beside the worker; what they do not need may be left out.
   */
  rebuild(loader: Pick<Loader, 'select'>, scope: { shard: number; only?: readonly Command[] }): Promise<Memory>;
}

/**
 * One line of business. Everything but `load`, `write` and `memory` is pure. `Rows` is the desk's part of the working set, read
 * by `load`, changed by `apply` only, written by `write`. `defineDesk` of the kit makes one, with its `load` and `write`, from what is
 * said of each kind.
 */
export interface Desk<Rows = unknown, Change = unknown, Memory = unknown> {
  name: string;
  /** The command kinds that this desk decides. */
  kinds: readonly string[];
  /**
   * Reads every row that the commands name, and whatever else its memory says that they can touch: the batch before is decided by then,
   * if not committed. What it locks it locks before its first await, in one fixed order over tables and ids: all desks of a
   * batch are asked at once, in the order of their registration.
   */
  load(loader: Loader, commands: readonly Command[], at: number, memory: Memory): Promise<Loaded<Rows>>;
  decide(command: Command, view: View<Rows, Memory>): Decision<Change>;
  apply(rows: Rows, change: Change, memory: Memory): void;
  /** Absent: every batch reads what it needs, and `memory` is undefined everywhere. */
  memory?: DeskMemory<Memory>;
  /** Events about rows as they are after the whole batch (one a changed row, however many commands changed it). */
  summarize(rows: Rows): EventDraft[];
  write(writer: Writer, rows: Rows): void;
  /** Decimal places of an asset of the desk's own, which is not in the asset book. */
  scaleOf?(rows: Rows, asset: string): number | undefined;
}

/** A decision that only says no. */
export function reject(reason: Reason, result: JsonObject = {}): Decision<never> {
  return { type: 'decide', status: 'rejected', reason, result, entries: [], changes: [], events: [], orders: [] };
}

export function refuse(code: ErrorCode, detail: string, pointer?: string): Decision<never> {
  return { type: 'refuse', code, detail, ...(pointer === undefined ? {} : { pointer }) };
}
