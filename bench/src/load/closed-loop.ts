import { HttpConnection } from './http-connection.ts';
import { Latencies } from './latency.ts';

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
