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
function createLatencyMeter(now: () => number = () => performance.now()): LatencyMeter {
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

/** Orders a second are the mean of so many whole seconds: a rate that does not jump, and is not old. */
const RATE_SECONDS = 10;
const MINUTE_SECONDS = 60;

export interface Percentiles {
  p50_ms: number | null;
  p99_ms: number | null;
}

/** What this process has done lately, kept in memory: a few numbers a batch. */
export interface Activity {
  /** So many orders were decided, just now. */
  orders(count: number): void;
  /** A batch was committed, `ms` after its reading began. */
  batch(ms: number, commands: number): void;
  /** A command's outcome is known, `ms` after its admission. */
  answered(ms: number): void;
  ordersPerSecond(): number;
  /** Commands a batch over the last minute; null where there was none. */
  batchSizeMean(): number | null;
  latency(): { answer: Percentiles; commit: Percentiles };
}

/** `now`: monotonic, ms. */
export function createActivity(now: () => number = () => performance.now()): Activity {
  const orders = createSeconds(now);
  const batches = createSeconds(now);
  const commands = createSeconds(now);
  const answer = createLatencyMeter(now);
  const commit = createLatencyMeter(now);
  const percentiles = (meter: typeof answer): Percentiles => {
    const [p50_ms = null, p99_ms = null] = meter.percentiles([0.5, 0.99]);
    return { p50_ms, p99_ms };
  };
  return {
    orders: orders.add,
    batch(ms, size) {
      batches.add(1);
      commands.add(size);
      commit.observe(ms);
    },
    answered: answer.observe,
    ordersPerSecond: () => orders.sum(RATE_SECONDS) / RATE_SECONDS,
    batchSizeMean() {
      const count = batches.sum(MINUTE_SECONDS);
      return count === 0 ? null : Math.round((commands.sum(MINUTE_SECONDS) / count) * 10) / 10;
    },
    latency: () => ({ answer: percentiles(answer), commit: percentiles(commit) }),
  };
}

/** Sums by the second, of the last minute. */
function createSeconds(now: () => number) {
  const slots = Array.from({ length: MINUTE_SECONDS + 1 }, () => ({ second: -1, sum: 0 }));
  const current = (): number => Math.floor(now() / 1000);
  return {
    add(count: number): void {
      const second = current();
      const slot = slots[second % slots.length] as (typeof slots)[number];
      if (slot.second !== second) Object.assign(slot, { second, sum: 0 });
      slot.sum += count;
    },
    /** Of the last whole seconds; the one under way is not among them. */
    sum(seconds: number): number {
      const end = current();
      return slots.reduce((sum, slot) => (slot.second < end && slot.second >= end - seconds ? sum + slot.sum : sum), 0);
    },
  };
}
