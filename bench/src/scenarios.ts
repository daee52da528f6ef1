import type pg from 'pg';
import { copyLimit } from './load/copy-limit.ts';
import { closedLoop, type LoadResult, openLoop } from './load/loops.ts';
import { PushListener } from './load/push.ts';
import type { Line } from './report.ts';
import { caughtUp, loadHistory } from './setup/history.ts';
import { orderBatches, singleOrders } from './setup/orders.ts';
import type { Person } from './setup/people.ts';

/** What every scenario runs on. */
export interface Bench {
  port: number;
  pool: pg.Pool;
  seconds: number;
  investors: readonly Person[];
  loans: readonly string[];
  /** Transactions a second of pgbench on the same server; undefined where it is not installed. */
  baseline: number | undefined;
  add: (line: Line) => void;
  say: (text: string) => void;
}

const CONNECTIONS = [1, 64, 128, 256, 512] as const;
const BATCH_SIZE = 500;
const BATCH_CONNECTIONS = 8;
/** People who listen on their own socket while they order. */
const LISTENERS = 200;
/** After the last reply, for the last event. */
const LAST_EVENT_MS = 1_000;

export const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`;
export const ms = (value: number): string => `${value.toFixed(1)} ms`;

/** A rate, and how many times the baseline it is. */
export function rate(
  bench: Bench,
  ordersPerSecond: number,
  atLeast?: number,
): Pick<Line, 'value' | 'figure' | 'target'> {
  if (bench.baseline === undefined) return { value: perSecond(ordersPerSecond) };
  const figure = ordersPerSecond / bench.baseline;
  return {
    value: `${perSecond(ordersPerSecond)} = ${figure.toFixed(2)} ×`,
    figure,
    ...(atLeast ? { target: { atLeast } } : {}),
  };
}

async function run(bench: Bench, connections: number, next: ReturnType<typeof singleOrders>): Promise<LoadResult> {
  const { port, seconds, say } = bench;
  const result = await closedLoop({ port, connections, seconds, next, expected: [200, 201] });
  if (Object.keys(result.refused).length > 0) say(`  refused: ${JSON.stringify(result.refused)}`);
  return result;
}

/** One order a request, final status in the reply. Returns the most orders a second. */
export async function oneOrderARequest(bench: Bench): Promise<number> {
  const next = singleOrders(bench.investors, bench.loans);
  let most = 0;
  for (const connections of CONNECTIONS) {
    const { ordersPerSecond, latencies } = await run(bench, connections, next);
    most = Math.max(most, ordersPerSecond);
    const note = `p50 ${ms(latencies.quantile(0.5))}, p99 ${ms(latencies.quantile(0.99))}`;
    bench.add({ what: `HTTP, one order a request, ${connections} connections`, ...rate(bench, ordersPerSecond), note });
  }
  bench.add({ what: 'HTTP, one order a request, best', ...rate(bench, most, 3) });
  return most;
}

export async function byBatch(bench: Bench): Promise<void> {
  const { ordersPerSecond } = await run(
    bench,
    BATCH_CONNECTIONS,
    orderBatches(bench.investors, bench.loans, BATCH_SIZE),
  );
  bench.add({ what: `HTTP, batches of ${BATCH_SIZE}`, ...rate(bench, ordersPerSecond, 8) });
}

/** All orders on one loan, against spread over all, in turns, so that both meet the same weather. */
export async function hotLoan(bench: Bench): Promise<void> {
  const spread = orderBatches(bench.investors, bench.loans, BATCH_SIZE);
  const hot = orderBatches(bench.investors, bench.loans.slice(0, 1), BATCH_SIZE);
  const sums = { spread: 0, hot: 0 };
  for (let turn = 0; turn < 2; turn += 1) {
    sums.spread += (await run(bench, BATCH_CONNECTIONS, spread)).ordersPerSecond;
    sums.hot += (await run(bench, BATCH_CONNECTIONS, hot)).ordersPerSecond;
  }
  const figure = sums.hot / sums.spread;
  bench.add({
    what: `all orders on one loan ÷ spread over ${bench.loans.length}`,
    value: figure.toFixed(2),
    figure,
    target: { atLeast: 0.9 },
  });
}

/** Latency and push at half of the most that the server can do. */
export async function halfLoad(bench: Bench, most: number): Promise<void> {
  await caughtUp(bench.pool);
  const listening = bench.investors.slice(0, LISTENERS);
  const push = new PushListener();
  await push.open(
    bench.port,
    listening.map(({ token }) => token),
  );
  const next = singleOrders(listening, bench.loans);
  const latencies = await openLoop({
    port: bench.port,
    connections: 256,
    seconds: bench.seconds,
    requestsPerSecond: most / 2,
    next: () => next().request,
    answered: (body, at) => push.reply((JSON.parse(body.toString()) as { id: string }).id, at),
  });
  const p99 = latencies.quantile(0.99);
  const note = `p50 ${ms(latencies.quantile(0.5))} at ${perSecond(most / 2)}`;
  bench.add({
    what: 'p99, request → final status, half load',
    value: ms(p99),
    figure: p99,
    target: { atMost: 25 },
    note,
  });
  await new Promise((resolve) => setTimeout(resolve, LAST_EVENT_MS));
  const pushed = push.latencies.quantile(0.99);
  bench.add({
    what: 'p99, reply → event on the user’s socket, half load',
    value: ms(pushed),
    figure: pushed,
    target: { atMost: 10 },
    note: `${push.latencies.count} events, ${push.missing} missing`,
  });
  push.close();
}

/** The same load before and after `count` orders are stored. */
export async function withHistory(bench: Bench, count: number): Promise<void> {
  const next = orderBatches(bench.investors, bench.loans, BATCH_SIZE);
  const before = (await run(bench, BATCH_CONNECTIONS, next)).ordersPerSecond;
  await loadHistory(bench.pool, bench.investors, count, {
    progress: (stored) => bench.say(`  history: ${stored.toLocaleString('en')}`),
    placeOrder: () => run({ ...bench, seconds: 1 }, 1, singleOrders(bench.investors, bench.loans)),
  });
  const after = (await run(bench, BATCH_CONNECTIONS, next)).ordersPerSecond;
  bench.add({
    what: `with ${count.toLocaleString('en')} orders stored ÷ before`,
    value: (after / before).toFixed(2),
    figure: after / before,
    target: { atLeast: 0.9 },
    note: `${perSecond(after)} against ${perSecond(before)}`,
  });
}

export async function limit(bench: Bench): Promise<void> {
  bench.add({ what: 'the limit: bare COPY of the same rows', ...rate(bench, await copyLimit(bench.pool)) });
}
