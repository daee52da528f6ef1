/** The last minute, in parts that are forgotten one by one. */
const SLOTS = 6;
const SLOT_MS = 10_000;

/** Each bucket reaches 5 % further than the one before: from 0.05 ms to over a minute, 24 bytes a bucket for all slots. */
const FIRST_MS = 0.05;
const GROWTH = 1.05;
const BUCKETS = 290;
const LOG_GROWTH = Math.log(GROWTH);

/** How long something took, over the last minute. */
export interface LatencyMeter {
  observe(ms: number): void;
  /** Milliseconds, within 5 %: `0.5` is the median. null where nothing was observed. */
  percentiles(ranks: readonly number[]): (number | null)[];
}

/** Observing costs a logarithm and an increment. `now`: monotonic, ms. */
export function createLatencyMeter(now: () => number = () => performance.now()): LatencyMeter {
  const slots = Array.from({ length: SLOTS }, () => ({ period: -1, buckets: new Uint32Array(BUCKETS) }));
  return {
    observe(ms) {
      const period = Math.floor(now() / SLOT_MS);
      const slot = slots[period % SLOTS] as (typeof slots)[number];
      if (slot.period !== period) {
        slot.period = period;
        slot.buckets.fill(0);
      }
      const index = ms <= FIRST_MS ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log(ms / FIRST_MS) / LOG_GROWTH));
      slot.buckets[index] = (slot.buckets[index] as number) + 1;
    },
    percentiles(ranks) {
      const oldest = Math.floor(now() / SLOT_MS) - SLOTS + 1;
      const sums = new Float64Array(BUCKETS);
      for (const { period, buckets } of slots) {
        if (period < oldest) continue;
        for (let i = 0; i < BUCKETS; i += 1) sums[i] = (sums[i] as number) + (buckets[i] as number);
      }
      return ranks.map((rank) => percentileOf(sums, rank));
    },
  };
}

function percentileOf(sums: Float64Array, rank: number): number | null {
  const total = sums.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let left = Math.ceil(total * rank);
  const index = sums.findIndex((count) => (left -= count) <= 0);
  return Math.round(FIRST_MS * GROWTH ** index * 1000) / 1000;
}
