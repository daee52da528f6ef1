import { closedLoop } from './load/loops.ts';
import type { Bench } from './scenarios.ts';
import { singleOrders } from './setup/orders.ts';

const CONNECTIONS = 64;
const SLICE_SECONDS = 30;
/** How much more the second half of the time may take than the first: memory goes up and down with each collection. */
const GROWTH_MAX = 1.1;

const most = (values: readonly number[]): number => Math.max(...values);

/** Steady load for a long time: what the server keeps of each order would show as growth. */
export async function soak(bench: Bench, minutes: number, memoryBytes: () => number): Promise<void> {
  const next = singleOrders(bench.investors, bench.loans);
  const slices = Math.max(4, Math.round((minutes * 60) / SLICE_SECONDS));
  const seen: number[] = [];
  let orders = 0;
  for (let slice = 0; slice < slices; slice += 1) {
    const { ordersPerSecond } = await closedLoop({
      port: bench.port,
      connections: CONNECTIONS,
      seconds: SLICE_SECONDS,
      next,
      expected: [200, 201],
    });
    orders += ordersPerSecond * SLICE_SECONDS;
    seen.push(Math.round(memoryBytes() / 1e6));
    bench.say(`  ${((slice + 1) * SLICE_SECONDS) / 60} min: ${seen.at(-1)} MB`);
  }
  // The first slice fills caches and lets the collector find its size.
  const half = Math.ceil(seen.length / 2);
  const figure = most(seen.slice(half)) / most(seen.slice(1, half));
  bench.add({
    what: `memory under ${minutes} minutes of load, second half ÷ first`,
    value: figure.toFixed(2),
    figure,
    target: { atMost: GROWTH_MAX },
    note: `${seen.join(' ')} MB, ${Math.round(orders).toLocaleString('en')} orders`,
  });
}
