import type { Asset } from '../../core/money.ts';

/** The kinds whose amount has a limit of its own. */
export type LimitedKind = 'deposit' | 'withdraw' | 'transfer' | 'pay';

export interface PaymentsOptions {
  /** The asset of a payment that names none. */
  currency: Asset;
  /**
   * The largest amount of one order, as a decimal string in units of whatever asset the order names. Default
   * 1000000000.00 for each kind.
   */
  amountMax?: Partial<Record<LimitedKind, string>>;
}

export interface PaymentsSettings {
  currency: Asset;
  /** The largest amount of a kind in minor units of an asset with `scale` decimal places. */
  amountMaxOf(kind: LimitedKind, scale: number): bigint;
}

/** Above any single payment of a person or a shop, and far below what a balance can hold. */
const AMOUNT_MAX = '1000000000.00';

const DECIMAL = /^(\d{1,18})(?:\.(\d{1,18}))?$/;

/** @throws RangeError where a limit is no decimal string. */
export function paymentsSettings(options: PaymentsOptions): PaymentsSettings {
  const parts = (kind: LimitedKind): [whole: string, fraction: string] => {
    const text = options.amountMax?.[kind] ?? AMOUNT_MAX;
    const match = DECIMAL.exec(text);
    if (!match) throw new RangeError(`the largest amount of ${kind} must be a decimal string, not ${text}`);
    return [match[1] as string, match[2] ?? ''];
  };
  const limits = {
    deposit: parts('deposit'),
    withdraw: parts('withdraw'),
    transfer: parts('transfer'),
    pay: parts('pay'),
  };
  return {
    currency: options.currency,
    amountMaxOf(kind, scale) {
      const [whole, fraction] = limits[kind];
      return BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
    },
  };
}
