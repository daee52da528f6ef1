export type { StreamIdentity } from './credentials.ts';
export { createWebSocketEdge, type WebSocketEdge, type WebSocketEdgeOptions } from './edge.ts';
export type { SocketLimits } from './limits.ts';
