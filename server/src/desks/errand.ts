import type { EventType, KindName, OrderKindName } from '@millrace/contract';
import { formatId } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';

/** A command of the system's own. Its id is made of `name`: the same cause acts once, however often it is submitted. */
export interface InternalCommand {
  kind: KindName;
  name: string;
  params: JsonObject;
}

/** What is known of an order on an errand. Plain data: it lies in the queue until its turn comes, and again after each failure. */
export interface ErrandOrder<Data = JsonObject> {
  /** `ord_…`: the outside must do the same order's errand once, however often it is asked. */
  orderId: string;
  /** `usr_…`; null for an order of nobody's. */
  userId: string | null;
  /** What `dataOf` made. */
  data: Data;
  /** Business time after which the outside must not do it any more, ms since the epoch. */
  expiresAt: number;
}

export interface ErrandLimits {
  /** From the start of an order's errand until its `expiresAt`, in business time. */
  deadlineMs: number;
  /** How long one call may take. */
  callMs: number;
  /** Calls of one destination that a process has under way at once; one only from the first failure to the next answer. */
  callsAtOnce: number;
  /** So many failures one after another open the breaker: nothing is asked of that destination during a pause. */
  failuresMax: number;
  /** The first pause. It is doubled each time that the one call after it fails too. */
  pauseMs: number;
  pauseMsMax: number;
}

/**
 * Work outside that follows from a committed event about an order, and whose answer comes back as a command. It is begun once for
 * each event, users take turns, and a crash between any two steps begins it again from its first: so its commands have names
 * that derive from the order, and the outside has to be idempotent by order. It ends with an answer, or when the order is final by
 * another way, such as a report.
 */
export interface Errand<Data extends JsonObject = JsonObject> {
  /** Unique among all desks; part of the names of jobs, and what a dead letter is called. */
  name: string;
  /** What it does, for an order's explanation: `hands withdrawals to the bank`. */
  does: string;
  /** Events about an order (their subject is `ord_…`), each of which begins the errand. */
  startedBy: readonly EventType[];
  /** What the outside has to know, from such an event. */
  dataOf(event: { data: JsonObject }): Data;
  /** How to find orders whose errand has no job any more: those of this kind that are pending or open. */
  pending: {
    kind: OrderKindName;
    /** undefined: this one waits for something else. */
    dataOf(order: { params: JsonObject; result: JsonObject }): Data | undefined;
  };
  limits: ErrandLimits;
  /** Whom it calls. Each destination has a breaker and a number of calls at once of its own. */
  destinationOf(data: Data): string;
  /** Submitted before each call: from then on the outside may have it. Rejected: the order is final, and the errand ends. */
  before?(order: ErrandOrder<Data>): InternalCommand;
  /**
   * Calls the outside, and returns the command that brings its answer back; undefined: the outside has it, and the answer will
   * come as a report. An order that goes on waiting is found by `pending` after a while, and the outside asked again.
   *
   * @param handed the parameters of `before`'s command as it was first decided, which may be by a process with other settings.
   * @throws DeadEnd where asking again cannot help; anything else where no answer was had, which is not "no": the outside is
   *   asked again until it answers, also after `expiresAt`.
   */
  perform(order: ErrandOrder<Data>, signal: AbortSignal, handed: JsonObject): Promise<InternalCommand | undefined>;
  /** What cannot be about how that command was decided, in words; undefined: all is well. */
  contradiction?(command: InternalCommand, decided: { status: string; result: JsonObject }): string | undefined;
}

/** The reader of the event log that begins errands, as its cursor is called. */
export const ERRANDS_CONSUMER = 'errands';

/** The key of the one job that an order (bare UUID) has at most on an errand. */
export function errandKey(errand: string, orderId: string): string {
  return `${errand}/${formatId('order', orderId)}`;
}

/** Asking again cannot help: the errand becomes a dead letter, and goes on when an operator retries that. */
export class DeadEnd extends Error {
  override name = 'DeadEnd';
}
