/** How much may be done in a stretch of time: `burst` at once, `perSecond` in the long run. */
export interface BucketLimits {
  perSecond: number;
  burst: number;
}

/** A token bucket: full at the start, refilled evenly. */
export class TokenBucket {
  private readonly limits: BucketLimits;
  private tokens: number;
  private at: number;

  /** `now`: ms of any clock that does not run backwards; the same one for every call. */
  constructor(limits: BucketLimits, now: number) {
    this.limits = limits;
    this.tokens = limits.burst;
    this.at = now;
  }

  /** Takes a token, also one that is not there yet: the answer is how many ms it will take until it is, 0 where it was there. */
  take(now: number): number {
    const { perSecond, burst } = this.limits;
    this.tokens = Math.min(burst, this.tokens + ((now - this.at) / 1000) * perSecond) - 1;
    this.at = now;
    return this.tokens >= 0 ? 0 : (-this.tokens / perSecond) * 1000;
  }
}
