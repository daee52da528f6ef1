/** A person has a few devices with a few tabs each; a program needs one. */
const STREAMS_PER_USER_MAX = 20;
/** At some 40 KB each 400 MB at the most; the operating system's limit of open files is usually of this order, too. */
const STREAMS_MAX = 10_000;

/** An office, a school or a proxy that does not say for whom it speaks is one address. */
const PUBLIC_STREAMS_PER_ADDRESS_MAX = 100;
/** Visitors who are not logged in get a fifth of what connections there are, so that they cannot take everybody's place. */
const PUBLIC_STREAMS_MAX = 2_000;

/** Places for streams that need no login, counted by address. */
export function createPublicStreamLimits(): StreamLimits {
  return createStreamLimits({ perUser: PUBLIC_STREAMS_PER_ADDRESS_MAX, total: PUBLIC_STREAMS_MAX });
}

/** Counts what stays open, WebSockets and event streams together. */
export interface StreamLimits {
  /** Takes a place, or says why there is none. */
  enter(userId: string): 'user_full' | 'full' | undefined;
  leave(userId: string): void;
  readonly count: number;
}

export function createStreamLimits(options: { perUser?: number; total?: number } = {}): StreamLimits {
  const { perUser = STREAMS_PER_USER_MAX, total = STREAMS_MAX } = options;
  const byUser = new Map<string, number>();
  let count = 0;
  return {
    enter(userId) {
      const own = byUser.get(userId) ?? 0;
      if (count >= total) return 'full';
      if (own >= perUser) return 'user_full';
      byUser.set(userId, own + 1);
      count += 1;
      return undefined;
    },
    leave(userId) {
      const own = byUser.get(userId) ?? 0;
      if (own <= 1) byUser.delete(userId);
      else byUser.set(userId, own - 1);
      count -= 1;
    },
    get count() {
      return count;
    },
  };
}
