import type { Clock } from '../../core/clock.ts';

export interface Allowance {
  /** False where everything that was allowed is used up for now. */
  take(): boolean;
}

/** A token bucket: `burst` at once, then `perHour`. */
export function createAllowance(clock: Clock, { burst, perHour }: { burst: number; perHour: number }): Allowance {
  let left = burst;
  let last = clock.now();
  return {
    take() {
      const now = clock.now();
      // A clock that was set back earns nothing, and takes nothing away.
      left = Math.min(burst, left + (Math.max(0, now - last) / 3_600_000) * perHour);
      last = now;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
