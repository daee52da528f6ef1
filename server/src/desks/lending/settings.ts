import { type ConfigOptions, type ConfigValues, decimal, integer, rate } from '../../core/config-option.ts';
import type { Asset } from '../../core/money.ts';
import { rateMillionths } from './schedule.ts';

export interface LendingOptions {
  /** The asset of a loan that names none. */
  currency: Asset;
  /** What the installation keeps of each payment, as a decimal. Default "0.01". Never more than the payment's interest. */
  servicingFeeRate?: string;
  /** What a new loan may have at most. Default `LOAN_LIMITS_DEFAULT`. */
  loanLimits?: LoanLimits;
  /** How many days the oldest instalment may stay unpaid after it was first asked for, before the loan is in default. Default 90. */
  defaultAfterDays?: number;
}

/** The most that the terms of a new loan may be: beyond it they are a slip of the finger. Loans that there are stay as they are. */
export interface LoanLimits {
  /** A decimal of the loan's asset. */
  amountMax: string;
  /** The yearly rate as a decimal: "1" is 100 %. */
  rateMax: string;
  termMonthsMax: number;
  /** From the loan's opening to its funding deadline. */
  fundingDaysMax: number;
}

export const LOAN_LIMITS_DEFAULT: LoanLimits = {
  amountMax: '1000000000',
  rateMax: '1',
  termMonthsMax: 480,
  fundingDaysMax: 1_827,
};

export const DEFAULT_AFTER_DAYS = 90;
const SERVICING_FEE_RATE_DEFAULT = '0.01';

export const LENDING_CONFIG = {
  servicingFeeRate: decimal(
    'MILLRACE_SERVICING_FEE_RATE',
    'servicing-fee-rate',
    SERVICING_FEE_RATE_DEFAULT,
    'Share of each instalment that the platform keeps, at most its interest',
  ),
  loanAmountMax: decimal(
    'MILLRACE_LOAN_AMOUNT_MAX',
    'loan-amount-max',
    LOAN_LIMITS_DEFAULT.amountMax,
    'The largest amount of a new loan',
  ),
  loanRateMax: rate(
    'MILLRACE_LOAN_RATE_MAX',
    'loan-rate-max',
    LOAN_LIMITS_DEFAULT.rateMax,
    'The highest yearly rate of a new loan, as a decimal: 1 is 100 %',
  ),
  loanTermMonthsMax: integer(
    'MILLRACE_LOAN_TERM_MONTHS_MAX',
    'loan-term-months-max',
    LOAN_LIMITS_DEFAULT.termMonthsMax,
    [1, 480],
    'The longest term of a new loan',
  ),
  loanFundingDaysMax: integer(
    'MILLRACE_LOAN_FUNDING_DAYS_MAX',
    'loan-funding-days-max',
    LOAN_LIMITS_DEFAULT.fundingDaysMax,
    [1, 36_525],
    'How far away the funding deadline of a new loan may be, in days',
  ),
} as const satisfies ConfigOptions;

/** The desk's options as an installation has them. */
export function lendingOptions(config: ConfigValues<typeof LENDING_CONFIG>, currency: Asset) {
  return {
    currency,
    servicingFeeRate: config.servicingFeeRate,
    loanLimits: {
      amountMax: config.loanAmountMax,
      rateMax: config.loanRateMax,
      termMonthsMax: config.loanTermMonthsMax,
      fundingDaysMax: config.loanFundingDaysMax,
    },
  } satisfies LendingOptions;
}

/** The options, checked and with their defaults. */
export interface LendingSettings {
  currency: Asset;
  feeMillionths: bigint;
  loanLimits: LoanLimits;
  defaultAfterDays: number;
}

/** Most distinct investors of one loan: paying out and each instalment post a few transfers for every one of them, in one transaction. */
export const INVESTORS_MAX = 5_000;

/**
 * A loan in default is asked this seldom: who could not pay for `defaultAfterDays` will not tomorrow, and every attempt is an
 * order for good.
 */
export const RECOVERY_RETRY_DAYS = 7;

/** @throws RangeError where a rate is not within 0 and 1, or the days are not a positive whole number. */
export function lendingSettings(options: LendingOptions): LendingSettings {
  const feeMillionths = rateMillionths(options.servicingFeeRate ?? SERVICING_FEE_RATE_DEFAULT);
  if (feeMillionths > 1_000_000n) throw new RangeError('the servicing fee’s rate is at most 1');
  const defaultAfterDays = options.defaultAfterDays ?? DEFAULT_AFTER_DAYS;
  if (!Number.isSafeInteger(defaultAfterDays) || defaultAfterDays < 1)
    throw new RangeError('a default needs at least one day');
  const loanLimits = options.loanLimits ?? LOAN_LIMITS_DEFAULT;
  rateMillionths(loanLimits.rateMax);
  return { currency: options.currency, feeMillionths, loanLimits, defaultAfterDays };
}
