export { bonusJob, enqueueBonus, grantBonus, grantsBonusOf } from './bonus.ts';
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
export { createErrands, type Errands, type ErrandsOptions } from './errands.ts';
export { expiryTask, type JobContext, type JobTask, retentionTask, routed } from './job.ts';
export { ENGINE_OVERDUE } from './overdue.ts';
export { createScheduler, type Scheduler, type SchedulerOptions } from './schedule.ts';
