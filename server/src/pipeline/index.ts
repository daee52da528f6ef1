export type { Batch, Outcome } from './batch.ts';
export { isOwned } from './ownership.ts';
export { createPipeline, type Pipeline, type PipelineOptions } from './pipeline.ts';
