import type { Clock } from '../../core/clock.ts';
import { type Problem, problem, type Result } from '../../core/result.ts';
import { addressKey, LOOPBACK } from './address.ts';
import { createSlidingWindow, type SlidingWindow } from './sliding-window.ts';

const LOGIN_WINDOW_MS = 15 * 60_000;
const REGISTRATION_WINDOW_MS = 60 * 60_000;

/** Distinct accounts and addresses that are counted at a time. To push a victim's counter out takes 10,000 others. */
const KEYS_MAX = 10_000;
/** Pairs of account and address. One address fails with 100 accounts at most, so that 200 addresses fill them. */
const PAIRS_MAX = 20_000;

/**
 * Loopback may do fifty times as much: tests and tools on this machine register users by the thousand, and who can
 * connect from here has better ways in. Behind a proxy on the same machine the edge must be told to trust it
 * (`MILLRACE_TRUST_PROXY=127.0.0.1`), or everybody counts as loopback.
 */
const LOOPBACK_FACTOR = 50;

export interface LimitsConfig {
  /** Failed logins of one account (e-mail address) from one address within 15 minutes. Default 10. */
  loginFailuresPerAccount?: number | undefined;
  /**
   * Failed logins of one account from anywhere within 15 minutes. Beyond it only addresses that the account has logged in
   * from before may try. Default 100: a guess spread over thousands of addresses is still 9,600 passwords a day.
   */
  loginFailuresFromAnywhere?: number | undefined;
  /** Failed logins from one address within 15 minutes. Default 100; loopback 50 times that. */
  loginFailuresPerAddress?: number | undefined;
  /** Registrations, refused ones too, from one address within an hour. Default 200; loopback 50 times that. */
  registrationsPerHour?: number | undefined;
}

export type Refusal = { ok: false; problem: Problem };

/**
 * The limits of this process, in bounded memory; they start over with it, and n processes allow n times as much. What
 * is counted for an account is counted for addresses that no account has, too, so that a limit tells nothing.
 */
export interface Limits {
  /**
   * The refusal, in the same words whichever limit was reached. Failures lock an account for the address that they came
   * from, so that nobody locks another person out; too many from everywhere lock it for addresses that it has never been
   * logged in from (`isKnown` is asked only then).
   */
  loginRefusal(
    email: string | undefined,
    address: string,
    isKnown: () => Promise<boolean>,
  ): Promise<Refusal | undefined>;
  countLoginFailure(email: string | undefined, address: string): void;
  /** Counts a registration from this address, or refuses it. */
  takeRegistration(address: string): Result<undefined>;
}

export function createLimits(clock: Clock, config: LimitsConfig): Limits {
  const windowOf = (windowMs: number, limit: number, keysMax = KEYS_MAX): SlidingWindow =>
    createSlidingWindow({ clock, windowMs, limit, keysMax });
  const addressLimit = config.loginFailuresPerAddress ?? 100;
  const registrationLimit = config.registrationsPerHour ?? 200;
  const pairs = windowOf(LOGIN_WINDOW_MS, config.loginFailuresPerAccount ?? 10, PAIRS_MAX);
  const accounts = windowOf(LOGIN_WINDOW_MS, config.loginFailuresFromAnywhere ?? 100);
  const addresses = windowOf(LOGIN_WINDOW_MS, addressLimit);
  const registrations = windowOf(REGISTRATION_WINDOW_MS, registrationLimit);
  const limitFor = (key: string, limit: number): number => (key === LOOPBACK ? limit * LOOPBACK_FACTOR : limit);
  const refusalAfter = (seconds: number): Refusal | undefined =>
    seconds > 0 ? refusal('There were too many failed logins.', seconds) : undefined;

  return {
    async loginRefusal(email, address, isKnown) {
      const key = addressKey(address);
      const ofAddress = addresses.secondsUntilRoom(key, limitFor(key, addressLimit));
      if (email === undefined) return refusalAfter(ofAddress);
      const seconds = Math.max(ofAddress, pairs.secondsUntilRoom(pairOf(email, key)));
      if (seconds > 0) return refusalAfter(seconds);
      const fromAnywhere = accounts.secondsUntilRoom(email);
      return fromAnywhere > 0 && !(await isKnown()) ? refusalAfter(fromAnywhere) : undefined;
    },
    countLoginFailure(email, address) {
      const key = addressKey(address);
      addresses.count(key, limitFor(key, addressLimit));
      if (email === undefined) return;
      pairs.count(pairOf(email, key));
      accounts.count(email);
    },
    takeRegistration(address) {
      const key = addressKey(address);
      const limit = limitFor(key, registrationLimit);
      const seconds = registrations.secondsUntilRoom(key, limit);
      if (seconds > 0) return refusal('There were too many registrations from this address.', seconds);
      registrations.count(key, limit);
      return { ok: true, value: undefined };
    },
  };
}

/** Neither holds a line break. */
const pairOf = (email: string, address: string): string => `${email}\n${address}`;

function refusal(detail: string, retryAfterSeconds: number): Refusal {
  return problem('rate_limited', detail, { retryAfterSeconds });
}
