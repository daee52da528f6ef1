import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { ClockState } from '../effects/index.ts';
import type { StoredEvent } from '../events/event.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';

export interface Metrics {
  /** Prometheus text format. */
  text(): Promise<{ body: string; contentType: string }>;
  /** Counts what was committed; called by the pipeline's finish. @returns how many events of each type there were. */
  committed(events: readonly StoredEvent[]): ReadonlyMap<string, number>;
}

const STATS = {
  waiting: 'Commands that wait in the queue',
  batches: 'Batches committed since the start',
  commands: 'Commands decided since the start',
  retries: 'Batches that had to run again since the start',
} as const;

export interface MetricsOptions {
  pipeline: Pick<Pipeline, 'stats' | 'gate'>;
  /** How many entries of the logs the read models do not hold yet. */
  indexLag: () => Promise<number>;
  /** As the clock was when it was last looked at. */
  clockState?: () => ClockState | undefined;
  /** Rows that retention has dropped since the start, by what they were. */
  dropped: Readonly<Record<string, number>>;
}

export function createMetrics({ pipeline, indexLag, clockState, dropped }: MetricsOptions): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const events = new Counter({
    name: 'millrace_events_total',
    help: 'Events committed',
    labelNames: ['type'],
    registers: [registry],
  });
  for (const [name, help] of Object.entries(STATS) as [keyof typeof STATS, string][]) {
    registry.registerMetric(
      new Gauge({
        name: `millrace_pipeline_${name}`,
        help,
        labelNames: ['shard'],
        // Registered by the line above.
        registers: [],
        collect() {
          for (const [shard, stats] of pipeline.stats()) this.set({ shard: String(shard) }, stats[name]);
        },
      }),
    );
  }
  registry.registerMetric(
    new Gauge({
      name: 'millrace_can_commit',
      help: '1 while the database takes writes, 0 while orders are refused because it does not',
      // Registered by the line above.
      registers: [],
      collect() {
        this.set(pipeline.gate.isOpen ? 1 : 0);
      },
    }),
  );
  registry.registerMetric(
    new Gauge({
      name: 'millrace_index_lag',
      help: 'Entries of the logs that the read models do not hold yet',
      // Registered by the line above.
      registers: [],
      async collect() {
        // Without a database the other metrics are wanted most.
        this.set(await indexLag().catch(() => Number.NaN));
      },
    }),
  );
  registry.registerMetric(
    new Gauge({
      name: 'millrace_clock_held',
      help: '1 while what is due waits for an operator to confirm the clock',
      // Registered by the line above.
      registers: [],
      collect() {
        this.set((clockState?.()?.fault ?? null) === null ? 0 : 1);
      },
    }),
  );
  registry.registerMetric(
    new Gauge({
      name: 'millrace_retention_dropped',
      help: 'Rows of old history that this process has dropped since the start',
      labelNames: ['what'],
      // Registered by the line above.
      registers: [],
      collect() {
        for (const [what, rows] of Object.entries(dropped)) this.set({ what }, rows);
      },
    }),
  );
  return {
    text: async () => ({ body: await registry.metrics(), contentType: registry.contentType }),
    committed(batch) {
      // One increment a type, not one an event: labels are looked up by a string that is built each time.
      const counts = new Map<string, number>();
      for (const { type } of batch) counts.set(type, (counts.get(type) ?? 0) + 1);
      for (const [type, count] of counts) events.inc({ type }, count);
      return counts;
    },
  };
}
