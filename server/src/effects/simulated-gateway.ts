import { Decimal } from 'decimal.js';
import { setTimeout as pause } from 'node:timers/promises';
import type { Gateway } from './gateway.ts';

export interface SimulatedGatewayOptions {
  /** The least amount that is declined, a decimal string in any asset's units. Default 10000.00. */
  declinesFrom?: string;
  /** How long an answer takes. Default 300 ms: long enough to be seen pending. */
  delayMs?: number;
}

/**
 * A gateway that pays nobody. Its answer depends on the amount only, so it is the same however often, after whatever crash
 * and however late it is asked for: idempotent without a memory. So nothing ever expires here.
 */
export function createSimulatedGateway({
  declinesFrom = '10000.00',
  delayMs = 300,
}: SimulatedGatewayOptions = {}): Gateway {
  const limit = new Decimal(declinesFrom);
  return {
    name: 'simulated',
    async pay({ amount }, signal) {
      await pause(delayMs, undefined, { signal });
      return limit.greaterThan(amount) ? { approved: true } : { approved: false, reason: 'amount_too_large' };
    },
  };
}
