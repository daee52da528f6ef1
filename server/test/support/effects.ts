import {
  type Gateway,
  bonusJob,
  createScheduler,
  createSimulatedGateway,
  createWithdrawals,
  type JobTask,
  type Scheduler,
  type SchedulerOptions,
  type WithdrawalsOptions,
} from '../../src/effects/index.ts';
import { createLog } from '../../src/ops/log.ts';
import type { TestCore } from './core.ts';

export interface TestEffects {
  scheduler: Scheduler;
  stop(): Promise<void>;
}

export interface TestEffectsOptions extends Partial<Pick<WithdrawalsOptions, 'deadlineMs' | 'callTimeoutMs'>> {
  gateway?: Gateway;
  tasks?: Record<string, JobTask>;
  sources?: SchedulerOptions['sources'];
}

/** What happens outside of the way of an order, on a test's core: jobs, time, and a gateway that answers at once. */
/** What a user is granted where the job does not say. */
const GRANTED = { asset: 'USD', amount: '7.00' };

export async function startTestEffects(test: TestCore, options: TestEffectsOptions = {}): Promise<TestEffects> {
  const { core, database, pool } = test;
  const { gateway = createSimulatedGateway({ delayMs: 0 }), tasks, sources = [], ...limits } = options;
  const { intake, clock } = core;
  const log = createLog('silent');
  const shards = Array.from({ length: core.installation.shards }, (_, shard) => shard);
  const withdrawals = createWithdrawals({ intake, gateway, clock, log, pool, shards, ...limits });
  const scheduler = createScheduler({
    connection: database.connection,
    intake,
    clock,
    log,
    sources,
    tasks: {
      withdraw: withdrawals.job.task,
      grant_bonus: bonusJob(intake, (userId) => ({ userId, ...GRANTED })).task,
      ...tasks,
    },
  });
  await scheduler.prepare();
  withdrawals.consumer.start();
  const unsubscribe = core.relay.subscribe(() => withdrawals.consumer.wake());
  await scheduler.start();
  return {
    scheduler,
    async stop() {
      unsubscribe();
      await withdrawals.consumer.stop();
      await scheduler.stop();
    },
  };
}
