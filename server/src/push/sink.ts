import type { ReloadReason } from '@millrace/contract';
import type { Delivery } from './delivery.ts';

/** Where events of a reader go: a socket, a response that stays open. Calls never throw and never wait. */
export interface Sink {
  deliver(delivery: Delivery): void;
  /** Events were left out; what follows is behind `cursor`. */
  reload(channel: string, cursor: string, reason: ReloadReason): void;
  /** Whether more is buffered than should be. Nothing is delivered then. */
  congested(): boolean;
  /** True when there is room again; false where the reader is gone, or was too slow and has been closed for it. */
  drained(): Promise<boolean>;
  /** The log cannot be read: ends, so that the reader comes back later with its cursor. */
  unavailable(): void;
}
