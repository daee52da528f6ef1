export type { StreamIdentity } from './credentials.ts';
export { createWebSocketEdge, type WebSocketEdge, type WebSocketEdgeOptions } from './edge.ts';
export { SOCKET_LIMITS, type SocketLimits } from './limits.ts';
export { refuseUpgrade, routeUpgrades, type UpgradeHandler } from './upgrade.ts';
