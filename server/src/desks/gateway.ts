import { Decimal } from 'decimal.js';
import { setTimeout as pause } from 'node:timers/promises';

/** What is to be paid out. */
export interface Instruction {
  /** `ord_…`: the same order is the same payment, however often it is asked for. */
  orderId: string;
  /** `usr_…` */
  userId: string;
  asset: string;
  /** Decimal string. */
  amount: string;
  /** ms since the epoch. A payment that was not made by then must never be made, and is answered as expired. */
  expiresAt: number;
}

export type GatewayAnswer =
  | { approved: true }
  /** It will not be paid; `reason` in its own words. */
  | { approved: false; reason: string }
  /** Nothing was paid by the deadline, and nothing will be: also where the order is heard of only now. */
  | { approved: false; expired: true }
  /** It has the instruction, and reports later what became of it. */
  | { accepted: true };

/**
 * What brings money out: a bank, a payment processor, a person with a list. Whatever implements it must be idempotent by
 * order: a repeated instruction, also after a crash and after it has expired, gets the answer that the first one got, and
 * pays nothing again.
 */
export interface Gateway {
  /** As in `--gateway`. */
  readonly name: string;
  /** Deposits come out of nothing, at once. */
  readonly isPlayMoney?: true;
  /** What it has accepted it reports by itself, for certain: it is not asked again. */
  readonly reports?: true;
  /**
   * @throws anything where no answer could be had. That is not "no": the payment may have been made. The gateway is asked
   *   again until it answers, also after the deadline.
   */
  pay(instruction: Instruction, signal: AbortSignal): Promise<GatewayAnswer>;
}

/**
 * Where there is none. New withdrawals are rejected; those that were requested while there was one keep their money set
 * aside and are asked for again, until a gateway is configured.
 */
export const NO_GATEWAY: Gateway = {
  name: 'none',
  async pay() {
    throw new Error('no gateway is configured (--gateway): the withdrawal waits');
  },
};

/**
 * A program of the operator's own pays: it learns of withdrawals from the event `withdrawal_sent`, and reports what became of each
 * (`POST /v1/reports/withdrawal`). Nothing is called.
 */
export const REPORTED_GATEWAY: Gateway = {
  name: 'reported',
  reports: true,
  async pay() {
    return { accepted: true };
  },
};

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
    isPlayMoney: true,
    async pay({ amount }, signal) {
      await pause(delayMs, undefined, { signal });
      return limit.greaterThan(amount) ? { approved: true } : { approved: false, reason: 'amount_too_large' };
    },
  };
}

export interface GatewayConfig {
  /** As `--gateway` has it. */
  gateway: string;
  gatewaySecrets: readonly string[];
  bankDeclinesFrom: string;
}

/**
 * The gateway of an installation; null: it has none. Money comes out of nothing in a demonstration, and elsewhere only where that
 * was asked for.
 *
 * @throws an error with the code `config_invalid` where the settings do not go together.
 */
export function gatewayOf(
  { gateway, gatewaySecrets, bankDeclinesFrom }: GatewayConfig,
  isDemo: boolean,
): Gateway | null {
  if (gateway === 'reported') {
    if (gatewaySecrets.length > 0) return REPORTED_GATEWAY;
    const words = '--gateway reported needs --gateway-secrets: nothing could report what became of a withdrawal';
    throw Object.assign(new Error(words), { code: 'config_invalid' });
  }
  const isSimulated = gateway === 'simulated' || (gateway === 'auto' && isDemo);
  return isSimulated ? createSimulatedGateway({ declinesFrom: bankDeclinesFrom }) : null;
}
