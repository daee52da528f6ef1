import { type BucketLimits, TokenBucket } from '../core/token-bucket.ts';

/**
 * How many commands of one user may be under way at once: an eighth of a default queue. One user's flood must not take
 * everybody's places.
 */
const IN_FLIGHT_PER_USER_MAX = 2_500;

/**
 * Users who are remembered, some 30 MB (measured). Beyond it the one who came first and has nothing under way is forgotten: who comes
 * back has a full bucket.
 */
const USERS_MAX = 50_000;
/** How many of the oldest are looked at for one to forget; all of them having orders under way means a queue that is full. */
const FORGET_LOOKS_MAX = 16;

/** Why an order is not taken. */
export type Excess = { type: 'in_flight' } | { type: 'rate'; retryAfterMs: number };

/** Counts what each user has under way, and how fast each comes. */
export interface Admission {
  /** Takes a place; undefined: it was taken. */
  enter(userId: string): Excess | undefined;
  leave(userId: string): void;
}

export interface AdmissionOptions {
  /** Orders of one user, whatever becomes of them. */
  orders: BucketLimits;
  inFlightMax?: number;
  usersMax?: number;
  /** ms of a clock that does not run backwards. Default: the process's. */
  now?: () => number;
}

interface UserState {
  inFlight: number;
  readonly bucket: TokenBucket;
}

export function createAdmission(options: AdmissionOptions): Admission {
  const { orders, inFlightMax = IN_FLIGHT_PER_USER_MAX, usersMax = USERS_MAX, now = () => performance.now() } = options;
  const users = new Map<string, UserState>();

  function stateOf(userId: string, at: number): UserState {
    const known = users.get(userId);
    if (known) return known;
    if (users.size >= usersMax) forgetOne(users);
    const state = { inFlight: 0, bucket: new TokenBucket(orders, at) };
    users.set(userId, state);
    return state;
  }

  return {
    enter(userId) {
      const at = now();
      const state = stateOf(userId, at);
      if (state.inFlight >= inFlightMax) return { type: 'in_flight' };
      const retryAfterMs = state.bucket.takeIfThere(at);
      if (retryAfterMs > 0) return { type: 'rate', retryAfterMs };
      state.inFlight += 1;
      return undefined;
    },
    leave(userId) {
      const state = users.get(userId);
      if (state) state.inFlight -= 1;
    },
  };
}

function forgetOne(users: Map<string, UserState>): void {
  let looks = 0;
  for (const [userId, { inFlight }] of users) {
    if (inFlight === 0) {
      users.delete(userId);
      return;
    }
    looks += 1;
    if (looks >= FORGET_LOOKS_MAX) return;
  }
}
