import type { Problem } from '../core/result.ts';
import { LOOPBACK } from '../intake/identity/index.ts';

/** A person has a few devices with a few tabs each; a program needs one. */
const STREAMS_PER_USER_MAX = 20;
/** At some 40 KB each 400 MB at the most; the operating system's limit of open files is usually of this order, too. */
const STREAMS_MAX = 10_000;
/** An office, a school or a proxy that does not say for whom it speaks is one address, with many users. */
const STREAMS_PER_ADDRESS_MAX = 500;
/** Load tests and tools of this machine itself. */
const LOOPBACK_FACTOR = 20;

/** Visitors need no login, so that only their address tells them apart. */
const PUBLIC_STREAMS_PER_ADDRESS_MAX = 100;
/** Visitors who are not logged in get a fifth of what connections there are, so that they cannot take everybody's place. */
const PUBLIC_STREAMS_MAX = 2_000;

/** Places for streams that need no login. */
export function createPublicStreamLimits(): StreamLimits {
  return createStreamLimits({ perAddress: PUBLIC_STREAMS_PER_ADDRESS_MAX, total: PUBLIC_STREAMS_MAX });
}

/** Who takes a place. */
export interface StreamPlace {
  /** null: a visitor. */
  userId: string | null;
  /** As `addressKey` makes it. */
  address: string;
}

/** Counts what stays open, WebSockets and event streams together. */
export interface StreamLimits {
  /** Takes a place, or says why there is none. */
  enter(place: StreamPlace): 'user_full' | 'address_full' | 'full' | undefined;
  /** Gives back a place that was taken. */
  leave(place: StreamPlace): void;
  readonly count: number;
}

export interface StreamLimitsOptions {
  perUser?: number;
  perAddress?: number;
  total?: number;
}

export function createStreamLimits(options: StreamLimitsOptions = {}): StreamLimits {
  const { perUser = STREAMS_PER_USER_MAX, perAddress = STREAMS_PER_ADDRESS_MAX, total = STREAMS_MAX } = options;
  const byUser = new Map<string, number>();
  const byAddress = new Map<string, number>();
  let count = 0;
  return {
    enter({ userId, address }) {
      const ofUser = userId === null ? 0 : (byUser.get(userId) ?? 0);
      const ofAddress = byAddress.get(address) ?? 0;
      if (count >= total) return 'full';
      if (ofUser >= perUser) return 'user_full';
      if (ofAddress >= (address === LOOPBACK ? perAddress * LOOPBACK_FACTOR : perAddress)) return 'address_full';
      if (userId !== null) byUser.set(userId, ofUser + 1);
      byAddress.set(address, ofAddress + 1);
      count += 1;
      return undefined;
    },
    leave({ userId, address }) {
      if (userId !== null) lower(byUser, userId);
      lower(byAddress, address);
      count -= 1;
    },
    get count() {
      return count;
    },
  };
}

function lower(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 0) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}

/** Why there was no place, for people. */
export function noPlaceProblem(
  full: NonNullable<ReturnType<StreamLimits['enter']>>,
  retryAfterSeconds: number,
): Problem {
  switch (full) {
    case 'full':
      return { code: 'overloaded', detail: 'Too many sockets and streams are open.', retryAfterSeconds };
    case 'user_full':
      return { code: 'rate_limited', detail: 'This user has too many sockets and streams open.', retryAfterSeconds };
    case 'address_full':
      return { code: 'rate_limited', detail: 'This address has too many sockets and streams open.', retryAfterSeconds };
  }
}
