export type { Gateway, GatewayAnswer, Instruction } from './gateway.ts';
export { type Bonus, bonusJob, enqueueBonus, grantBonus } from './bonus.ts';
export {
  type ClockGuard,
  clockFaultText,
  clockLimitsOf,
  type ClockLimits,
  type ClockState,
  createClockGuard,
  readClock,
} from './clock-guard.ts';
export { type Consumer, type ConsumerOptions, type ConsumerProgress, createConsumer } from './consumer.ts';
export type { DueReport } from './due.ts';
export { FAILING_JOBS } from './failing-jobs.ts';
export { expiryTask, retentionTask } from './expiry.ts';
export type { JobContext, JobTask } from './job.ts';
export { routed } from './routed.ts';
export { createScheduler, type Scheduler, type SchedulerOptions } from './schedule.ts';
export { NO_GATEWAY } from './gateway.ts';
export { createSimulatedGateway, type SimulatedGatewayOptions } from './simulated-gateway.ts';
export { requeueTask } from './unsettled.ts';
export {
  createWithdrawals,
  type Withdrawals,
  type WithdrawalsOptions,
} from './withdrawals.ts';
