import { setTimeout as pause } from 'node:timers/promises';
import { HttpConnection } from './http-connection.ts';

/** Latencies in ms, kept whole: a bench takes at most a few hundred thousand samples. */
export class Latencies {
  private readonly samples: number[] = [];

  add(ms: number): void {
    this.samples.push(ms);
  }

  get count(): number {
    return this.samples.length;
  }

  /** The q-quantile (0–1), nearest rank; NaN without samples. */
  quantile(q: number): number {
    const sorted = [...this.samples].sort((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
  }
}

export interface LoadResult {
  /** Orders with a final answer a second. */
  ordersPerSecond: number;
  latencies: Latencies;
  /** Answers that were not what was asked for, by status. Anything here makes the figure suspect. */
  refused: Record<string, number>;
}

export interface ClosedLoop {
  port: number;
  connections: number;
  /** How long is measured, after a tenth of it to warm up. */
  seconds: number;
  /** The next request, and how many orders it carries. */
  next: () => { request: Buffer; orders: number };
  /** Statuses that count as done. */
  expected: readonly number[];
}

/** Each connection sends its next request as soon as it has its answer: the most that the server can do. */
export async function closedLoop({ port, connections, seconds, next, expected }: ClosedLoop): Promise<LoadResult> {
  const opened = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(port)));
  const latencies = new Latencies();
  const refused: Record<string, number> = {};
  const begin = performance.now() + seconds * 100;
  const end = begin + seconds * 1_000;
  let done = 0;
  await Promise.all(
    opened.map(async (connection) => {
      for (;;) {
        const { request, orders } = next();
        const sent = performance.now();
        if (sent >= end) return;
        const answer = await connection.send(request);
        const now = performance.now();
        if (!expected.includes(answer.status)) {
          refused[answer.status] = (refused[answer.status] ?? 0) + 1;
        } else if (now >= begin && now < end) {
          done += orders;
          latencies.add(now - sent);
        }
      }
    }),
  );
  for (const connection of opened) connection.close();
  return { ordersPerSecond: done / seconds, latencies, refused };
}

export interface OpenLoop {
  port: number;
  connections: number;
  seconds: number;
  requestsPerSecond: number;
  next: () => Buffer;
  /** Called with the body of each answer at the moment of its arrival. */
  answered?: (body: Buffer, at: number) => void;
}

/**
 * Requests at a fixed rate, whether or not the server keeps up. A latency counts from the moment at which its request
 * was due, so that a stall is charged to every request that it delays.
 */
export async function openLoop({
  port,
  connections,
  seconds,
  requestsPerSecond,
  next,
  answered,
}: OpenLoop): Promise<Latencies> {
  const idle = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(port)));
  const all = [...idle];
  const latencies = new Latencies();
  const total = Math.floor(seconds * requestsPerSecond);
  const warm = Math.floor(total / 10);
  const due: { at: number; counts: boolean }[] = [];
  const underWay = new Set<Promise<void>>();
  const start = performance.now();
  const serve = async (connection: HttpConnection, first: { at: number; counts: boolean }): Promise<void> => {
    for (let job: { at: number; counts: boolean } | undefined = first; job; job = due.shift()) {
      const { body } = await connection.send(next());
      const now = performance.now();
      if (job.counts) latencies.add(now - job.at);
      answered?.(body, now);
    }
    idle.push(connection);
  };
  for (let sent = 0; sent < total; ) {
    const now = performance.now();
    for (; sent < total && start + (sent * 1_000) / requestsPerSecond <= now; sent += 1) {
      const job = { at: start + (sent * 1_000) / requestsPerSecond, counts: sent >= warm };
      const connection = idle.pop();
      if (!connection) {
        due.push(job);
        continue;
      }
      const work = serve(connection, job).finally(() => underWay.delete(work));
      underWay.add(work);
    }
    // A millisecond's requests at a time, each counted from its own moment. Turning the loop without a pause would keep
    // the schedule better, and take one of two cores from the server.
    await pause(1);
  }
  await Promise.all(underWay);
  for (const connection of all) connection.close();
  return latencies;
}
