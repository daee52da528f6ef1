export { createWebEdge, hasWebApplication, type WebEdgeOptions } from './web-edge.ts';
