import { type ConfigOptions, decimal, integer, signingSecrets } from '../../core/config-option.ts';
import { AMOUNT_MINOR_MAX, type Asset } from '../../core/money.ts';

/** The kinds whose amount has a limit of its own. */
export type LimitedKind = 'deposit' | 'withdraw' | 'transfer' | 'pay';

export interface PaymentsOptions {
  /** The asset of a payment that names none. */
  currency: Asset;
  /** Whether there is a gateway, by which money comes in and goes out. Default true. */
  gateway?: boolean;
  /** Whether users' deposits are booked, which come out of nothing. Default: where there is a gateway. */
  deposits?: boolean;
  /**
   * The largest amount of one order, as a decimal string in units of whatever asset the order names. Default
   * 1000000000.00 for each kind.
   */
  amountMax?: Partial<Record<LimitedKind, string>>;
  /** The smallest withdrawal, as a decimal string in units of its asset. Default 0.01. */
  withdrawalMin?: string;
  /** How many withdrawals of one user may wait for their answer at a time. Default 20. */
  withdrawalsPendingMax?: number;
  /** How much of one asset they may be together, as a decimal string. Default 1000000.00. */
  withdrawalsPendingAmountMax?: string;
}

export interface PaymentsSettings {
  currency: Asset;
  gateway: boolean;
  deposits: boolean;
  /** The largest amount of a kind in minor units of an asset with `scale` decimal places. */
  amountMaxOf(kind: LimitedKind, scale: number): bigint;
  /** In minor units of an asset with `scale` decimal places, at least 1. */
  withdrawalMinOf(scale: number): bigint;
  withdrawalsPendingMax: number;
  withdrawalsPendingAmountMaxOf(scale: number): bigint;
}

/** Above any single payment of a person or a shop, and far below what a balance can hold. */
const AMOUNT_MAX = '1000000000.00';

/** Each waits for someone outside: more than a person has at a time, and few enough to be looked through. */
const WITHDRAWALS_PENDING_MAX = 20;
const WITHDRAWALS_PENDING_AMOUNT_MAX = '1000000.00';
const WITHDRAWAL_MIN = '0.01';

export const PAYMENTS_CONFIG = {
  withdrawalMin: decimal('MILLRACE_WITHDRAWAL_MIN', 'withdrawal-min', WITHDRAWAL_MIN, 'The smallest withdrawal'),
  withdrawalsPendingMax: integer(
    'MILLRACE_WITHDRAWALS_PENDING_MAX',
    'withdrawals-pending-max',
    WITHDRAWALS_PENDING_MAX,
    [1, 1_000_000],
    'Withdrawals of one user that may wait for their answer at a time',
  ),
  withdrawalsPendingAmountMax: decimal(
    'MILLRACE_WITHDRAWALS_PENDING_AMOUNT_MAX',
    'withdrawals-pending-amount-max',
    WITHDRAWALS_PENDING_AMOUNT_MAX,
    'How much of one asset they may be together',
  ),
  gatewaySecrets: signingSecrets(
    'MILLRACE_GATEWAY_SECRETS',
    'gateway-secrets',
    'Secrets by which the gateway signs its reports, of the form whsec_…; two while one is replaced by another',
  ),
} as const satisfies ConfigOptions;

const DECIMAL = /^(\d{1,18})(?:\.(\d{1,18}))?$/;

/** @throws RangeError where a limit is no decimal string. */
export function paymentsSettings(options: PaymentsOptions): PaymentsSettings {
  const largest = (kind: LimitedKind): Scaled =>
    scaled(options.amountMax?.[kind] ?? AMOUNT_MAX, `the largest amount of ${kind}`);
  const limits = {
    deposit: largest('deposit'),
    withdraw: largest('withdraw'),
    transfer: largest('transfer'),
    pay: largest('pay'),
  };
  const smallest = scaled(options.withdrawalMin ?? WITHDRAWAL_MIN, 'the smallest withdrawal');
  const pending = scaled(
    options.withdrawalsPendingAmountMax ?? WITHDRAWALS_PENDING_AMOUNT_MAX,
    'the largest amount of pending withdrawals',
  );
  return {
    currency: options.currency,
    gateway: options.gateway ?? true,
    deposits: options.deposits ?? options.gateway ?? true,
    amountMaxOf: (kind, scale) => limits[kind](scale),
    withdrawalMinOf: (scale) => smallest(scale) || 1n,
    withdrawalsPendingMax: options.withdrawalsPendingMax ?? WITHDRAWALS_PENDING_MAX,
    withdrawalsPendingAmountMaxOf: pending,
  };
}

/** An amount in minor units of an asset with so many decimal places. */
type Scaled = (scale: number) => bigint;

function scaled(text: string, what: string): Scaled {
  const match = DECIMAL.exec(text);
  if (!match) throw new RangeError(`${what} must be a decimal string, not ${text}`);
  const [, whole = '', fraction = ''] = match;
  return (scale) => BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
}

/** Whatever the limit of its kind, no order moves more than an amount can be: quantity × price may be. */
export function exceedsLimit(settings: PaymentsSettings, kind: LimitedKind, asset: Asset, minor: bigint): boolean {
  return minor > AMOUNT_MINOR_MAX || minor > settings.amountMaxOf(kind, asset.scale);
}
