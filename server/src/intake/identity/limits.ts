import type { Clock } from '../../core/clock.ts';
import { type Problem, problem, type Result } from '../../core/result.ts';
import { addressKey, LOOPBACK } from './address.ts';
import { createSlidingWindow } from './sliding-window.ts';

const LOGIN_WINDOW_MS = 15 * 60_000;
const REGISTRATION_WINDOW_MS = 60 * 60_000;

/** Distinct accounts and addresses that are counted at a time. To push a victim's counter out takes 10,000 others. */
const KEYS_MAX = 10_000;

/**
 * Loopback may do fifty times as much: tests and tools on this machine register users by the thousand, and who can
 * connect from here has better ways in. Behind a proxy on the same machine the edge must be told to trust it
 * (`MILLRACE_TRUST_PROXY=127.0.0.1`), or everybody counts as loopback.
 */
const LOOPBACK_FACTOR = 50;

export interface LimitsConfig {
  /** Failed logins of one account (e-mail address) within 15 minutes. Default 10. */
  loginFailuresPerAccount?: number | undefined;
  /** Failed logins from one address within 15 minutes. Default 100; loopback 50 times that. */
  loginFailuresPerAddress?: number | undefined;
  /** Registrations, refused ones too, from one address within an hour. Default 200; loopback 50 times that. */
  registrationsPerHour?: number | undefined;
}

/**
 * The limits of this process, in bounded memory; they start anew with it, and n processes allow n times as much. What
 * is counted for an account is counted for addresses that no account has, too, so that a limit tells nothing.
 */
export interface Limits {
  /** The refusal, in the same words whichever limit was reached. */
  loginRefusal(email: string | undefined, address: string): { ok: false; problem: Problem } | undefined;
  countLoginFailure(email: string | undefined, address: string): void;
  /** Counts a registration from this address, or refuses it. */
  takeRegistration(address: string): Result<undefined>;
}

export function createLimits(clock: Clock, config: LimitsConfig): Limits {
  const accounts = createSlidingWindow({
    clock,
    windowMs: LOGIN_WINDOW_MS,
    limit: config.loginFailuresPerAccount ?? 10,
    keysMax: KEYS_MAX,
  });
  const addressLimit = config.loginFailuresPerAddress ?? 100;
  const addresses = createSlidingWindow({ clock, windowMs: LOGIN_WINDOW_MS, limit: addressLimit, keysMax: KEYS_MAX });
  const registrationLimit = config.registrationsPerHour ?? 200;
  const registrations = createSlidingWindow({
    clock,
    windowMs: REGISTRATION_WINDOW_MS,
    limit: registrationLimit,
    keysMax: KEYS_MAX,
  });
  const limitFor = (key: string, limit: number): number => (key === LOOPBACK ? limit * LOOPBACK_FACTOR : limit);

  return {
    loginRefusal(email, address) {
      const key = addressKey(address);
      const ofAddress = addresses.secondsUntilRoom(key, limitFor(key, addressLimit));
      const seconds = Math.max(ofAddress, email === undefined ? 0 : accounts.secondsUntilRoom(email));
      return seconds > 0 ? refusal('There were too many failed logins.', seconds) : undefined;
    },
    countLoginFailure(email, address) {
      const key = addressKey(address);
      addresses.count(key, limitFor(key, addressLimit));
      if (email !== undefined) accounts.count(email);
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

function refusal(detail: string, retryAfterSeconds: number): { ok: false; problem: Problem } {
  return problem('rate_limited', detail, { retryAfterSeconds });
}
