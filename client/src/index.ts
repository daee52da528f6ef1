export { type Client, type ClientOptions, createClient } from './client.ts';
export { type ClientErrorCode, MillraceError } from './error.ts';
export type { CallOptions } from './http.ts';
export { newOrderId } from './ids.ts';
export type { Orders, SubmitOptions } from './orders.ts';
export { RETRY_DEFAULTS, type RetryOptions } from './retry.ts';
export type { SocketConstructor, SocketLike, StreamState } from './stream/connection.ts';
export type { Handlers } from './stream/following.ts';
export type { Stream, StreamOptions, Subscription } from './stream/stream.ts';
