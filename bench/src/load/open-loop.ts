import { setTimeout as pause } from 'node:timers/promises';
import { HttpConnection } from './http-connection.ts';
import { Latencies } from './latency.ts';

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
