export type { Delivery, Encoder, Sink } from './delivery.ts';
export {
  createEventStreams,
  type EventStreamLimits,
  type EventStreams,
  type EventStreamsOptions,
} from './event-stream.ts';
export { createLiveValue, type LiveValue, type LiveValueOptions } from './live-value.ts';
export { createPush, type Push, type PushOptions, type Subscribe, type Subscription } from './push.ts';
export {
  createPublicStreamLimits,
  createStreamLimits,
  noPlaceProblem,
  type StreamLimits,
  type StreamPlace,
} from './stream-limits.ts';
