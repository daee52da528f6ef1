import type { WireOrder, WireOrderRequest } from '@millrace/contract';
import { MillraceError, mayRepeat } from '../error.ts';
import { withId } from '../orders.ts';
import { delayBefore, RETRY_DEFAULTS } from '../retry.ts';
import type { Send } from './following.ts';

interface Pending {
  ref: string;
  order: WireOrderRequest;
  attempts: number;
  sent: boolean;
  timeout: ReturnType<typeof setTimeout>;
  resolve(answer: WireOrder & { replayed: boolean }): void;
  reject(error: MillraceError): void;
}

/** What the server takes of one socket. */
const UNDER_WAY_MAX = 256;
/** Orders that wait for a connection or for their turn; more are refused at once. */
const WAITING_MAX = 1_000;
const TIMEOUT_MS = 60_000;

/**
 * Orders over a socket: sent again over the next connection until they are answered. They have their ids, so they act
 * once.
 */
export class PendingOrders {
  private readonly pending = new Map<string, Pending>();
  private readonly timeoutMs: number;
  private send: Send | undefined;
  private underWay = 0;
  private last = 0;

  constructor(timeoutMs: number = TIMEOUT_MS) {
    this.timeoutMs = timeoutMs;
  }

  place(order: WireOrderRequest): Promise<WireOrder & { replayed: boolean }> {
    if (this.pending.size >= WAITING_MAX) {
      return Promise.reject(
        new MillraceError({ code: 'queue_full', detail: `${WAITING_MAX} orders are waiting already` }),
      );
    }
    return new Promise((resolve, reject) => {
      this.last += 1;
      const ref = `o${this.last}`;
      const late = new MillraceError({
        code: 'timed_out',
        detail: 'no answer in time; the order may have been placed',
      });
      const timeout = setTimeout(() => this.settle(ref)?.reject(late), this.timeoutMs);
      this.pending.set(ref, { ref, order: withId(order), attempts: 1, sent: false, timeout, resolve, reject });
      this.flush();
    });
  }

  attach(send: Send): void {
    this.send = send;
    this.flush();
  }

  detach(): void {
    this.send = undefined;
    this.underWay = 0;
    for (const pending of this.pending.values()) pending.sent = false;
  }

  answered(ref: string, order: WireOrder, replayed: boolean): void {
    this.settle(ref)?.resolve({ ...order, replayed });
    this.flush();
  }

  /** Whether the ref is of an order. */
  refused(ref: string, error: MillraceError): boolean {
    const pending = this.pending.get(ref);
    if (!pending) return false;
    if (!mayRepeat(error, true) || pending.attempts >= RETRY_DEFAULTS.attemptsMax) {
      this.settle(ref)?.reject(error);
      this.flush();
      return true;
    }
    // It stays `sent`, and keeps its place among those under way, until its pause is over.
    setTimeout(() => this.again(pending), delayBefore(pending.attempts, RETRY_DEFAULTS));
    pending.attempts += 1;
    return true;
  }

  /** Refuses all that wait. */
  end(error: MillraceError): void {
    for (const ref of this.pending.keys()) this.settle(ref)?.reject(error);
  }

  private again(pending: Pending): void {
    if (!this.pending.has(pending.ref) || !pending.sent) return;
    pending.sent = false;
    this.underWay -= 1;
    this.flush();
  }

  private settle(ref: string): Pending | undefined {
    const pending = this.pending.get(ref);
    if (!pending) return undefined;
    clearTimeout(pending.timeout);
    this.pending.delete(ref);
    if (pending.sent) this.underWay -= 1;
    return pending;
  }

  private flush(): void {
    if (!this.send) return;
    for (const pending of this.pending.values()) {
      if (this.underWay >= UNDER_WAY_MAX) return;
      if (pending.sent) continue;
      pending.sent = true;
      this.underWay += 1;
      this.send({ op: 'order', ref: pending.ref, order: pending.order });
    }
  }
}
