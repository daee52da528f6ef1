import { Decimal } from 'decimal.js';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bank } from './bank.ts';

export interface SimulatedBankOptions {
  /** The least amount that is declined, a decimal string in any asset's units. Default 10000.00. */
  declinesFrom?: string;
  /** How long an answer takes. Default 300 ms: long enough to be seen pending. */
  delayMs?: number;
}

/**
 * A bank that pays nobody. Its answer depends on the amount only, so it is the same however often, after whatever crash
 * and however late it is asked for: idempotent without a memory. So nothing ever expires here.
 */
export function createSimulatedBank({ declinesFrom = '10000.00', delayMs = 300 }: SimulatedBankOptions = {}): Bank {
  const limit = new Decimal(declinesFrom);
  return {
    async pay({ amount }, signal) {
      await pause(delayMs, undefined, { signal });
      return limit.greaterThan(amount) ? { approved: true } : { approved: false, reason: 'amount_too_large' };
    },
  };
}
