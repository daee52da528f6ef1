export type { RetentionLimits } from './cutoffs.ts';
export { createRetention, DROPPED, type Dropped, type Retention, type RetentionOptions } from './retention.ts';
