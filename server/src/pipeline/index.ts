export type { Outcome } from './batch.ts';
export { isOwned } from './ownership.ts';
export { createPipeline, type Pipeline, type PipelineOptions } from './pipeline.ts';
export type { Preview, PreviewAccount } from './preview.ts';
