import { createLatencyMeter } from './latency.ts';

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
