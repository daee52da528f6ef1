import type { DeskContract, OrderKindName } from '@millrace/contract';
import type { JsonObject } from '../core/json.ts';
import type { InternalCommand } from './errand.ts';

/** The operations of a desk that are signed. */
export type SignedOf<Contract extends DeskContract> = Extract<
  Contract['operations'][number],
  { access: 'signature' }
>['operationId'];

/**
 * What the outside tells of an order, signed: what an operation with the access `signature` does. It becomes a command, whose name
 * derives from the order or from the message, so that however often it comes it acts once.
 */
export interface Report<Body = JsonObject> {
  /** `whsec_…`, one of which signs. None: no report is taken. */
  secrets: readonly string[];
  /** The kind of the orders that it can be about. Another order is answered as if it did not exist. */
  kind: OrderKindName;
  /** `ord_…`, as it was sent. */
  orderOf(body: Body): string;
  /** `about.order`: in its one spelling, in which names have it. `about.message`: its id, the same each time that it is sent. */
  commandOf(body: Body, about: { order: string; message: string }): InternalCommand;
  /** What cannot be about how that command was decided, in words: operators are shown it. undefined: all is well. */
  contradiction?(command: InternalCommand, decided: { status: string; result: JsonObject }): string | undefined;
}
