import type { Errand, ErrandLimits } from '../../src/desks/errand.ts';
import { createSimulatedGateway, type Gateway } from '../../src/desks/gateway.ts';
import { createWithdrawErrand } from '../../src/desks/payments/index.ts';
import {
  bonusJob,
  createErrands,
  createScheduler,
  type Errands,
  type JobTask,
  type Scheduler,
  type SchedulerOptions,
} from '../../src/effects/index.ts';
import { createLog } from '../../src/ops/log.ts';
import type { TestCore } from './core.ts';

export interface TestEffects {
  scheduler: Scheduler;
  errands: Errands;
  stop(): Promise<void>;
}

export interface TestEffectsOptions {
  /** Instead of the withdrawals. */
  errands?: readonly Errand[];
  /** For withdrawals. */
  gateway?: Gateway;
  limits?: Partial<ErrandLimits>;
  tasks?: Record<string, JobTask>;
  sources?: SchedulerOptions['sources'];
}

/** What a user is granted where the job does not say. */
const GRANTED = { asset: 'USD', amount: '7.00' };

/** What happens outside of the way of an order, on a test's core: jobs, time, and a gateway that answers at once. */
export async function startTestEffects(test: TestCore, options: TestEffectsOptions = {}): Promise<TestEffects> {
  const { core, database, pool } = test;
  const { gateway = createSimulatedGateway({ delayMs: 0 }), limits, tasks, sources = [] } = options;
  const { intake, clock } = core;
  const log = createLog('silent');
  const shards = Array.from({ length: core.installation.shards }, (_, shard) => shard);
  const outside = options.errands ?? [createWithdrawErrand(gateway, limits)];
  const { deriveId } = core.installation;
  const errands = createErrands({ errands: outside, intake, clock, log, pool, shards, deriveId });
  const scheduler = createScheduler({
    connection: database.connection,
    intake,
    clock,
    log,
    sources,
    tasks: {
      errand: errands.job.task,
      grant_bonus: bonusJob(intake, (userId) => ({ userId, ...GRANTED })).task,
      ...tasks,
    },
    lanes: errands.lanes,
  });
  await scheduler.prepare();
  errands.consumer.start();
  const unsubscribe = core.relay.subscribe(() => errands.consumer.wake());
  await scheduler.start();
  return {
    scheduler,
    errands,
    async stop() {
      unsubscribe();
      await errands.consumer.stop();
      await scheduler.stop();
    },
  };
}
