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

  /** `now`: ms of any clock, the same one for every call. One that is set back earns nothing, and takes nothing away. */
  constructor(limits: BucketLimits, now: number) {
    this.limits = limits;
    this.tokens = limits.burst;
    this.at = now;
  }

  /** Takes a token where one is there: 0. Otherwise takes none, and says in how many ms there will be one. */
  takeIfThere(now: number): number {
    this.refill(now);
    if (this.tokens < 1) return ((1 - this.tokens) / this.limits.perSecond) * 1000;
    this.tokens -= 1;
    return 0;
  }

  /** Takes a token, also one that is not there yet: the answer is how many ms it will take until it is, 0 where it was there. */
  take(now: number): number {
    this.refill(now);
    this.tokens -= 1;
    return this.tokens >= 0 ? 0 : (-this.tokens / this.limits.perSecond) * 1000;
  }

  private refill(now: number): void {
    const { perSecond, burst } = this.limits;
    this.tokens = Math.min(burst, this.tokens + (Math.max(0, now - this.at) / 1000) * perSecond);
    this.at = now;
  }
}
