import type { JsonObject } from '../core/json.ts';

export interface JobContext {
  /** Aborted when the process is about to end: whoever waits for the outside gives up, and the job is done again. */
  signal: AbortSignal;
}

/**
 * Does one job. What it throws is logged, and the job is tried again: it must be harmless to do it twice, also at the same
 * time.
 */
export type JobTask = (payload: JsonObject, context: JobContext) => Promise<void>;
